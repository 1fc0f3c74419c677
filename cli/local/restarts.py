"""When a process that died is started again, and what is said of it on the terminal and in logs/supervisor.log."""

import contextlib
import json
import signal
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.local.process import Process

DIED = "process_died"
_FIRST_WAIT_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 30.0
_LIVED_SECONDS = 60.0
# From this death in a row on, the end of the process's log is shown as well.
_WITH_LOG_FROM = 3
# Of logs/supervisor.log: many deaths, and little to read.
_LOOK_BACK_BYTES = 64 * 1024

Say = Callable[[str], None]


def log_of(data_dir: Path) -> Path:
    """The file of the supervisor's lines, one JSON object each."""
    return data_dir / "logs" / "supervisor.log"


@dataclass
class Restarts:
    """The deaths of one process in a row. A life of a minute ends the row.

    The first death is answered at once. After the next ones the process waits, twice as long each time, for half a
    minute at most: a process that cannot live must not cost the machine its time, and the others go on.
    """

    process: Process
    started_at: float
    deaths: int = 0
    _next_start: float | None = field(default=None, init=False)

    def note_death(self, now: float) -> float | None:
        """Seconds until the next start, when this death was not seen before; else None."""
        if self._next_start is not None:
            return None
        self.deaths = 1 if now - self.started_at >= _LIVED_SECONDS else self.deaths + 1
        doubled = _FIRST_WAIT_SECONDS * 2.0 ** min(self.deaths - 2, 16)
        wait = 0.0 if self.deaths == 1 else min(_LONGEST_WAIT_SECONDS, doubled)
        self._next_start = now + wait
        return wait

    def is_due(self, now: float) -> bool:
        """Whether it is to be started again now; a wait comes to its end once."""
        if self._next_start is None or now < self._next_start:
            return False
        self._next_start, self.started_at = None, now
        return True


def describe_end(process: Process) -> dict[str, Any]:
    """How a process ended: `signal` by name, or `exit_code`."""
    code = process.popen.poll() if process.popen is not None else None
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return {"signal": signal.Signals(-code).name}
        return {"signal": str(-code)}
    return {"exit_code": code}


class Notes:
    """Says what the supervisor does: a line for people, and a JSON line in the folder's logs."""

    def __init__(self, data_dir: Path, say: Say) -> None:
        self._log = log_of(data_dir)
        self._tell = say
        self._failure = ""

    def died(self, restarts: Restarts, wait_seconds: float) -> None:
        """A process died, and is started again after this wait."""
        process = restarts.process
        about = describe_end(process) | {"deaths_in_a_row": restarts.deaths, "next_start_seconds": wait_seconds}
        if restarts.deaths >= _WITH_LOG_FROM:
            about |= {"log": str(process.log), "log_end": process.log_end()}
        self._write(DIED, process.name, about)
        self._say(died_in_words(process.name, about))

    def restarted(self, process: Process, reason: str) -> None:
        """A process that lived was started anew."""
        self._write("process_restarted", process.name, {"reason": reason})
        self._say(f"{process.name} was restarted: {reason}")

    @contextlib.contextmanager
    def going_on(self) -> Iterator[None]:
        """An error inside is noted, once while it stays the same, and the supervision goes on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - the boundary of the supervision, which every process hangs on
            failure = "".join(traceback.format_exception(error))
            if failure != self._failure:
                self._failure = failure
                self._write("supervision_failed", "supervisor", {"exception": failure})

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # the reader of the terminal's lines may be gone
            self._tell(text)

    def _write(self, event: str, name: str, about: Mapping[str, Any]) -> None:
        line = {"timestamp": datetime.now(UTC).isoformat(), "event": event, "process": name, **about}
        with contextlib.suppress(OSError):  # a full disk must not end the supervision
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


def died_in_words(name: str, about: Mapping[str, Any]) -> str:
    """A death as a line for people; with the end of the log when the process keeps dying."""
    count, wait = about["deaths_in_a_row"], about["next_start_seconds"]
    again = f", {count} times in a row" if count > 1 else ""
    when = f"next start in {wait:g} s" if wait else "it is started again"
    return f"{name} died ({end_in_words(about)}){again}; {when}{log_in_words(about)}"


def log_in_words(about: Mapping[str, Any]) -> str:
    """The end of the log, with its place, when the process keeps dying and has said something."""
    return f". {about['log']} ends:\n{about['log_end']}" if about.get("log_end") else ""


def end_in_words(about: Mapping[str, Any]) -> str:
    """`signal SIGKILL` or `exit code 1`."""
    return f"signal {about['signal']}" if "signal" in about else f"exit code {about['exit_code']}"


def read_deaths(data_dir: Path, since: datetime) -> dict[str, list[dict[str, Any]]]:
    """By process, the deaths since then as logs/supervisor.log tells them; oldest first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for line in _last_lines(log_of(data_dir)):
        with contextlib.suppress(ValueError, KeyError, TypeError):  # the first line can be cut
            about = json.loads(line)
            if about["event"] == DIED and datetime.fromisoformat(about["timestamp"]) >= since:
                found.setdefault(about["process"], []).append(about)
    return found


def _last_lines(log: Path) -> list[str]:
    with contextlib.suppress(OSError), log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - _LOOK_BACK_BYTES))
        return file.read().decode(errors="replace").splitlines()
    return []
