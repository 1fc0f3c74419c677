"""Running a program of a stranger, as its users see it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
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
    wall. `tests`: the verdict about each case, in order, up to the first that did not end well; then the other values
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
    """The place runs no programs of the language; the message says why."""

    code = "code_not_run"


class Runner(Protocol):
    """A place where programs are run."""

    async def run(self, language: RunLanguage, source: str, stdin: str, cases: Sequence[Case] = ()) -> Result:
        """Run it once with `stdin`, or once for each case. Raises CodeRefused, and TransientError for a place that is
        away.
        """
        ...


async def judge(
    once: Callable[[str], Awaitable[Result]], stdin: str, cases: Sequence[Case], most_seconds: float
) -> Result:
    """Run a program with `stdin`, or with the input of each case until one does not end well or all together have
    taken `most_seconds`.
    """
    if not cases:
        return await once(stdin)
    verdicts: list[Verdict] = []
    seconds = 0.0
    for case in cases:
        result = await once(case.stdin)
        seconds += result.seconds
        if seconds > most_seconds and result.verdict == "finished":
            result = replace(result, verdict="time_limit")
        is_wrong = result.verdict == "finished" and _lines(result.stdout) != _lines(case.stdout)
        verdicts.append("wrong_answer" if is_wrong else result.verdict)
        if verdicts[-1] != "finished":
            break
    return replace(result, verdict=verdicts[-1], tests=verdicts)


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]
