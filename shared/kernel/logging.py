"""Structured logs: JSON lines on standard output, console style on a terminal.

A line carries what is bound around it: `trace_id`, and in a stage `stage`, `course_id`, `run_id`, `correlation_id`.
Lines of one kind are limited: a library that says the same thing a thousand times a second would fill the disk.
"""

import contextlib
import errno
import logging
import os
import re
import sys
from collections.abc import Sequence
from typing import TextIO, cast

import structlog

from shared.kernel.error_reports import Reporter, open_reporters, report_of
from shared.kernel.log_repeats import Kind, Repeats

_REPORTED = frozenset({"error", "critical", "exception"})
# Lines that differ in these tell of different things.
_TELL_APART = ("course_id", "stage", "error", "route", "status")
_LIBRARY_WORDS = 200
# What an error may tell of itself, by attribute, and its name in a log line.
_NAMES = {"code": "code", "sqlstate": "sqlstate", "table_name": "table", "constraint_name": "constraint"}
_QUOTED = re.compile(
    r"(?<=input_value=).*?(?=, input_type=)|(?<=DETAIL:  ).*?$|(?<=query argument )\$\d+: .*?$|(?<=\[parameters: ).*?$",
    re.MULTILINE,
)


class _Output:
    """Standard output that passes over refusals: a line that a full disk does not take must not fail the work it is
    about.
    """

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stdout.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            sys.stdout.flush()


class _Limits:
    """How often a line of one kind is written, of our own lines and of what libraries say."""

    def __init__(self) -> None:
        self._repeats = Repeats(_tell_left_out)

    def of_ours(self, _: object, level: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
        """A processor."""
        kind = (level, str(line.get("event")), *(str(line.get(name, "")) for name in _TELL_APART))
        if not self._repeats.pass_on(kind, is_warning=level not in {"debug", "info"}):
            raise structlog.DropEvent
        return line

    def of_libraries(self, record: logging.LogRecord) -> bool:
        """A filter. What follows the first line of a message may differ each time."""
        words = str(record.msg).partition("\n")[0][:_LIBRARY_WORDS]
        kind = (record.levelname.lower(), words, record.name)
        return self._repeats.pass_on(kind, is_warning=record.levelno >= logging.WARNING)


def _tell_left_out(kind: Kind, lines: int) -> None:
    structlog.get_logger(__name__).warning("log_lines_left_out", of=kind[1], lines=lines)


class _Reports:
    """A processor: each of our lines of level error goes to the reporters as well."""

    def __init__(self, reporters: Sequence[Reporter]) -> None:
        self._reporters = reporters

    def __call__(self, _: object, level: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
        if level in _REPORTED:
            for reporter in self._reporters:
                with contextlib.suppress(Exception):  # what collects errors must not make any
                    reporter.send(report_of(line))
        return line


_reporters: list[Reporter] = []


def flush_reports() -> None:
    """Send what is still held back; for the end of a process that does not end by itself."""
    for reporter in _reporters:
        reporter.flush()


def configure_logging(service: str = "") -> None:
    """Configure structlog, and send what libraries log through the same form. Call once per process. Errors of the
    `service` are reported where the environment says so.
    """
    _reporters[:] = open_reporters(os.environ, service)
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stdout.isatty() else structlog.processors.JSONRenderer()
    )
    limits = _Limits()
    merge = structlog.contextvars.merge_contextvars
    shared_processors: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        without_contents,
    ]
    structlog.configure(
        processors=[merge, limits.of_ours, _Reports(_reporters), *shared_processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Output())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(limits.of_libraries)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[merge, structlog.stdlib.add_logger_name, *shared_processors],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)


def without_contents(_: object, __: str, line: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A processor: takes out of a traceback what errors quote, which may be users' contents. Of pydantic the value that
    did not fit, of PostgreSQL the row it refused, of its driver the argument of a statement.
    """
    if isinstance(text := line.get("exception"), str):
        line["exception"] = _QUOTED.sub("…", text)
    return line


def error_facts(error: BaseException) -> dict[str, str]:
    """The parts of an error that may be logged: its class, and code, SQLSTATE, table, constraint or errno, if any.

    Never its text: a database's holds rows and parameters, a parser's what it read, and both are users' contents.
    """
    facts = {"error": type(error).__name__}
    if error.__cause__ is not None:
        facts["cause"] = type(error.__cause__).__name__
    if isinstance(error, OSError) and error.errno is not None:
        facts["errno"] = errno.errorcode.get(error.errno, str(error.errno))
    # A driver's error lies below the one of SQLAlchemy, as its `orig` and the cause of that.
    driver = getattr(error, "orig", None)
    for source in (error, driver, getattr(driver, "__cause__", None)):
        found = {name: getattr(source, name, None) for name in _NAMES}
        facts.update({key: value for name, key in _NAMES.items() if isinstance(value := found[name], str)})
    return facts
