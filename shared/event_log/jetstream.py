"""The event log on JetStream, and the only publisher of events."""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncGenerator, Callable, Sequence
from datetime import UTC, datetime
from typing import Self

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import NoStreamResponseError

from shared.event_log.codec import encode
from shared.event_log.port import (
    History,
    NewEvent,
    Recorded,
    Unreadable,
    changed_meanwhile,
    id_reused,
    is_repeat,
    one_address,
    up_to,
)
from shared.event_log.stored import ALL, holds, last_seq, read_batches, read_events
from shared.events import Address, Aggregate, Event, Registry, subject_pattern, subjects_of
from shared.events.courses import COURSE, ONLY_COURSES
from shared.kernel.errors import LogUnavailable, PermanentError
from shared.kernel.ids import event_id
from shared.kernel.kill_points import KillPoint, reached

# What the server says of an append that was not stored now, by error code. "Again" means the same ids once more:
# the course's previous message is still in process, a queue is full, or a server that started again does not know the
# first part of a batch. "Look" means it may be stored already: the expectation is stale, which a repeat of our own
# append makes it, or a batch has a used id.
_AGAIN = {10164, 10158, 10167, 10176, 10210, 10211, 10008}
_STALE = 10071
_LOOK = {_STALE, 10201}
# "Full": the server, the account or the stream has no room for it.
_FULL = {10023, 10047, 10077}

_APPEND_DEADLINE_SECONDS = 2.5
_TRY_SECONDS = 1.0
# The server allows 50 atomic batches in flight per stream; several processes share that.
_BATCHES_IN_FLIGHT = 8

_UNKNOWN = "The event log did not answer in time: it may have been accepted, or may yet be"
_NO_ROOM = "The event log has no room; nothing was accepted"
_REFUSED = "The event log is away or too busy; nothing was accepted"


class _Refused(Exception):
    def __init__(self, code: int) -> None:
        self.code = code


class JetStreamLog:
    """See EventLog. One instance per process, connection and stream."""

    def __init__(
        self, nc: Client, clock: Callable[[], datetime] = lambda: datetime.now(UTC), *, aggregate: Aggregate = COURSE,
        known: Registry = ONLY_COURSES,
    ) -> None:  # fmt: skip
        self._nc = nc
        self._clock = clock
        self._prefix, self._stream = aggregate.prefix, aggregate.stream
        self.known = known
        self._batches = asyncio.Semaphore(_BATCHES_IN_FLIGHT)

    def of(self, aggregate: Aggregate) -> Self:
        if aggregate.prefix == self._prefix:
            return self
        return type(self)(self._nc, self._clock, aggregate=aggregate, known=self.known)

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        """See EventLog.append. An unclear outcome is settled by reading the aggregate, never guessed."""
        if not events:
            return expected_seq
        address = one_address(events)
        time = self._clock()
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _APPEND_DEADLINE_SECONDS
        unanswered = False
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    return await self._try_append(address, events, expected_seq, time)
            except _Refused as refusal:
                if refusal.code in _FULL:
                    raise LogUnavailable(_UNKNOWN if unanswered else _NO_ROOM) from refusal
                if refusal.code not in _AGAIN:
                    message = f"The event log refused an append ({refusal.code})"
                    raise PermanentError(message, code="log_refused") from refusal
            except (nats.errors.Error, NoStreamResponseError, TimeoutError, LogUnavailable) as error:
                unanswered |= not isinstance(error, nats.errors.NoRespondersError)  # nobody heard of it
            if loop.time() >= deadline:
                raise LogUnavailable(_UNKNOWN if unanswered else _REFUSED)
            await asyncio.sleep(random.uniform(0.002, 0.02))

    async def _try_append(self, address: Address, events: Sequence[NewEvent], expected_seq: int, time: datetime) -> int:
        try:
            if len(events) == 1:
                seq, duplicate = await self._publish(events[0], address, expected_seq, time)
            else:
                async with self._batches:
                    seq, duplicate = await self._publish_batch(events, address, expected_seq, time)
            if not duplicate:
                return seq
        except _Refused as refusal:
            if refusal.code not in _LOOK:
                raise
            duplicate = refusal.code != _STALE
        after = await self._after(subjects_of(*address[:2]), expected_seq)
        if is_repeat(events, after):
            return after[len(events) - 1].seq
        if duplicate and not after:
            raise id_reused(address)
        raise changed_meanwhile(address)

    def _headers(self, new: NewEvent, time: datetime) -> tuple[str, dict[str, str], bytes]:
        subject, headers, body = encode(new, time)
        headers["Nats-Msg-Id"] = new.id
        headers["Nats-Expected-Stream"] = self._stream.name
        return subject, headers, body

    @staticmethod
    def _expect(headers: dict[str, str], address: Address, expected_seq: int) -> None:
        headers["Nats-Expected-Last-Subject-Sequence"] = str(expected_seq)
        headers["Nats-Expected-Last-Subject-Sequence-Subject"] = subjects_of(*address[:2])

    async def _publish(self, new: NewEvent, address: Address, expected_seq: int, time: datetime) -> tuple[int, bool]:
        subject, headers, body = self._headers(new, time)
        self._expect(headers, address, expected_seq)
        reply = await self._nc.request(subject, body, timeout=_TRY_SECONDS, headers=headers)
        reached(KillPoint.event_sent, _writer(new))
        return self._ack(reply)

    async def _publish_batch(
        self, events: Sequence[NewEvent], address: Address, expected_seq: int, time: datetime
    ) -> tuple[int, bool]:
        batch_id = event_id(events[0].id, "batch", f"{expected_seq}|{random.getrandbits(64)}")
        reply: Msg | None = None
        for number, new in enumerate(events, start=1):
            subject, headers, body = self._headers(new, time)
            headers["Nats-Batch-Id"] = batch_id
            headers["Nats-Batch-Sequence"] = str(number)
            if number == 1:
                self._expect(headers, address, expected_seq)
                first = await self._nc.request(subject, body, timeout=_TRY_SECONDS, headers=headers)
                if first.data:
                    self._ack(first)
            elif number < len(events):
                await self._nc.publish(subject, body, headers=headers)
            else:
                reached(KillPoint.event_sent, _writer(new))
                headers["Nats-Batch-Commit"] = "1"
                reply = await self._nc.request(subject, body, timeout=_TRY_SECONDS, headers=headers)
        assert reply is not None
        reached(KillPoint.event_sent, _writer(events[0]))
        return self._ack(reply)

    @staticmethod
    def _ack(reply: Msg) -> tuple[int, bool]:
        answer = json.loads(reply.data)
        if "error" in answer:
            raise _Refused(int(answer["error"].get("err_code", 0)))
        return int(answer["seq"]), bool(answer.get("duplicate", False))

    async def load(self, aggregate_id: str, from_seq: int = 1) -> History:
        found = await self._after(self._subjects(aggregate_id), from_seq - 1)
        return History(tuple(item for item in found if isinstance(item, Recorded)), found[-1].seq if found else 0)

    def _subjects(self, aggregate_id: str) -> str:
        return subjects_of(self._prefix, aggregate_id)

    async def _after(self, subjects: str, seq: int) -> list[Recorded | Unreadable]:
        return [item async for batch in self._batches_after(subjects, seq) for item in batch]

    async def _batches_after(
        self, subjects: str, seq: int, limit: int | None = None
    ) -> AsyncGenerator[list[Recorded | Unreadable], None]:
        async for stored in read_batches(self._nc, self._stream.name, subjects, seq + 1, limit):
            yield read_events(stored, self.known)

    async def read(
        self, aggregate_id: str, from_seq: int = 1, *, to_seq: int | None = None, limit: int | None = None,
        only: type[Event] | None = None,
    ) -> list[Recorded]:  # fmt: skip
        found: list[Recorded] = []
        subjects = self._subjects(aggregate_id) if only is None else subject_pattern(only, aggregate_id)
        async with contextlib.aclosing(self._batches_after(subjects, from_seq - 1, limit)) as batches:
            async for batch in batches:
                found += [item for item in batch if isinstance(item, Recorded)]
                if (to_seq is not None and batch[-1].seq >= to_seq) or (limit is not None and len(found) >= limit):
                    break
        return up_to(found, to_seq, limit)

    async def last_seq(self, aggregate_id: str) -> int:
        """See EventLog.last_seq. Asks the leader, so it never lags behind an acknowledged append."""
        return await last_seq(self._nc, self._stream.name, self._subjects(aggregate_id))

    async def end(self) -> int:
        return await last_seq(self._nc, self._stream.name, ALL)

    async def holds(self, seq: int, event_id: str | None) -> bool:
        return await holds(self._nc, self._stream.name, seq, event_id)


def _writer(new: NewEvent) -> str:
    """`coursewright/pathway` → `pathway`."""
    return new.source.rpartition("/")[2]
