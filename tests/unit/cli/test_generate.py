"""`generate` against a gateway that hiccups, refuses, and is interrupted."""

import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from cli.checks import name_of
from cli.ending import Ending
from cli.failures import ApiError, GenerationFailed, Interrupted
from cli.generate import GenerateRequest, generate
from cli.patience import Patience
from cli.progress import Lines
from tests.unit.cli.gateway import CANCEL, COURSE, RESUME, STATUS, Answer, Gateway, at, problem, stage

_STAGE = "GET /api/courses/c1/stage4/status"


def away() -> httpx.Response:
    raise httpx.ConnectError("no")


def interrupt() -> httpx.Response:
    raise KeyboardInterrupt


def make(gateway: Gateway, out: Path, resume: str = "", ending: Ending | None = None) -> dict[str, object]:
    request = GenerateRequest("" if resume else "owner/jobs", out, resume=resume)
    return generate(gateway.client(), request, Lines(), ending=ending)


@pytest.mark.parametrize(
    "name",
    [f"GET {STATUS}", _STAGE, "GET /api/courses/c1/exports", "GET /api/courses/c1/exports/json"],
    ids=["status", "stage", "list", "download"],
)
@pytest.mark.parametrize("hiccup", [away, *(lambda status=status: problem(status) for status in (429, 502, 503, 504))])
def test_a_question_is_asked_again_until_it_is_answered(name: str, hiccup: Answer, tmp_path: Path) -> None:
    gateway = Gateway(instead={name: [hiccup]})
    assert make(gateway, tmp_path / "out")["course_id"] == "c1"
    assert gateway.asked.count(name) >= 2
    assert (tmp_path / "out" / "course.json").is_file()


@pytest.mark.parametrize("status", [401, 404, 500])
def test_an_answer_that_asking_again_cannot_change_ends_the_command(status: int, tmp_path: Path) -> None:
    gateway = Gateway(instead={_STAGE: [lambda: problem(status)]})
    with pytest.raises(ApiError):
        make(gateway, tmp_path / "out")
    assert gateway.asked.count(_STAGE) == 1


class Unread(Lines):
    """Lines for a reader that has gone."""

    def say(self, text: str) -> None:
        if not text.startswith("course "):
            raise BrokenPipeError


def test_a_course_whose_progress_is_no_longer_read_is_canceled(tmp_path: Path) -> None:
    gateway = Gateway()
    with pytest.raises(Interrupted):
        generate(gateway.client(), GenerateRequest("owner/jobs", tmp_path / "out"), Unread())
    assert CANCEL in gateway.asked


def test_patience_ends_after_a_minute_without_an_answer() -> None:
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    def silent() -> None:
        raise ApiError("away", "away", 503)

    with pytest.raises(ApiError):
        Patience(lambda: None, lambda: now[0], wait).ask(silent)
    assert 60 < now[0] < 61


def test_patience_ends_at_once_when_the_stack_broke() -> None:
    def broken() -> None:
        raise GenerationFailed(1, {"status": "FAILURE", "error_message": "the stack broke"})

    with pytest.raises(GenerationFailed):
        Patience(broken).ask(lambda: pytest.fail("was asked"))


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([lambda: httpx.Response(202, json={})], "Canceled; what was recorded is kept"),
        ([away, lambda: problem(503), lambda: httpx.Response(202, json={})], "Canceled; what was recorded is kept"),
        ([lambda: problem(409, "not_running")], "was not at work any more"),
        ([lambda: problem(500)], "could not be canceled, and may go on by itself: said with 500"),
        ([interrupt], "was not canceled, and may go on by itself"),
    ],
    ids=["202", "hiccups", "409", "500", "interrupted again"],
)
@pytest.mark.parametrize("when", [f"GET {STATUS}", "POST /api/courses/c1/generate"], ids=["running", "asked for"])
def test_an_interrupt_cancels_the_course_whatever_stage_is_at_work_and_says_what_became_of_it(
    answers: list[Answer], says: str, when: str, tmp_path: Path
) -> None:
    gateway = Gateway(
        always={f"GET {STATUS}": at("stage2", "stage1_complete")}, instead={when: [interrupt], CANCEL: [*answers]}
    )
    ending = Ending(options=["--server", "http://gateway"])
    with pytest.raises(Interrupted) as ended:
        make(gateway, tmp_path / "out", ending=ending)
    assert says in ended.value.message
    assert gateway.asked.count(CANCEL) == len(answers)
    assert ending.go_on == "coursewright generate --resume c1 --server http://gateway"


def test_a_course_is_gone_on_with_and_what_ended_before_is_no_end(tmp_path: Path) -> None:
    canceled = stage("REVOKED", error_message="", task_id="run")
    gateway = Gateway(
        instead={
            f"GET {STATUS}": [lambda: at("stage2", "stage2_canceled")] * 3,
            RESUME: [lambda: problem(409, "stopping")],
            "GET /api/courses/c1/stage2/status": [lambda: canceled] * 3,
        }
    )  # fmt: skip
    assert make(gateway, tmp_path / "out", resume="c1")["course_id"] == "c1"
    assert gateway.asked.count(RESUME) == 2
    assert "POST /api/projects/" not in gateway.asked


def test_a_course_that_is_gone_on_with_can_fail_anew(tmp_path: Path) -> None:
    failed = stage("FAILURE", error_message="no room", task_id="again")
    gateway = Gateway(
        always={f"GET {STATUS}": at("stage2", "stage2_failed"), "GET /api/courses/c1/stage2/status": failed}
    )
    with pytest.raises(GenerationFailed, match="no room"):
        make(gateway, tmp_path / "out", resume="c1")


def test_a_finished_course_is_written_again_and_nothing_is_asked_for(tmp_path: Path) -> None:
    gateway = Gateway()
    make(gateway, tmp_path / "out", resume="c1")
    assert (tmp_path / "out" / "course.json").is_file()
    assert not [asked for asked in gateway.asked if asked.startswith("POST")]


@pytest.mark.parametrize(("retryable", "kept"), [(False, ""), (True, "c1")])
def test_an_address_that_names_nothing_leaves_no_failed_course(retryable: bool, kept: str, tmp_path: Path) -> None:
    failed = stage("FAILURE", error_message="no such host", error_code="host_not_found", retryable=retryable)
    gateway = Gateway(
        always={f"GET {STATUS}": at("stage1", "stage1_failed"), "GET /api/courses/c1/stage1/status": failed}
    )
    ending = Ending()
    with pytest.raises(GenerationFailed, match="no such host") as ended:
        make(gateway, tmp_path / "out", ending=ending)
    assert ended.value.transient == retryable
    assert (f"DELETE {COURSE}" in gateway.asked) == (not retryable)
    assert ending.course_id == kept


@pytest.mark.parametrize("code", ["internal", "limit_passed", "no_documentation", "repository_too_large"])
def test_a_course_whose_failure_is_not_about_its_address_is_kept(code: str, tmp_path: Path) -> None:
    failed = stage("FAILURE", error_message="no", error_code=code, retryable=False)
    gateway = Gateway(
        always={f"GET {STATUS}": at("stage1", "stage1_failed"), "GET /api/courses/c1/stage1/status": failed}
    )
    ending = Ending()
    with pytest.raises(GenerationFailed):
        make(gateway, tmp_path / "out", ending=ending)
    assert f"DELETE {COURSE}" not in gateway.asked
    assert ending.course_id == "c1"


@pytest.mark.parametrize(
    ("answer", "helps"),
    [
        ({"status": "FAILURE", "error_code": "no_sections", "retryable": False}, False),
        ({"status": "FAILURE", "error_code": "engine_not_configured", "retryable": False}, True),
        ({"status": "FAILURE", "error_code": "fetch_failed", "retryable": True}, True),
        ({"status": "REVOKED", "error_code": "canceled", "retryable": True}, True),
    ],
)
def test_the_command_that_goes_on_is_named_where_it_can_help(
    answer: dict[str, object], helps: bool, tmp_path: Path
) -> None:
    failed = httpx.Response(200, json={"progress": 0, "current_step": "", "error_message": "no", **answer})
    gateway = Gateway(
        always={f"GET {STATUS}": at("stage3", "stage3_failed"), "GET /api/courses/c1/stage3/status": failed}
    )
    ending = Ending()
    with pytest.raises(GenerationFailed):
        make(gateway, tmp_path / "out", ending=ending)
    assert ending.go_on == ("coursewright generate --resume c1" if helps else "")


@pytest.mark.parametrize("code", ["not_retryable", "nothing_to_resume"])
def test_a_resume_that_is_refused_for_good_is_not_proposed_again(code: str, tmp_path: Path) -> None:
    gateway = Gateway(
        always={f"GET {STATUS}": at("stage1", "stage1_failed")}, instead={RESUME: [lambda: problem(409, code)]}
    )
    ending = Ending()
    with pytest.raises(ApiError):
        make(gateway, tmp_path / "out", resume="c1", ending=ending)
    assert (ending.course_id, ending.go_on) == ("c1", "")


def test_a_course_that_is_tried_again_is_never_deleted(tmp_path: Path) -> None:
    failed = stage("FAILURE", error_message="no such host", retryable=False, task_id="again")
    gateway = Gateway(
        always={f"GET {STATUS}": at("stage1", "stage1_failed"), "GET /api/courses/c1/stage1/status": failed}
    )
    with pytest.raises(GenerationFailed):
        make(gateway, tmp_path / "out", resume="c1")
    assert f"DELETE {COURSE}" not in gateway.asked


@pytest.mark.parametrize("delete", [lambda: httpx.Response(200, json={}), away], ids=["deleted", "away"])
def test_a_refused_request_leaves_no_empty_course(delete: Answer, tmp_path: Path) -> None:
    gateway = Gateway(instead={"POST /api/courses/c1/generate": [lambda: problem(422)], f"DELETE {COURSE}": [delete]})
    with pytest.raises(ApiError, match="said with 422"):
        make(gateway, tmp_path / "out")
    assert gateway.asked[-1] == f"DELETE {COURSE}"
    assert not (tmp_path / "out").exists()


def test_lines_say_how_far_a_stage_is_and_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for shown in (
        stage("STARTED", 25, "Reading"), stage("RETRY", 25, "Waiting to try again: no room"),
        stage("FAILURE", 25, "Failed"), stage("SUCCESS", 100, "Complete"),
    ):  # fmt: skip
        lines.show(1, shown.json())
    said = [line.split(": ", 1)[1] for line in capsys.readouterr().err.splitlines()]
    assert said == ["25 % Reading", "waiting to try again: no room", "failed", "complete"]


def test_a_wait_says_how_long_it_is_and_why_at_each_attempt(capsys: pytest.CaptureFixture[str]) -> None:
    lines, why, now = Lines(), "The host name a.b could not be looked up", datetime.now(UTC)
    for attempt, seconds in ((1, 100), (1, 100), (2, 200)):
        due = (now + timedelta(seconds=seconds)).isoformat()
        waiting = stage("RETRY", 0, f"Waiting: {why}", attempt=attempt, next_attempt_at=due, error_message=why)
        lines.show(1, waiting.json())
    said = [re.sub(r" \d+ s ", " N s ", line.partition("scan: ")[2]) for line in capsys.readouterr().err.splitlines()]
    assert said == [f"attempt {attempt} in N s (Ctrl-C stops): {why}" for attempt in (2, 3)]


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("git@github.com:acme/widgets.git", "widgets"), ("https://github.com/acme/widgets.git", "widgets"),
        ("/srv/mirrors/main", "checkout"), ("", "checkout"),
    ],
)  # fmt: skip
def test_a_checkout_has_the_name_the_first_stage_finds(origin: str, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    for arguments in (["init", "-q"], ["config", "remote.origin.url", origin] if origin else ["status"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    assert name_of(str(folder)) == name


def test_an_address_has_the_name_of_its_last_part() -> None:
    assert (name_of("acme/widgets"), name_of("https://example.org/acme/widgets.git")) == ("widgets", "widgets")


def test_the_same_generation_in_another_course_is_followed_and_no_draft_stays(tmp_path: Path) -> None:
    gateway = Gateway(
        {
            "POST /api/projects/": httpx.Response(201, json={"course_id": "c0"}),
            "POST /api/courses/c0/generate": httpx.Response(202, json={"task_id": "run", "course_id": "c1"}),
            "DELETE /api/projects/c0": httpx.Response(200, json={}),
        }
    )
    assert make(gateway, tmp_path / "out")["course_id"] == "c1"
    assert "DELETE /api/projects/c0" in gateway.asked
    assert (tmp_path / "out" / "course.json").is_file()
