"""Worker processes of a host: one that has loaded the libraries, and for each run a few that are forked from it."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

import structlog

from shared.kernel.errors import Defect
from shared.workers.clock import ProcessClock
from shared.workers.limits import LimitPassed, Limits, RunLimitPassed
from shared.workers.memory import give_back
from shared.workers.messages import Answer, Call, NotPlain, read_as
from shared.workers.port import MOST_PIECES
from shared.workers.process import WorkerLost, WorkerProcess

R = TypeVar("R")

log = structlog.get_logger(__name__)

_LOADING_SECONDS = 120.0
# Work that takes longer than this gives way to all other work, and is named in the log.
_SLOW_SECONDS = 2.0
_SLOW_NICENESS = 10
# How often a piece of work is begun when something outside kills its process.
_TRIES = 3
# A worker that holds this much more than at its start makes way for a new one: most work needs a few MiB.
_MOST_GROWN_BYTES = 48 * 1024 * 1024


class WorkerPool:
    """The worker processes of one host process. `loads` are done in the process the others are forked from, in this
    order; a fork that is asked for meanwhile has its turn between two of them. `start` starts that process.
    """

    def __init__(
        self,
        size: int,
        limits: Limits,
        loads: Sequence[Callable[[], object]] = (),
        start: Callable[[], WorkerProcess] = lambda: WorkerProcess.start(os.environ),
    ) -> None:
        self._size, self._limits, self._loads, self._start = size, limits, loads, start
        self._root: WorkerProcess | None = None
        self._loading: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to load, if there is something to load and it was not begun before."""
        if self._loads:
            with contextlib.suppress(WorkerLost):  # a run will say it, if it lasts
                self._begin()

    def _begin(self) -> WorkerProcess:
        if self._root is None:
            try:
                self._root = self._start()
            except OSError as error:
                raise WorkerLost("A worker process cannot be started") from error
            self._loading = asyncio.create_task(self._load(self._root))
        return self._root

    async def _load(self, root: WorkerProcess) -> None:
        with contextlib.suppress(WorkerLost, RunLimitPassed):
            for load in self._loads:
                answer = await root.ask(Call(load, _LOADING_SECONDS, keep=True))
                if not answer.is_good:  # a run that needs what is missing will say what is wrong
                    log.error("loading_failed", out_of_time=answer.out_of_time, exception=answer.trace)

    @contextlib.asynccontextmanager
    async def session(self) -> AsyncIterator["WorkerSession"]:
        """The workers of one run; they are killed when the block ends, whatever they do."""
        session = WorkerSession(self, self._size, self._limits)
        try:
            yield session
        finally:
            session.kill()
            give_back()

    async def fork(self, memory_bytes: int) -> WorkerProcess:
        """A worker that has loaded what there was time for. Raises WorkerLost when a new root does not help either."""
        for is_last in (False, True):
            root = self._begin()
            try:
                return await root.fork(memory_bytes)
            except WorkerLost:
                if self._root is root:
                    self._root = None
                    await root.end()
                if is_last:
                    raise
        raise AssertionError

    async def close(self) -> None:
        """Kill the process that others are forked from, which ends them too, and wait for its end."""
        if self._root is not None:
            await self._root.end()
        if self._loading is not None:
            await self._loading


class WorkerSession:
    """See shared.workers.port.Workers."""

    def __init__(self, pool: WorkerPool, size: int, limits: Limits) -> None:
        self._pool, self._limits = pool, limits
        self._slots = asyncio.Semaphore(size)
        self._holder: WorkerProcess | None = None
        self._idle: list[WorkerProcess] = []
        self._busy: set[WorkerProcess] = set()
        self.processor_seconds = 0.0

    @property
    def is_prepared(self) -> bool:
        return self._holder is not None

    async def prepare(self, work: Callable[[], Any], *, about: str, pieces: int) -> None:
        holder = await self._pool.fork(self._limits.memory_bytes)
        self._busy.add(holder)
        try:
            await self._timed(holder, Call(work, self._seconds(pieces), keep=True), self._limits, about, "")
            self._holder = holder
            self._kill_idle()  # they were forked before, and know nothing of it
            give_back()  # the host has sent what the work was done on
        finally:
            self._busy.discard(holder)

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
        seconds = limits.processor_seconds if limits else self._seconds(pieces)
        call = Call(work, seconds, is_large=pieces > 1 or limits is not None)
        value: R = _read(gives, await self._run(call, limits or self._limits, about, key), about)
        return value

    async def run_prepared(
        self, work: Callable[[Any], R], gives: Any = Any, *, about: str = "", key: str = "", pieces: int = 1
    ) -> R:
        assert self._holder is not None
        call = Call(work, self._seconds(pieces), on_prepared=True, is_large=pieces > 1)
        value: R = _read(gives, await self._run(call, self._limits, about, key), about)
        return value

    def _seconds(self, pieces: int) -> float:
        return self._limits.processor_seconds * max(1, min(pieces, MOST_PIECES))

    async def _run(self, call: Call, limits: Limits, about: str, key: str) -> Any:
        async with self._slots:
            lost = 0
            while lost < _TRIES:
                if call.is_large:
                    self._kill_idle()  # not one byte for processes that wait, while the largest work is done
                is_fresh = not self._idle
                worker = await self._fork(limits.memory_bytes) if is_fresh else self._idle.pop()
                self._busy.add(worker)
                try:
                    return await self._timed(worker, call, limits, about, key)
                except WorkerLost:
                    self._kill_idle()  # what killed one may have killed all
                    lost += is_fresh  # one that waited may have been dead before it was asked
                finally:
                    self._busy.discard(worker)
        # A library in C that gets no more memory ends its process.
        most = f"{limits.memory_bytes // 1024**2} MiB of memory"
        raise LimitPassed(about, f"ends the process that works on it each time; it may need more than {most}")

    async def _fork(self, memory_bytes: int) -> WorkerProcess:
        return await (self._holder or self._pool).fork(memory_bytes)

    async def _timed(self, worker: WorkerProcess, call: Call, limits: Limits, about: str, key: str) -> Any:
        """The value of a call. The worker is idle after that, or dead."""
        began = time.monotonic()
        loop = asyncio.get_running_loop()
        slow = None if call.keep else loop.call_later(_SLOW_SECONDS, worker.slow_down, _SLOW_NICENESS)
        answer: Answer | None = None
        try:
            answer = await self._watched(worker, call, about)
        finally:
            seconds = time.monotonic() - began
            if slow is not None:
                slow.cancel()
            self._note(worker, call, key, answer, seconds)
        return _value_of(answer, replace(limits, processor_seconds=call.processor_seconds), about)

    async def _watched(self, worker: WorkerProcess, call: Call, about: str) -> Answer:
        """The answer. A worker that does not hear its timer, or that stands still, is overdue: LimitPassed."""
        asking = asyncio.create_task(worker.ask(call))
        clock = ProcessClock(worker.pid, call.processor_seconds)
        try:
            while not (await asyncio.wait({asking}, timeout=clock.look_every_seconds))[0]:
                if reason := clock.overdue():
                    raise LimitPassed(about, reason)
            return asking.result()
        finally:
            if not asking.done():
                asking.cancel()
                await asyncio.gather(asking, return_exceptions=True)

    def _note(self, worker: WorkerProcess, call: Call, key: str, answer: Answer | None, seconds: float) -> None:
        spent = 0.0 if answer is None else answer.processor_seconds
        self.processor_seconds += spent
        if answer is None or answer.out_of_memory or (not call.keep and _is_used_up(call, answer, seconds)):
            worker.kill()
        elif not call.keep:
            self._idle.append(worker)
        is_ended = answer is None and seconds > _SLOW_SECONDS  # killed; else its run ended for a reason of its own
        if is_ended or (answer is not None and answer.out_of_time) or spent > _SLOW_SECONDS:
            log.info("slow_work", key=key, seconds=round(seconds, 2), processor_seconds=round(spent, 2))

    def _kill_idle(self) -> None:
        for worker in self._idle:
            worker.kill()
        self._idle = []

    def kill(self) -> None:
        """End every process of the run."""
        self._kill_idle()
        for worker in self._busy:
            worker.kill()
        if self._holder is not None:
            self._holder.kill()


def _is_used_up(call: Call, answer: Answer, seconds: float) -> bool:
    """Whether a worker has grown too large to be kept, or was slowed down: it cannot be made quick again."""
    return call.is_large or answer.grown_bytes > _MOST_GROWN_BYTES or seconds > _SLOW_SECONDS


def _value_of(answer: Answer, allowed: Limits, about: str) -> Any:
    if answer.out_of_time:
        raise LimitPassed(about, allowed.time_passed)
    if answer.out_of_memory:
        raise LimitPassed(about, f"needs more than {allowed.memory_bytes // 1024**2} MiB of memory")
    if answer.defect:
        raise Defect(about or "The run", answer.defect, answer.trace)
    if answer.error is not None:
        raise answer.error.error()
    return answer.value


def _read(gives: Any, plain: object, about: str) -> Any:
    try:
        return read_as(gives, plain)
    except NotPlain as error:
        raise Defect(about or "The run", str(error), "") from error
