"""A stack whose processes die, or which was killed itself: nothing is given up, nothing is left running."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import httpx
import psutil
import pytest

from cli.local.process import Process, ServerFailed, release
from cli.local.restarts import log_of
from cli.local.stack import LocalStack
from cli.operate.access import Where
from cli.operate.backup import bring_back
from tests.support.command import Command, command, objects

__all__ = ["command"]

_PATIENCE_SECONDS = 60.0

# A restore that is killed while its servers run. They die with it when its main thread started them: the kernel sees
# to that. Else they are left to the next command.
_KILLED_RESTORE = """
import os, signal, sys, threading
from pathlib import Path
from cli.local.record import begin_restore
from cli.local.stack import LocalStack

folder = Path(sys.argv[1])
begin_restore(folder)
stack = LocalStack(folder, durable=False)
if sys.argv[2] == "main":
    stack.start_servers()
else:
    thread = threading.Thread(target=stack.start_servers)
    thread.start()
    thread.join()
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def stack(tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalStack]:
    monkeypatch.setattr("cli.local.restarts._LONGEST_WAIT_SECONDS", 0.25)
    with LocalStack(tmp_path / "data", durable=False, say=said.append).running() as made:
        yield made


def killed_restore(folder: Path, thread: str) -> list[psutil.Process]:
    """The servers it left, alive or not."""
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_RESTORE, str(folder), thread], env={**os.environ, "PYTHONPATH": root},
        check=False, timeout=_PATIENCE_SECONDS,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    pids = [int(line.split()[0]) for line in (folder / "pids").read_text(encoding="utf-8").splitlines()]
    return [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]


def test_a_service_that_dies_fifteen_times_is_started_again_and_takes_nothing_with_it(
    stack: LocalStack, said: list[str], command: Command
) -> None:
    others = {name: process.pid for name, process in stack._supervised().items() if name != "gateway"}
    gateway, times = stack.services["gateway"], 15
    for _ in range(times):
        pid = gateway.pid
        gateway.kill()
        wait_for(partial(started_again, gateway, pid))
    wait_for(lambda: httpx.get(f"{stack.url}/readyz").is_success)
    assert {name: process.pid for name, process in stack._supervised().items() if name != "gateway"} == others
    lines = [json.loads(line) for line in log_of(stack.data_dir).read_text(encoding="utf-8").splitlines()]
    assert [(line["process"], line["signal"], line["deaths_in_a_row"]) for line in lines] == [
        ("gateway", "SIGKILL", number) for number in range(1, times + 1)
    ]
    [overview] = objects(command("stages", "--data-dir", stack.data_dir, "--json"))
    assert overview["deaths"] == {"gateway": times}
    assert said[0] == "gateway died (signal SIGKILL); it is started again"
    assert said[1].startswith("gateway died (signal SIGKILL), 2 times in a row; next start in")


def test_a_service_that_is_killed_before_it_is_let_loose_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = LocalStack(tmp_path / "data", durable=False)

    def provision() -> None:
        made.services["stages"].kill()
        LocalStack.provision(made)

    monkeypatch.setattr(made, "provision", provision)
    try:
        made.start()
        wait_for(made.services["stages"].is_running)
    finally:
        made.stop()


def test_a_service_that_cannot_begin_ends_instead_of_standing_still(stack: LocalStack, tmp_path: Path) -> None:
    stages = stack.services["stages"]
    environment = {**(stages.environment or {}), "STAGE_CONCURRENCY": "many"}
    broken = Process("stages", stages.arguments, tmp_path / "log", environment, hold_stdin=True)
    broken.start()
    try:
        release(broken)
        assert broken.popen is not None
        assert broken.popen.wait(_PATIENCE_SECONDS) == 1
        assert "stage_concurrency" in broken.log_end()
    finally:
        broken.kill()


def wait_for(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with contextlib.suppress(httpx.HTTPError):
            if there():
                return
        assert time.monotonic() < deadline
        time.sleep(0.05)


def started_again(process: Process, before: int) -> bool:
    return process.is_running() and process.pid != before


def test_the_servers_of_a_restore_that_is_killed_die_with_it(tmp_path: Path) -> None:
    _, alive = psutil.wait_procs(killed_restore(tmp_path / "data", "main"), _PATIENCE_SECONDS)
    assert not alive


def test_servers_that_a_killed_restore_left_are_ended_by_the_next_command(tmp_path: Path) -> None:
    left = killed_restore(tmp_path / "data", "another")
    assert len(left) == 2
    with (
        pytest.raises(ServerFailed, match="has not ended; run `coursewright restore` again"),
        Where(tmp_path / "data").servers(),
    ):
        pass
    assert not [process for process in left if process.is_running()]


def test_servers_that_a_killed_restore_left_are_ended_before_the_next_one_empties_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = killed_restore(tmp_path / "data", "another")
    assert len(left) == 2
    monkeypatch.setattr(bring_back, "check_backup", lambda *_: SimpleNamespace(own=[]))
    monkeypatch.setattr(bring_back, "_fill", lambda *_, **__: None)
    bring_back.restore_folder(tmp_path / "backup", tmp_path / "data", lambda _: None)
    assert not [process for process in left if process.is_running()]
