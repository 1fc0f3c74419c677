"""The limits of one piece of work, and the error that is raised past them."""

import contextlib
import resource
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from shared.kernel.errors import PermanentError

# An exception that is raised inside a finaliser is dropped, so the timer rings again.
_AGAIN_SECONDS = 1.0
_SOON_SECONDS = 0.001


@dataclass(frozen=True)
class Limits:
    """`processor_seconds` bounds one piece of work, `memory_bytes` what a worker process may add to its parent's."""

    processor_seconds: float = 20.0
    memory_bytes: int = 400 * 1024 * 1024

    @property
    def time_passed(self) -> str:
        """The message about a piece of work that needs more time."""
        return f"needs more than {self.processor_seconds:g} s of processor time"


class LimitPassed(PermanentError):
    """A piece of work needed more than it may use. `reason` says what, for users, and follows the name of the piece."""

    code = "limit_passed"

    def __init__(self, about: str, reason: str) -> None:
        super().__init__(f"{about or 'The work'} {reason}")
        self.reason = reason


class RunLimitPassed(PermanentError):
    """All processes of a run together needed more than a run may use: the run fails, and no document is to blame."""

    code = "run_limit_passed"


class OutOfTime(BaseException):
    """Raised inside a piece of work by the timer. Not an Exception: pure code that goes on after errors must not."""


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise OutOfTime inside the block after `seconds` of processor time of this process. For the main thread.

    Blocks nest. A regular expression is interrupted too. A C library is not, until it returns: the host kills it.
    """

    def ring(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    handler = signal.signal(signal.SIGPROF, ring)
    outer, _ = signal.getitimer(signal.ITIMER_PROF)
    seconds = min(seconds, outer) if outer else seconds
    signal.setitimer(signal.ITIMER_PROF, seconds, _AGAIN_SECONDS)
    try:
        yield
    finally:
        left, _ = signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, handler)
        if outer:
            signal.setitimer(signal.ITIMER_PROF, max(outer - (seconds - left), _SOON_SECONDS), _AGAIN_SECONDS)


def bound_memory(memory_bytes: int) -> None:
    """Let this process add `memory_bytes` to what it has; more is a MemoryError. Only Linux counts and refuses."""
    if sys.platform != "linux":
        return
    status = Path("/proc/self/status").read_text(encoding="ascii")
    has = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:"))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (has + memory_bytes, hard))
