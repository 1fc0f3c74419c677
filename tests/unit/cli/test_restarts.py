"""A process that dies again and again: started at once, then after longer and longer waits, and never given up."""

import json
import signal
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.local.process import Process
from cli.local.restarts import Notes, Restarts, log_of, read_deaths
from cli.local.supervisor import Supervisor

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
def dead(tmp_path: Path) -> Process:
    process = Process("stages", [sys.executable, "-c", "print('out of luck'); raise SystemExit(3)"], tmp_path / "log")
    process.start()
    assert process.popen is not None
    process.popen.wait()
    return process


def die(restarts: Restarts, at: float) -> float:
    wait = restarts.note_death(at)
    assert wait is not None
    assert restarts.note_death(at) is None, "a death is noted once"
    assert not wait or not restarts.is_due(at)
    assert restarts.is_due(at + wait)
    assert not restarts.is_due(at + wait), "a wait ends once"
    return wait


def test_the_first_death_is_answered_at_once_and_the_next_ones_after_longer_and_longer_waits(dead: Process) -> None:
    restarts, now, waits = Restarts(dead, started_at=0.0), 0.0, []
    for _ in range(12):
        waits.append(die(restarts, now := now + 1.0))
        now += waits[-1]
    assert waits == [0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0]
    assert die(restarts, now + 61.0) == 0.0, "a life of a minute ends the row"
    assert restarts.deaths == 1


def test_a_death_is_a_line_for_people_and_one_in_the_log_and_says_the_end_of_the_log_when_it_goes_on(
    dead: Process, tmp_path: Path
) -> None:
    said: list[str] = []
    notes, restarts = Notes(tmp_path, said.append), Restarts(dead, started_at=0.0)
    for now in (1.0, 2.0, 3.0):
        notes.died(restarts, die(restarts, now))
    assert said == [
        "stages died (exit code 3); it is started again",
        "stages died (exit code 3), 2 times in a row; next start in 0.25 s",
        f"stages died (exit code 3), 3 times in a row; next start in 0.5 s. {dead.log} ends:\nout of luck",
    ]
    lines = [json.loads(line) for line in log_of(tmp_path).read_text(encoding="utf-8").splitlines()]
    assert [(line["process"], line["exit_code"], line["deaths_in_a_row"]) for line in lines] == [
        ("stages", 3, number) for number in (1, 2, 3)
    ]
    assert len(read_deaths(tmp_path, _LONG_AGO)["stages"]) == 3
    assert read_deaths(tmp_path, datetime.now(UTC)) == {}


def test_a_signal_is_named(tmp_path: Path) -> None:
    process = Process("gateway", [sys.executable, "-c", "import signal; signal.pause()"], tmp_path / "log")
    process.start()
    process.kill()
    said: list[str] = []
    Notes(tmp_path, said.append).died(Restarts(process, 0.0, deaths=1), 0.0)
    assert said == [f"gateway died (signal {signal.SIGKILL.name}); it is started again"]


def test_a_log_that_cannot_be_written_or_read_ends_nothing(dead: Process, tmp_path: Path) -> None:
    (tmp_path / "logs").touch()
    said: list[str] = []
    Notes(tmp_path, said.append).died(Restarts(dead, 0.0, deaths=1), 0.0)
    assert said
    assert read_deaths(tmp_path, _LONG_AGO) == {}


def test_a_terminal_nobody_reads_any_more_ends_nothing(dead: Process, tmp_path: Path) -> None:
    def say(_: str) -> None:
        raise BrokenPipeError

    Notes(tmp_path, say).died(Restarts(dead, 0.0, deaths=1), 0.0)
    assert len(read_deaths(tmp_path, _LONG_AGO)["stages"]) == 1


def test_a_look_that_fails_is_logged_once_and_the_supervision_goes_on(
    dead: Process, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed, again = threading.Semaphore(0), threading.Event()

    def fail(_: object) -> None:
        failed.release()
        raise RuntimeError("no such thing")

    monkeypatch.setattr("cli.local.supervisor._WATCH_SECONDS", 0.01)
    monkeypatch.setattr("cli.local.supervisor.rotate_logs", fail)
    monkeypatch.setattr(dead, "start", again.set)
    supervisor = Supervisor(tmp_path, lambda _: None)
    supervisor.begin([dead], None)
    try:
        assert again.wait(20), "what died is started again"
        assert all(failed.acquire(timeout=20) for _ in range(3))
    finally:
        supervisor.end()
    events = [json.loads(line)["event"] for line in log_of(tmp_path).read_text(encoding="utf-8").splitlines()]
    assert events.count("supervision_failed") == 1
