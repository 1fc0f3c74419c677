"""The parts that the shell works with: a stage's pure core and effects, and the world around them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from shared.events import Event
from shared.kernel.errors import TransientError
from shared.workers.port import Workers

S = TypeVar("S")
A = TypeVar("A")
O = TypeVar("O")
A_contra = TypeVar("A_contra", contravariant=True)
O_co = TypeVar("O_co", covariant=True)


@dataclass(frozen=True)
class Core(Generic[S, A, O]):
    """A stage's pure functions. They never raise for events they do not know, and doing nothing is `()` or None.

    `evolve` sees the request first, then every later event of the course (those of other runs and stages must leave
    the state as it is). `next_action` is None when nothing is left. `decide` gives the facts an outcome adds to the
    state: `()` when the state has them already. `plan` gives what the event of a start says beside the attempt.
    """

    initial: S
    evolve: Callable[[S, Event], S]
    next_action: Callable[[S], A | None]
    decide: Callable[[S, O], tuple[Event, ...]]
    plan: Callable[[S], Mapping[str, Any]] = lambda _: {}


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


class Interrupts(Protocol):
    """Tells a running stage at once that its course was deleted or a cancel asked for."""

    def watch(self, course_id: str) -> contextlib.AbstractAsyncContextManager[asyncio.Event]: ...


class DeadLetters(Protocol):
    """Where requests go that cannot be worked on, with their original bytes."""

    async def put(self, stage: str, course_id: str, seq: int, body: bytes, reason: str) -> None: ...


ProgressSink = Callable[[str, str, str, str, int], Any]

# Worker processes for one attempt of a run; they end with the block.
WorkerSource = Callable[[], contextlib.AbstractAsyncContextManager[Workers]]
