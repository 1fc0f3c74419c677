"""Worker processes as a stage sees them."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from shared.workers.limits import Limits

R = TypeVar("R")

MOST_PIECES = 10
"""The `pieces` of work about everything there is: see Workers."""


class Workers(Protocol):
    """Worker processes of one run. Pure work on strangers' text is done there: it can be bounded and killed.

    - `work` is pickled, so it is a function of a module or a partial of one. Its value comes back as plain data, and is
      read as the type that it `gives`: a worker that is captured can send no object of a class.
    - `about` names the document or module in messages to users; `key` is its id in log lines, which hold nothing that
      users wrote.
    - `pieces` says how many documents or modules the work is about. The limit of processor time is for one; MOST_PIECES
      or more have that many times as much. Work about several has a process of its own, which ends with it.
    - `limits` are its own, instead of those of the run; it has a process of its own, too.

    Raises LimitPassed past a limit of processor time, wall time or memory; Defect for an error that is not a
    CoursewrightError; WorkerLost when the process that holds what was prepared has died. A caller that is cancelled
    leaves no work behind: the process is killed.
    """

    processor_seconds: float  # used so far

    @property
    def is_prepared(self) -> bool:
        """Whether `prepare` has ended."""
        ...

    async def prepare(self, work: Callable[[], Any], *, about: str, pieces: int) -> None:
        """Do work once whose value `run_prepared` finds in every process; it is never sent."""
        ...

    async def run(
        self,
        work: Callable[[], R],
        gives: Any = Any,
        *,
        about: str = "",
        key: str = "",
        pieces: int = 1,
        limits: Limits | None = None,
    ) -> R:
        """The value of `work()`."""
        ...

    async def run_prepared(
        self, work: Callable[[Any], R], gives: Any = Any, *, about: str = "", key: str = "", pieces: int = 1
    ) -> R:
        """The value of `work(prepared)`."""
        ...
