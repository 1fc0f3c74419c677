"""Running a program of a stranger, as its users see it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from shared.kernel.errors import PermanentError

RunLanguage = Literal["python", "javascript", "sql"]
Verdict = Literal["finished", "wrong_answer", "runtime_error", "time_limit", "memory_limit", "output_limit"]

_MIB = 1024 * 1024


@dataclass(frozen=True)
class CodeLimits:
    """What one program may use. Processor time and memory are those of all its processes together."""

    processor_seconds: float = 2.0
    seconds: float = 5.0
    memory_bytes: int = 128 * _MIB
    processes: int = 60
    output_bytes: int = 64 * 1024
    disk_bytes: int = 16 * _MIB
    files: int = 1000


@dataclass(frozen=True)
class Case:
    """What a program is given, and what it has to print; spaces at the ends of lines and of the text do not count."""

    stdin: str
    stdout: str


@dataclass(frozen=True)
class Result:
    """`exit` is the code, negative for a signal, or None when the program was ended. `seconds` by the clock on the
    wall. `tests`: the verdict about each test, in order, up to the first that did not end well; then the other values
    are those of the last.
    """

    verdict: Verdict
    stdout: str
    stderr: str
    exit: int | None
    seconds: float
    memory_bytes: int
    tests: Sequence[Verdict] = field(default=())


class CodeRefused(PermanentError):
    """This place does not run programs of the language; the message says why."""

    code = "code_not_run"


class Runner(Protocol):
    """A place where programs are run."""

    async def run(self, language: RunLanguage, source: str, stdin: str, tests: Sequence[Case] = ()) -> Result:
        """Run it once with `stdin`, or once for each test. Raises CodeRefused, and TransientError for a place that is
        away.
        """
        ...


def is_same(printed: str, expected: str) -> bool:
    """Whether a program printed what it had to."""
    return [line.rstrip() for line in printed.rstrip().splitlines()] == [
        line.rstrip() for line in expected.rstrip().splitlines()
    ]
