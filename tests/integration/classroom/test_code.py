"""Programs of learners, run by the classroom."""

import pytest

from services.classroom.api.code import RUN
from services.classroom.settings import ClassroomSettings
from tests.integration.classroom.conftest import Classroom
from tests.integration.classroom.test_a_school import ok


async def test_a_member_runs_a_program(classroom: Classroom) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["learner"]) as learner:
        tests = [{"stdin": "2", "stdout": "4"}, {"stdin": "3", "stdout": "6"}]
        sent = {"language": "python", "value": "print(int(input()) ** 2)", "tests": tests}
        answer = await learner.post(RUN, json=sent)
        if answer.json().get("code") == "code_not_run":
            pytest.skip(answer.json()["detail"])
        said = answer.json()
        assert (said["verdict"], said["tests"], said["stdout"]) == ("wrong_answer", ["finished", "wrong_answer"], "9\n")
        assert (await ok(learner, "POST", RUN, {"language": "sql", "value": "select 1 a"}))["stdout"].startswith(
            "| a |"
        )
        for language in ("html", "css", "react"):
            refused = await learner.post(RUN, json={"language": language, "value": ""})
            assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/language")
        assert (await learner.post(RUN, json={"language": "ruby", "value": ""})).status_code == 422
        assert (await learner.post(RUN, json={"language": "python", "value": "#" * 70_000})).status_code == 422


async def test_a_stranger_and_a_program_run_nothing(classroom: Classroom) -> None:
    school = await classroom.school()
    sent = {"language": "python", "value": "print(1)"}
    async with classroom.as_person(school.people["learner"]) as nobody:
        nobody.headers.pop("authorization", None)
        nobody.cookies.clear()
        assert (await nobody.post(RUN, json=sent)).status_code == 401
    async with classroom.client() as program:
        assert (await program.post(RUN, json=sent, headers={"api_key": school.api_key})).status_code == 403


def test_limits_are_those_of_the_platform_that_front_ends_know() -> None:
    found = {name: ClassroomSettings.model_fields[name].default for name in ("code_processor_seconds", "code_seconds")}
    assert found == {"code_processor_seconds": 2.0, "code_seconds": 5.0}
    assert ClassroomSettings.model_fields["code_memory_bytes"].default == 128 * 1024 * 1024
