"""Reports of errors to a service that collects them: Sentry, Bugsnag, or both, where they are set.

A line of the log of level error is a report. It holds the name of the line, the class of the exception, where it was
raised, and facts of a fixed list: no message, no values of variables, no source, nothing that a user wrote.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from types import TracebackType
from typing import Any, Protocol

ADAPTERS = {"SENTRY_DSN": "shared.kernel.sentry_reports", "BUGSNAG_API_KEY": "shared.kernel.bugsnag_reports"}
FLUSH_SECONDS = 2.0  # the end of a process waits no longer
_TOLD = frozenset({
    "code", "stage", "course_id", "run_id", "seq", "kind", "event_id", "route", "status", "sqlstate", "table",
    "constraint", "free_bytes", "limit_bytes", "attempt", "channel", "result", "trace_id",
})  # fmt: skip


@dataclass(frozen=True)
class Report:
    """An error. `error` is the name of its class, empty where nothing was raised; `traceback` says where it was."""

    event: str
    logger: str
    error: str
    facts: Mapping[str, str]
    traceback: TracebackType | None = field(default=None, repr=False)

    def places(self) -> Iterator[tuple[str, str, int]]:
        """Module, function and line, from the outermost to where it was raised."""
        at = self.traceback
        while at is not None:
            yield str(at.tb_frame.f_globals.get("__name__", "")), at.tb_frame.f_code.co_name, at.tb_lineno
            at = at.tb_next


class Reporter(Protocol):
    """Takes reports and sends them in the background; it never raises."""

    def send(self, report: Report) -> None:
        """Send it, later."""
        ...

    def flush(self) -> None:
        """Send what is still held back; for the end of a process."""
        ...


def open_reporters(environment: Mapping[str, str], service: str) -> tuple[Reporter, ...]:
    """Those that are set. An SDK is imported for its setting only."""
    chosen = [adapter for setting, adapter in ADAPTERS.items() if environment.get(setting)]
    return tuple(import_module(adapter).open_reporter(environment, service) for adapter in chosen)


def report_of(line: Mapping[str, Any]) -> Report:
    """What may be told of a line of the log."""
    raised = line.get("exc_info")
    error = raised if isinstance(raised, BaseException) else (sys.exc_info()[1] if raised else None)
    facts = {name: str(value) for name, value in line.items() if name in _TOLD}
    name = type(error).__name__ if error is not None else str(line.get("error", ""))
    return Report(
        str(line.get("event")), str(line.get("logger", "")), name, facts, None if error is None else error.__traceback__
    )
