"""An event loop whose time is virtual, whose order is a seed's, and whose processes can die or freeze at any await.

What runs belongs to a process by its context. Before each step the next handle is drawn from all that are ready; a
dead process's handles are never run, a frozen one's wait until it wakes.
"""

import asyncio
import contextvars
import heapq
import itertools
from collections import deque
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, Literal

CURRENT: "contextvars.ContextVar[Process | None]" = contextvars.ContextVar("process", default=None)


class Process:
    """A process of the simulation. `clock_offset` is how far its wall clock is off, in seconds."""

    def __init__(self, loop: "SimulatedLoop", name: str) -> None:
        self.name = name
        self.state: Literal["running", "frozen", "dead"] = "running"
        self.clock_offset = 0.0
        self.parked: list[asyncio.Handle] = []
        self._loop = loop
        self.context = contextvars.copy_context()
        self.context.run(CURRENT.set, self)

    def spawn(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Run in this process."""
        return self._loop.create_task(work, context=self.context.copy())

    def kill(self) -> None:
        """From now on nothing of it runs, as after kill -9."""
        self.state = "dead"

    def freeze(self) -> None:
        """Nothing of it runs until `thaw`, as between SIGSTOP and SIGCONT."""
        self.state = "frozen"

    def thaw(self) -> None:
        """Go on where it stood."""
        if self.state == "frozen":
            self.state = "running"
            self._loop.take_back(self)


class _Task(asyncio.Task[Any]):
    """A task whose place in a set does not depend on its address."""

    def __init__(self, *arguments: Any, number: int, **options: Any) -> None:
        self._number = number
        super().__init__(*arguments, **options)

    def __hash__(self) -> int:
        return self._number


class SimulatedLoop(asyncio.BaseEventLoop):
    """`before_step(process)` is asked before each step of a process and may kill or freeze it."""

    _ready: "deque[asyncio.Handle]"
    _scheduled: list[asyncio.TimerHandle]

    def __init__(self, random: Random, before_step: Callable[[Process], None]) -> None:
        super().__init__()
        self.steps = 0
        self.stalled = False
        self.errors: list[dict[str, Any]] = []
        self.stop_when: Callable[[], bool] = lambda: False
        self._random, self._before_step = random, before_step
        self._now = 0.0
        self._numbers = itertools.count(1)
        self.set_task_factory(self._make_task)
        self.set_exception_handler(lambda _, context: self.errors.append(context))

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> "asyncio.Future[Any]":  # type: ignore[override]
        """What is given to a thread is done at once, so that nothing depends on the machine."""
        done = self.create_future()
        done.set_result(func(*args))
        return done

    def _make_task(self, loop: Any, work: Any, **options: Any) -> "asyncio.Task[Any]":
        return _Task(work, loop=loop, number=next(self._numbers), **options)

    def time(self) -> float:
        """Virtual seconds since the beginning."""
        return self._now

    def take_back(self, process: Process) -> None:
        """Let what was parked of a process run."""
        self._ready.extend(process.parked)
        process.parked.clear()

    def _write_to_self(self) -> None:
        """There is no other thread to wake."""

    def _run_once(self) -> None:
        self._collect_due()
        if not self._ready and not self._advance():
            self.stalled = True
            self.stop()
            return
        self._ready.rotate(-self._random.randrange(len(self._ready)))
        handle = self._ready.popleft()
        process = handle._context.get(CURRENT)  # type: ignore[attr-defined]
        if process is not None:
            if process.state == "running":
                self._before_step(process)
            if process.state != "running":
                process.parked.append(handle)
                return
        self.steps += 1
        if not handle.cancelled():
            handle._run()
        if self.stop_when():
            self.stop()

    def _collect_due(self) -> None:
        while self._scheduled and self._scheduled[0].when() <= self._now:
            timer = heapq.heappop(self._scheduled)
            timer._scheduled = False  # type: ignore[attr-defined]
            if not timer.cancelled():
                self._ready.append(timer)

    def _advance(self) -> bool:
        """Move time to the next timer; False when there is none."""
        while self._scheduled:
            if not self._scheduled[0].cancelled():
                self._now = max(self._now, self._scheduled[0].when())
                self._collect_due()
                return bool(self._ready)
            heapq.heappop(self._scheduled)._scheduled = False  # type: ignore[attr-defined]
        return False

    def end(self, processes: list[Process]) -> None:
        """Let every task come to its end, the dead ones' too, after the simulation is over."""
        for process in processes:
            process.state = "running"
            self.take_back(process)
        self._before_step = lambda _: None
        self.stop_when = lambda: False
        left = asyncio.all_tasks(self)
        for _ in range(50):
            if not left:
                break
            for task in sorted(left, key=hash):
                task.cancel()
            self.run_until_complete(asyncio.wait(left, timeout=1.0))
            left = asyncio.all_tasks(self)
        self.close()
