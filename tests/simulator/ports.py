"""The world of a process of the simulation: the log, blobs, interrupts and dead letters, each with faults."""

import asyncio
import contextlib
import contextvars
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any, BinaryIO, Literal, Protocol

from shared.event_log.following import JetStreamFollowed
from shared.event_log.port import History, NewEvent, Recorded, Unreadable
from shared.events import Aggregate, Event
from shared.events.gateway import CourseDeleted, StageCancelRequested
from shared.events.registry import REGISTRY
from shared.kernel.errors import NotFound, PermanentError, TransientError
from tests.simulator.chaos import Chaos
from tests.simulator.loop import CURRENT, Process, SimulatedLoop

# Who handles a delivery or a command, for the oracle: one writer per handling, also in the same process.
WRITER: contextvars.ContextVar[str] = contextvars.ContextVar("writer", default="")
# What the writer is about to append, and the last sequence it saw.
APPENDING: contextvars.ContextVar[tuple[tuple[NewEvent, ...], int]] = contextvars.ContextVar("appending")


class Witness(Protocol):
    """Sees every append that a writer was told is stored, or can never be."""

    def acknowledged(self, writer: str, events: Sequence[NewEvent], expected_seq: int, seq: int) -> None: ...

    def refused_for_good(self, writer: str, error: PermanentError) -> None: ...


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
    """See EventLog: the real one on JetStream, one for each process that uses it; `make` makes it."""

    def __init__(self, make: Callable[[Process | None], JetStreamFollowed], witness: Witness) -> None:
        self._make, self._witness = make, witness
        self._logs: dict[Process | None, JetStreamFollowed] = {}

    known = REGISTRY

    def of(self, _: Aggregate) -> "SimulatedLog":
        """See EventLog.of; there are only courses."""
        return self

    def _mine(self) -> JetStreamFollowed:
        process = CURRENT.get()
        if process not in self._logs:
            self._logs[process] = self._make(process)
        return self._logs[process]

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        """See EventLog.append."""
        APPENDING.set((tuple(events), expected_seq))
        try:
            seq = await self._mine().append(events, expected_seq)
        except PermanentError as error:
            self._witness.refused_for_good(WRITER.get(), error)
            raise
        self._witness.acknowledged(WRITER.get(), events, expected_seq, seq)
        return seq

    async def load(self, course_id: str, from_seq: int = 1) -> History:
        """See EventLog.load."""
        return await self._mine().load(course_id, from_seq)

    async def read(
        self, course_id: str, from_seq: int = 1, *, to_seq: int | None = None, limit: int | None = None,
        only: type[Event] | None = None,
    ) -> list[Recorded]:  # fmt: skip
        """See EventLog.read."""
        return await self._mine().read(course_id, from_seq, to_seq=to_seq, limit=limit, only=only)

    async def last_seq(self, course_id: str) -> int:
        """See EventLog.last_seq."""
        return await self._mine().last_seq(course_id)

    async def end(self) -> int:
        """See EventLog.end."""
        return await self._mine().end()

    async def holds(self, seq: int, event_id: str | None) -> bool:
        """See EventLog.holds."""
        return await self._mine().holds(seq, event_id)

    def follow(self, from_seq: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """See FollowedLog.follow."""
        return self._mine().follow(from_seq)


class SimulatedBlobs:
    """See BlobBackend: a dictionary, durable as soon as a put returns."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._stored: dict[str, bytes] = {}
        self._times: dict[str, datetime] = {}

    async def put(self, key: str, data: bytes) -> None:
        await self._network.trip()
        if self._network.happens(self._network.chaos.transient / 4):
            raise TransientError("The blob store is away")
        self._stored[key] = data
        self._times[key] = datetime.fromtimestamp(asyncio.get_running_loop().time(), UTC)

    async def renew(self, key: str, data: bytes | BinaryIO) -> None:
        await self.put(key, data if isinstance(data, bytes) else data.read())

    async def listing(self, prefix: str) -> AsyncIterator[tuple[str, datetime]]:
        for key in await self.keys(prefix):
            yield key, self._times[key]

    async def delete_old(self, key: str, since: datetime) -> int:
        return await self.delete(key) if key in self._stored and self._times[key] < since else 0

    async def get(self, key: str) -> bytes:
        if self._network.happens(self._network.chaos.transient / 4):
            raise TransientError("The blob store is away")
        if key not in self._stored:
            raise NotFound(f"No blob {key}")
        return self._stored[key]

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        return (await self.get(key))[start:end]

    def signed(self, method: Literal["GET", "PUT"], key: str, seconds: int) -> str | None:
        return None

    async def size(self, key: str) -> int:
        return len(await self.get(key))

    async def move(self, key: str, to: str) -> None:
        self._stored[to], self._times[to] = self._stored.pop(key), self._times.pop(key)

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
    """See shared.stage.port.Interrupts."""

    def __init__(self, switchboard: Switchboard, process: Process) -> None:
        self._switchboard, self._process = switchboard, process

    def watch(self, course_id: str) -> contextlib.AbstractAsyncContextManager[asyncio.Event]:
        return self._switchboard.watch(self._process, course_id)
