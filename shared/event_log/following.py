"""Following a stream of JetStream: stored messages are read, new ones are pushed."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, Protocol

from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy

from shared.event_log.codec import decode
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import EventLog, Recorded, Unreadable
from shared.event_log.stored import read_batch, read_events
from shared.events import Aggregate
from shared.kernel.errors import LogUnavailable
from shared.kernel.ids import new_id

_FOLLOW_BATCH = 2000
_AHEAD = 2 * _FOLLOW_BATCH
_IDLE_SECONDS = 1.0
# A message that comes so soon after the last batch was taken is one of many: those of the next moment go with it.
_GATHER_SECONDS = 0.05


class FreshlyNamed(ConsumerConfig):
    """A consumer with a new name each time it is made. Without one the server lets the request name any consumer, so
    the right to follow would be the right to change the durables of the stages.
    """

    def evolve(self, **params: Any) -> "FreshlyNamed":
        """Called by the client whenever it makes the consumer, the first time and again."""
        return super().evolve(name=f"follow-{new_id()}", **params)


class _Ahead:
    """Messages that were pushed and not yet taken. When there are too many, all later ones are let go: left with the
    client they would fill the memory, and then it drops some in the middle and passes on the next as if nothing were.
    """

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Msg] = asyncio.Queue(_AHEAD)
        self._is_full = False

    async def put(self, message: Msg) -> None:
        """Called by the client; never waits, or the client would keep what comes."""
        self._is_full = self._is_full or self.queue.full()
        if not self._is_full:
            self.queue.put_nowait(message)

    @property
    def is_over(self) -> bool:
        """Nothing is left, and what came after it was let go."""
        return self._is_full and self.queue.empty()


class FollowedLog(EventLog, Protocol):
    """An event log that is read as a whole too. The gateway's processes need it; a stage has no right to it."""

    def of(self, aggregate: Aggregate) -> "FollowedLog": ...

    def follow(self, from_seq: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """Every event of the stream from a sequence on, in batches, for ever; an empty batch means caught up."""
        ...


class JetStreamFollowed(JetStreamLog):
    """See FollowedLog."""

    async def follow(self, from_seq: int) -> AsyncGenerator[list[Recorded | Unreadable], None]:
        """See FollowedLog.follow. Stored messages are read at the reader's pace; later ones are pushed."""
        seq = max(from_seq, 1) - 1
        while True:
            for batches in (self._behind, self._coming):
                async with contextlib.aclosing(batches(seq + 1)) as following:
                    async for batch in following:
                        seq = batch[-1].seq if batch else seq
                        yield batch

    async def _behind(self, from_seq: int) -> AsyncGenerator[list[Recorded | Unreadable], None]:
        """The messages from a sequence on, with an empty batch at their end and when the log is silent: the follower
        says how long a silence may be.
        """
        more = True
        while more:
            try:
                stored, more = await read_batch(self._nc, self._stream.name, ">", from_seq, _FOLLOW_BATCH)
            except LogUnavailable:
                if self._nc.is_closed:
                    raise
                yield []
                await asyncio.sleep(_IDLE_SECONDS)  # a refusal comes at once, and would be asked for again and again
                continue
            if not stored:
                return
            from_seq = stored[-1].seq + 1
            yield read_events(stored, self.known)
        yield []

    async def _coming(self, from_seq: int) -> AsyncGenerator[list[Recorded | Unreadable], None]:
        """Messages as they come, until they come faster than they are taken. The ordered consumer is made again by
        itself after a gap or a restart.
        """
        ahead = _Ahead()
        # The right to follow is for these subjects; a consumer of several has to name them in another way.
        everything = [f"{one.prefix}.>" for one in self.known.on(self._stream)]
        several = everything if len(everything) > 1 else None
        subscription = await self._nc.jetstream().subscribe(
            everything[0],
            stream=self._stream.name,
            ordered_consumer=True,
            config=FreshlyNamed(
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=from_seq, filter_subjects=several
            ),
            cb=ahead.put,
        )
        try:
            while not ahead.is_over:
                batch, pending = await self._next_batch(ahead.queue)
                yield batch
                if batch and pending == 0:
                    yield []
        finally:
            await subscription.unsubscribe()

    async def _next_batch(self, queue: "asyncio.Queue[Msg]") -> tuple[list[Recorded | Unreadable], int]:
        asked = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(_IDLE_SECONDS):
                message = await queue.get()
        except TimeoutError:
            if self._nc.is_closed:
                raise LogUnavailable("The connection to the event log was closed") from None
            return [], 0
        if asyncio.get_running_loop().time() - asked < _GATHER_SECONDS:
            await asyncio.sleep(_GATHER_SECONDS)
        batch = [self._decoded(message)]
        while len(batch) < _FOLLOW_BATCH and not queue.empty():
            message = queue.get_nowait()
            batch.append(self._decoded(message))
        return batch, message.metadata.num_pending

    def _decoded(self, message: Msg) -> Recorded | Unreadable:
        return decode(message.subject, message.headers, message.data, message.metadata.sequence.stream, self.known)
