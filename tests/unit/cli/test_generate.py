"""`generate` against a gateway that hiccups, refuses, and is interrupted."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from cli.client import ApiError
from cli.generate import GenerateRequest, GenerationFailed, generate, name_of
from cli.patience import Patience
from cli.progress import Lines
from tests.unit.cli.gateway import COURSE, STATUS, Answer, Gateway, problem, stage

_STAGE = "GET /api/courses/c1/stage4/status"


def away() -> httpx.Response:
    raise httpx.ConnectError("no")


def interrupt() -> httpx.Response:
    raise KeyboardInterrupt


def make(gateway: Gateway, out: Path) -> dict[str, object]:
    return generate(gateway.client(), GenerateRequest("owner/jobs", out), Lines())


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


_CANCEL = "POST /api/courses/c1/stages/stage2/cancel"


@pytest.mark.parametrize("cancel", [lambda: httpx.Response(202, json={}), away, lambda: problem(409)])
@pytest.mark.parametrize("status", [None, away, lambda: problem(503)], ids=["answers", "away", "503"])
def test_an_interrupt_cancels_and_stays_an_interrupt_whatever_the_gateway_says(
    status: Callable[[], httpx.Response] | None, cancel: Answer, tmp_path: Path
) -> None:
    running = httpx.Response(200, json={"current_stage": "stage2", "database_status": "stage1_complete"})
    gateway = Gateway(
        always={f"GET {STATUS}": running},
        instead={f"GET {STATUS}": [interrupt, *([status] if status else [])], _CANCEL: [cancel]},
    )
    with pytest.raises(KeyboardInterrupt):
        make(gateway, tmp_path / "out")
    assert (_CANCEL in gateway.asked) == (status is None)


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
