"""Structured logs: JSON lines on standard output, console style on a terminal.

A line carries what is bound around it: `trace_id`, and in a stage `stage`, `course_id`, `run_id`, `correlation_id`.
"""

import contextlib
import errno
import logging
import re
import sys
from typing import TextIO, cast

import structlog

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


def configure_logging(level: int = logging.INFO) -> None:
    """Configure structlog, and send what libraries log through the same form. Call once per process."""
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if sys.stdout.isatty() else structlog.processors.JSONRenderer()
    )
    shared_processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        without_contents,
    ]
    structlog.configure(
        processors=[*shared_processors, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Output())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared_processors],
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
    """What may be logged of an error: its class, and code, SQLSTATE, table and constraint or errno where it has them.

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
