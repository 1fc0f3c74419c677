"""Ctrl-C in the middle of a course, and the same course gone on with."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.client import Client
from cli.exit_codes import ExitCode
from cli.local.stack import LocalStack
from tests.support.sample_repository import make_repository

_ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 120.0
_LABELS = {1: "Clone and scan", 2: "Analyse documents", 4: "Write modules"}


def start(stack: LocalStack, *arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", "generate", *map(str, arguments), "--json", "--server", stack.url],
        cwd=_ROOT, env={**os.environ, "COURSEWRIGHT_TOKEN": stack.token}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize("stage", _LABELS)
def test_ctrl_c_stops_the_course_in_any_stage_and_resume_finishes_it(
    stage: int, tmp_path: Path, shared_stack: LocalStack, shared_client: Client
) -> None:
    repository = make_repository(tmp_path / "jobs", copies=8)
    before = courses(shared_client)
    made = start(shared_stack, repository, "--out", tmp_path / "out")
    assert made.stderr is not None
    for line in made.stderr:
        if f"[{stage}/4] {_LABELS[stage]}" in line:
            break
    made.send_signal(signal.SIGINT)
    stdout, stderr = made.communicate(timeout=_PATIENCE_SECONDS)
    assert made.returncode == ExitCode.INTERRUPTED, stderr
    assert stdout == ""
    interrupted = json.loads(stderr.splitlines()[-1])
    assert (interrupted["code"], interrupted["exit_code"]) == ("interrupted", ExitCode.INTERRUPTED)
    assert "Canceled" in interrupted["detail"]
    course_id = interrupted["course_id"]
    assert f"--resume {course_id}" in interrupted["go_on"]

    again = start(shared_stack, "--resume", course_id, "--out", tmp_path / "out")
    stdout, stderr = again.communicate(timeout=_PATIENCE_SECONDS)
    assert again.returncode in {ExitCode.OK, ExitCode.INCOMPLETE}, stderr
    assert json.loads(stdout)["course_id"] == course_id
    assert (tmp_path / "out" / "site" / "index.html").is_file()
    assert courses(shared_client) - before == {course_id}


def test_a_course_that_was_interrupted_stays_canceled_until_somebody_goes_on(
    tmp_path: Path, shared_stack: LocalStack, shared_client: Client
) -> None:
    repository = make_repository(tmp_path / "jobs", copies=8)
    made = start(shared_stack, repository, "--out", tmp_path / "out")
    assert made.stderr is not None
    next(line for line in made.stderr if "[2/4]" in line)
    made.send_signal(signal.SIGINT)
    _, stderr = made.communicate(timeout=_PATIENCE_SECONDS)
    course_id = json.loads(stderr.splitlines()[-1])["course_id"]
    while (status := shared_client.status(course_id))["status"] == "STARTED":
        pass
    assert status["status"] == "REVOKED"
    assert status["database_status"].endswith("_canceled")


def test_an_address_that_names_nothing_leaves_no_course(
    tmp_path: Path, shared_stack: LocalStack, shared_client: Client
) -> None:
    before = courses(shared_client)
    made = start(shared_stack, tmp_path / "nothing", "--out", tmp_path / "out")
    _, stderr = made.communicate(timeout=_PATIENCE_SECONDS)
    assert made.returncode == ExitCode.INVALID_INPUT, stderr
    assert json.loads(stderr.splitlines()[-1])["code"] in {"repository_not_found", "invalid_repository_address"}
    assert courses(shared_client) == before


def courses(client: Client) -> set[str]:
    found = client.courses()
    listed = found if isinstance(found, list) else next(value for value in found.values() if isinstance(value, list))
    return {str(course["course_id"]) for course in listed}
