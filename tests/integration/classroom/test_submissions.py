"""Files that learners hand in as answers."""

from typing import Any

import httpx

from tests.integration.classroom.conftest import Classroom
from tests.integration.classroom.test_a_school import ok
from tests.unit.answers.test_zipped import HOSTILE, packed

GOOD = packed(("work/main.py", b"print('hello')\n"), ("work/inner.zip", b"PK\x03\x04"))


async def upload(client: httpx.AsyncClient, data: bytes, media_type: str = "application/zip") -> str:
    sent = {"files": {"file": ("work.zip", data)}, "data": {"content_type": media_type}}
    made = await client.post("/file/upload-local", **sent)  # type: ignore[arg-type]
    assert made.status_code == 200, made.text
    return str(made.json()["file_uuid"])


async def test_an_archive_is_handed_in_and_who_grades_it_sees_what_it_holds(classroom: Classroom) -> None:
    school = await classroom.school()
    task = school.task_ids["assignment"]
    path = f"/tasks/{task}/questions/{task}/attempts"
    async with classroom.as_person(school.people["learner"]) as learner:
        file_id = await upload(learner, GOOD)
        given = await ok(learner, "POST", path, json={"answer": {"file_id": file_id, "text": "Mine"}, "id": "try-1"})
        shown = await ok(learner, "GET", f"{path}/try-1/file")
    wanted: dict[str, Any] = {
        "file_id": file_id, "media_type": "application/zip",
        "parts": [
            {"path": "work/inner.zip", "size": 4, "text": None, "left_out": "an archive in an archive is not opened"},
            {"path": "work/main.py", "size": 15, "text": "print('hello')\n", "left_out": None},
        ],
    }  # fmt: skip
    assert (given["id"], shown) == ("try-1", wanted)
    whose = {"user_id": school.people["learner"]}
    query = f"user_id={whose['user_id']}"
    async with classroom.as_person(school.people["mentor"]) as mentor:
        assert await ok(mentor, "GET", f"{path}/try-1/file?{query}") == wanted
        (seen,) = await ok(mentor, "GET", f"/tasks/{task}/attempts?{query}")
        assert seen["answer"]["file_id"] == file_id
        graded = {**whose, "scores": [{"name": "score", "score": 4}]}
        await ok(mentor, "POST", f"{path}/try-1/grade", json=graded)
        nothing = await mentor.get(f"{path}/try-2/file", params=whose)
        assert nothing.status_code == 404
    async with classroom.as_person(school.people["fellow"]) as fellow:
        assert (await fellow.get(f"{path}/try-1/file", params=whose)).status_code == 404
        stolen = await fellow.post(path, json={"answer": {"file_id": file_id}})
        assert (stolen.status_code, stolen.json()["errors"][0]["pointer"]) == (422, "/answer/file_id")


async def test_a_file_that_cannot_be_read_or_judged_is_no_answer(classroom: Classroom) -> None:
    school = await classroom.school()
    task, quiz = school.task_ids["assignment"], school.task_ids["quiz"]
    async with classroom.as_person(school.people["learner"]) as learner:
        bad = await upload(learner, HOSTILE["a link"][0])
        sound = await upload(learner, b"RIFF\x04\x00\x00\x00WAVE", "audio/wav")
        good = await upload(learner, GOOD)
        end = await classroom.log.end()
        for of, question, file_id, code, detail in (
            (task, task, bad, "answer_not_readable", "The archive holds a link or a device: a"),
            (task, task, sound, "answer_not_readable", "audio/wav is not read"),
            (task, task, "nothing", "invalid_request", "You sent no such file"),
            (quiz, school.question_id, good, "invalid_request", "judged by its key"),
        ):
            sent = {"answer": {"file_id": file_id}}
            refused = await learner.post(f"/tasks/{of}/questions/{question}/attempts", json=sent)
            assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
            assert detail in refused.text
        assert await classroom.log.end() == end
