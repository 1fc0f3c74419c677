"""`generate` on a data folder that somebody else uses: the stack that `up` keeps running is everybody's."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from cli.exit_codes import ExitCode
from cli.local.ports import free_port
from cli.local.stack import LocalStack
from tests.support.sample_repository import make_repository

_ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 120.0

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("sample") / "jobs", topics=("queues", "workers"))


@pytest.fixture
def port() -> int:
    return free_port()


def start(*arguments: object) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COURSEWRIGHT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "cli.main", *map(str, arguments)], cwd=_ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def wait_for_line(process: "subprocess.Popen[str]", words: str) -> None:
    assert process.stderr is not None
    said = []
    for line in process.stderr:
        said.append(line)
        if words in line:
            return
    pytest.fail("".join(said))


@contextmanager
def up(data: Path, port: int) -> "Iterator[subprocess.Popen[str]]":
    process = start("up", "--data-dir", data, "--port", port)
    try:
        wait_for_line(process, "ready in")
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE_SECONDS)


def make(repository: Path, data: Path, out: Path) -> "subprocess.Popen[str]":
    return start("generate", repository, "--data-dir", data, "--out", out, "--json")


def test_a_course_is_made_by_the_stack_that_runs_and_that_stack_runs_on(
    repository: Path, tmp_path: Path, port: int
) -> None:
    with up(tmp_path / "data", port) as running:
        began = time.monotonic()
        made = make(repository, tmp_path / "data", tmp_path / "out")
        stdout, stderr = made.communicate(timeout=_PATIENCE_SECONDS)
        seconds = time.monotonic() - began
        assert made.returncode == ExitCode.OK, stderr
        assert seconds / 2 < json.loads(stdout)["seconds"] <= seconds + 0.1, "what has passed, not a part of it"
        assert f"using the stack that runs on {tmp_path / 'data'}, http://127.0.0.1:{port}" in stderr
        assert json.loads(stdout)["site"] == (tmp_path / "out" / "site" / "index.html").as_uri()
        assert running.poll() is None


def test_a_stack_that_is_stopped_midway_ends_the_wait_and_the_course_can_be_gone_on_with(
    repository: Path, tmp_path: Path, port: int
) -> None:
    with up(tmp_path / "data", port) as running:
        # Its workers stand still, so that the course cannot be done before the stack is stopped.
        [stages] = [
            child
            for child in psutil.Process(running.pid).children()
            if "cli.local.host stages" in " ".join(child.cmdline())
        ]
        stages.suspend()
        made = make(repository, tmp_path / "data", tmp_path / "out")
        wait_for_line(made, "s course ")
        running.send_signal(signal.SIGINT)
        _, stderr = made.communicate(timeout=_PATIENCE_SECONDS)
    problem = json.loads(stderr.splitlines()[-1])
    assert made.returncode == problem["exit_code"] == ExitCode.UNAVAILABLE
    assert f"The stack that ran on {tmp_path / 'data'} was stopped" in problem["detail"]
    assert f"--resume {problem['course_id']}" in problem["go_on"]


def test_a_stack_that_ends_with_its_command_is_not_used(repository: Path, tmp_path: Path) -> None:
    stack = LocalStack(tmp_path / "data", durable=False)
    stack.start_servers()
    try:
        made = make(repository, tmp_path / "data", tmp_path / "out")
        _, stderr = made.communicate(timeout=_PATIENCE_SECONDS)
    finally:
        stack.stop()
    assert made.returncode == ExitCode.UNAVAILABLE
    assert "Another command uses" in json.loads(stderr.splitlines()[-1])["detail"]
