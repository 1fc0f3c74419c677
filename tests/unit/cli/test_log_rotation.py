"""Logs of the local stack's processes stay below a size, and lose nothing while they are put aside."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from cli.local.log_rotation import rotate_logs
from cli.local.process import Process

_LINES = 20_000
_TALKER = f"""
import sys
for number in range({_LINES}):
    print(f"line {{number:06d}}", flush=True)
    if number % 2000 == 1999:
        sys.stdin.readline()
"""


def talker(log: Path) -> Process:
    """A process that says 2,000 lines, waits for a word, says the next 2,000, …"""
    return Process("talker", [sys.executable, "-c", _TALKER], log, hold_stdin=True)


def until(says: Callable[[], bool], process: Process) -> None:
    while not says():
        process.require_running()


def test_what_a_running_process_says_is_put_aside_and_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "talker.log"
    process = talker(log)
    process.start()
    assert process.popen is not None
    assert process.popen.stdin is not None
    for said in range(2000, _LINES + 1, 2000):
        until(lambda said=said: f"line {said - 1:06d}".encode() in log.read_bytes(), process)  # type: ignore[misc]
        rotate_logs([log], most_bytes=10_000, kept=3)
        process.popen.stdin.write(b"go on\n")
        process.popen.stdin.flush()
    process.popen.wait()
    kept = sorted(log.parent.iterdir())
    assert [path.name for path in kept] == ["talker.log", "talker.log.1", "talker.log.2", "talker.log.3"]
    text = "".join(path.read_text() for path in reversed(kept))
    assert text.splitlines() == [f"line {number:06d}" for number in range(_LINES - 6000, _LINES)]


def test_a_small_log_is_left_alone_and_one_that_is_not_there_does_no_harm(tmp_path: Path) -> None:
    small = tmp_path / "small.log"
    small.write_text("few words")
    rotate_logs([tmp_path / "none.log", small], most_bytes=100)
    assert [path.name for path in tmp_path.iterdir()] == ["small.log"]


def test_words_are_found_in_a_log_that_was_put_aside_meanwhile(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    process = Process("server", [sys.executable, "-c", "print('x' * 500)"], log)
    process.start()
    assert process.popen is not None
    process.popen.wait()
    assert not process.log_says([b"critical"])
    rotate_logs([log], most_bytes=100)
    with log.open("ab") as file:
        subprocess.run([sys.executable, "-c", "print('critical write error')"], stdout=file, check=True)
    assert process.log_says([b"critical"])
