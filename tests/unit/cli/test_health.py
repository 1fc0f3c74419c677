"""When waiting for a course ends: a process that does not stay alive, a stack that was stopped."""

import fcntl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli.health import Health
from cli.local.process import Process, ServerFailed
from cli.local.record import StackRecord, remove_record
from cli.local.restarts import Notes, Restarts

RECORD = StackRecord("", "", "", "", "http://127.0.0.1:1", stays=True)


def die(data_dir: Path, times: int, name: str = "stages") -> None:
    log = data_dir / "log"
    log.write_text("out of luck\n")
    for number in range(1, times + 1):
        Notes(data_dir, lambda _: None).died(Restarts(Process(name, [], log), 0.0, deaths=number), 1.0)


def later(health: Health, seconds: float = 3.0) -> None:
    before = health.clock()
    health.clock = lambda: before + timedelta(seconds=seconds)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Path]:
    """A data folder that a stack holds."""
    RECORD.write(tmp_path)
    with (tmp_path / "lock").open("a+", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield tmp_path


def test_a_process_that_died_eight_times_in_a_row_ends_the_wait_with_the_end_of_its_log(tmp_path: Path) -> None:
    health = Health(tmp_path)
    die(tmp_path, 7)
    later(health)
    health.check()
    die(tmp_path, 8)
    later(health)
    with pytest.raises(ServerFailed, match=r"(?s)stages does not stay alive: it died 8 times in a row.*out of luck"):
        health.check()


def test_a_course_that_comes_further_is_waited_for(tmp_path: Path) -> None:
    health = Health(tmp_path)
    die(tmp_path, 20)
    later(health, 0.1 + (datetime.now(UTC) - health.clock()).total_seconds())
    health.advanced()
    later(health)
    health.check()


def test_a_stack_that_runs_on_is_waited_for_and_one_that_was_stopped_is_not(running: Path) -> None:
    health = Health(running, RECORD)
    later(health)
    health.check()
    remove_record(running)
    later(health)
    with pytest.raises(ServerFailed, match=f"The stack that ran on {running} was stopped"):
        health.check()


def test_a_stack_that_was_killed_leaves_its_record_and_is_not_waited_for(tmp_path: Path) -> None:
    RECORD.write(tmp_path)
    (tmp_path / "lock").touch()
    health = Health(tmp_path, RECORD)
    later(health)
    with pytest.raises(ServerFailed, match="was stopped"):
        health.check()
