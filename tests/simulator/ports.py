"""What a process of the simulation has of the world: the log, blobs, interrupts and dead letters, each with faults."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from random import Random
from typing import Any, Protocol

from shared.errors import CoursewrightError, LogUnavailable, NotFound, TransientError
from shared.event_log.memory import MemoryLog
from shared.event_log.port import History, NewEvent, Recorded, Unreadable, up_to
from shared.events.gateway import CourseDeleted, StageCancelRequested
from tests.simulator.chaos import Chaos
from tests.simulator.loop import Process, SimulatedLoop

# Who handles a delivery or a command, for the oracle: one writer per handling, also in the same process.
WRITER: contextvars.ContextVar[str] = contextvars.ContextVar("writer", default="")


class Witness(Protocol):
    """Sees every append that the log took, with its writer."""

    def appended(self, writer: str, events: Sequence[NewEvent], expected_seq: int, seq: int) -> None: ...


class Network:
    """Delays and faults of everything that is not in the same process."""

    def __init__(self, loop: SimulatedLoop, random: Random, chaos: Chaos) -> None:
        self.loop, self.random, self.chaos = loop, random, chaos

    def happens(self, rate: float) -> bool:
        """One draw. A rate of nothing draws nothing."""
        return rate > 0 and self.random.random() < rate

    async def trip(self) -> None:
        """One way over the network: a point where others run, and sometimes time."""
        if self.happens(self.chaos.slow):
            await asyncio.sleep(self.random.uniform(0.01, 4.0))
        else:
            await asyncio.sleep(0)

    def outside(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Run in no process: neither killed nor frozen with whoever asked for it."""
        return self.loop.create_task(work, context=contextvars.Context())

    def later(self, process: Process | None, delay_seconds: float, call: Callable[[], None]) -> None:
        """Call in a process, or in none, after a delay."""
        context = contextvars.Context() if process is None else process.context.copy()
        self.loop.call_later(delay_seconds, call, context=context)


class SimulatedLog:
    """See EventLog: one process's way to the log."""

    def __init__(self, network: Network, store: MemoryLog, witness: Witness) -> None:
        self._network, self._store, self._witness = network, store, witness

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        """See EventLog.append."""
        network, chaos = self._network, self._network.chaos
        await network.trip()
        if network.happens(chaos.log_away):
            raise LogUnavailable("The log is away")
        if network.happens(chaos.stored_late):
            writer = WRITER.get()
            network.later(
                None, network.random.uniform(0.1, 30), lambda: self._arrive_late(writer, events, expected_seq)
            )
            raise LogUnavailable("The log is slow")
        seq = await self._store_now(WRITER.get(), events, expected_seq)
        await network.trip()
        if network.happens(chaos.answer_lost):
            raise LogUnavailable("The answer was lost")
        return seq

    async def _store_now(self, writer: str, events: Sequence[NewEvent], expected_seq: int) -> int:
        seq = await self._store.append(events, expected_seq)
        self._witness.appended(writer, events, expected_seq, seq)
        return seq

    def _arrive_late(self, writer: str, events: Sequence[NewEvent], expected_seq: int) -> None:
        async def arrive() -> None:
            with contextlib.suppress(CoursewrightError):  # nobody waits for what comes of it
                await self._store_now(writer, events, expected_seq)

        self._network.outside(arrive())

    async def load(self, course_id: str, from_seq: int = 1) -> History:
        """See EventLog.load."""
        await self._network.trip()
        if self._network.happens(self._network.chaos.log_away):
            raise LogUnavailable("The log is away")
        found = await self._store.load(course_id, from_seq)
        await self._network.trip()
        return found

    async def read(
        self, course_id: str, from_seq: int = 1, *, to_seq: int | None = None, limit: int | None = None
    ) -> list[Recorded]:
        """See EventLog.read."""
        return up_to((await self.load(course_id, from_seq)).events, to_seq, limit)

    async def last_seq(self, course_id: str) -> int:
        """See EventLog.last_seq."""
        await self._network.trip()
        return await self._store.last_seq(course_id)

    async def end(self) -> int:
        """See EventLog.end."""
        await self._network.trip()
        return await self._store.end()

    def follow(self, from_seq: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """See EventLog.follow."""
        return self._store.follow(from_seq)


class SimulatedBlobs:
    """See BlobBackend: a dictionary, durable as soon as a put returns."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._stored: dict[str, bytes] = {}

    async def put(self, key: str, data: bytes) -> None:
        await self._network.trip()
        if self._network.happens(self._network.chaos.transient / 4):
            raise TransientError("The blob store is away")
        self._stored[key] = data

    async def get(self, key: str) -> bytes:
        if self._network.happens(self._network.chaos.transient / 4):
            raise TransientError("The blob store is away")
        if key not in self._stored:
            raise NotFound(f"No blob {key}")
        return self._stored[key]

    async def keys(self, prefix: str) -> list[str]:
        return sorted(key for key in self._stored if key.startswith(prefix))

    async def delete_prefix(self, prefix: str) -> int:
        keys = await self.keys(prefix)
        for key in keys:
            del self._stored[key]
        return len(keys)

    async def folders(self, prefix: str) -> list[str]:
        return sorted({prefix + key.removeprefix(prefix).split("/")[0] for key in await self.keys(prefix)})

    async def delete(self, key: str) -> int:
        return int(self._stored.pop(key, None) is not None)


class Switchboard:
    """Carries deletions and cancel requests to the processes that watch, late or not at all."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._watching: list[tuple[Process, str, asyncio.Event]] = []

    def tell(self, recorded: Recorded) -> None:
        """An event was stored."""
        if not isinstance(recorded.event, CourseDeleted | StageCancelRequested):
            return
        for process, course_id, heard in self._watching:
            if course_id == recorded.event.course_id and not self._network.happens(self._network.chaos.interrupt_lost):
                self._network.later(process, self._network.random.uniform(0.0, 1.0), heard.set)

    @contextlib.asynccontextmanager
    async def watch(self, process: Process, course_id: str) -> AsyncIterator[asyncio.Event]:
        """See Interrupts.watch."""
        entry = (process, course_id, asyncio.Event())
        self._watching.append(entry)
        try:
            yield entry[2]
        finally:
            self._watching.remove(entry)


class Interrupts:
    """See shared.stage.Interrupts."""

    def __init__(self, switchboard: Switchboard, process: Process) -> None:
        self._switchboard, self._process = switchboard, process

    def watch(self, course_id: str) -> contextlib.AbstractAsyncContextManager[asyncio.Event]:
        return self._switchboard.watch(self._process, course_id)
