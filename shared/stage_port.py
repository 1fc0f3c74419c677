"""The parts of a stage that the shell (shared/stage.py) works with: a pure core, and effects that perform actions."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from shared.errors import TransientError
from shared.events import Event
from shared.events.base import StageStarted

S = TypeVar("S")
A = TypeVar("A")
O = TypeVar("O")
R = TypeVar("R")
A_contra = TypeVar("A_contra", contravariant=True)
O_co = TypeVar("O_co", covariant=True)


MOST_PIECES = 10
"""The `pieces` of work about everything there is: see Workers."""


@dataclass(frozen=True)
class Core(Generic[S, A, O]):
    """A stage's pure functions. They never raise for events they do not know, and doing nothing is `()` or None.

    `evolve` sees the request first, then every later event of the course (those of other runs and stages must leave
    the state as it is). `next_action` is None when nothing is left. `decide` gives the facts an outcome adds to the
    state: `()` when the state has them already. `started` builds the event that says what an attempt is about.
    """

    initial: S
    evolve: Callable[[S, Event], S]
    next_action: Callable[[S], A | None]
    decide: Callable[[S, O], tuple[Event, ...]]
    started: Callable[[S, int, str], StageStarted]


class Workers(Protocol):
    """Worker processes of one run. Pure work on strangers' text is done there: it can be bounded and killed.

    - `work` is pickled, so it is a function of a module or a partial of one.
    - `about` names the document or module in messages to users; `key` is its id in log lines, which hold nothing that
      users wrote.
    - `pieces` says how many documents or modules the work is about. The limit of processor time is for one; MOST_PIECES
      or more have that many times as much. Work about several has a process of its own, which ends with it.

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

    async def run(self, work: Callable[[], R], *, about: str = "", key: str = "", pieces: int = 1) -> R:
        """The value of `work()`."""
        ...

    async def run_prepared(self, work: Callable[[Any], R], *, about: str = "", key: str = "", pieces: int = 1) -> R:
        """The value of `work(prepared)`."""
        ...


Ask = Callable[[str, bytes], Awaitable[bytes]]
"""A question to another process, by its subject. Raises TransientError when there is no answer now."""


async def ask_nobody(subject: str, question: bytes) -> bytes:
    """An `Ask` that finds nobody to answer."""
    raise TransientError("There is no answer from the rest of the system yet", code="no_answer")


@dataclass(frozen=True)
class Run:
    """The run being worked on. `progress(step, percent)` shows users finer progress than facts do (best effort).

    `workers` are the run's own, and are killed when the attempt ends.
    """

    course_id: str
    run_id: str
    progress: Callable[[str, int], Awaitable[None]]
    workers: Workers
    ask: Ask = ask_nobody


class Effects(Protocol[A_contra, O_co]):
    """Does one action. Yields outcomes as they come, in any order; each is recorded before the next is asked for.

    Raises TransientError (tried again later) or PermanentError (the run fails with its message). Cancelled by task
    cancellation at any await; must clean up after itself.
    """

    def perform(self, action: A_contra, run: Run) -> AsyncGenerator[O_co, None]: ...
