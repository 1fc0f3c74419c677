"""The event log in memory. It passes the same conformance suite as JetStream."""

import asyncio
import copy
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime

from shared.event_log.codec import decode, encode
from shared.event_log.port import (
    History,
    NewEvent,
    Recorded,
    Unreadable,
    address_of,
    changed_meanwhile,
    id_reused,
    is_repeat,
    one_address,
    up_to,
)
from shared.events import Aggregate, Event, Registry
from shared.events.courses import COURSE
from shared.events.registry import REGISTRY


class MemoryLog:
    """All events of one stream in a list; sequences count from 1. `of` gives another stream for an aggregate of one."""

    def __init__(
        self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), *, aggregate: Aggregate = COURSE,
        known: Registry = REGISTRY,
    ) -> None:  # fmt: skip
        self._clock = clock
        self._prefix = aggregate.prefix
        self.known = known
        self._stored: list[Recorded | Unreadable] = []
        self._streams = {aggregate.stream: self._stored}
        self._grown = asyncio.Condition()

    def of(self, aggregate: Aggregate) -> "MemoryLog":
        """See EventLog.of."""
        if aggregate.prefix == self._prefix:
            return self
        sibling = copy.copy(self)
        vars(sibling)["_prefix"] = aggregate.prefix
        vars(sibling)["_stored"] = self._streams.setdefault(aggregate.stream, [])  # all else is shared
        return sibling

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        """See EventLog.append."""
        if not events:
            return expected_seq
        address = one_address(events)
        after = self._of(*address[:2], expected_seq + 1)
        if is_repeat(events, after):
            return after[len(events) - 1].seq
        if after or not (expected_seq == 0 or self._of(*address[:2], expected_seq)):
            raise changed_meanwhile(address)
        used = {item.id for item in self.stored() if isinstance(item, Recorded)}
        if any(new.id in used for new in events):
            raise id_reused(address)
        time = self._clock()
        for new in events:
            self.store(*encode(new, time))
        async with self._grown:
            self._grown.notify_all()
        return len(self._stored)

    def store(self, subject: str, headers: dict[str, str], body: bytes) -> None:
        """Store a message as it is: what a writer that is none of ours might publish."""
        self._stored.append(decode(subject, headers, body, len(self._stored) + 1, self.known))

    def stored(self) -> list[Recorded | Unreadable]:
        """Everything, oldest first."""
        return list(self._stored)

    async def load(self, aggregate_id: str, from_seq: int = 1) -> History:
        """See EventLog.load."""
        found = self._of(self._prefix, aggregate_id, from_seq)
        events = tuple(item for item in found if isinstance(item, Recorded))
        return History(events, found[-1].seq if found else 0)

    def _of(self, prefix: str, aggregate_id: str, from_seq: int) -> list[Recorded | Unreadable]:
        whose = (prefix, aggregate_id)
        return [item for item in self._stored[max(from_seq, 1) - 1 :] if address_of(item)[:2] == whose]

    async def read(
        self, aggregate_id: str, from_seq: int = 1, *, to_seq: int | None = None, limit: int | None = None,
        only: type[Event] | None = None,
    ) -> list[Recorded]:  # fmt: skip
        """See EventLog.read."""
        found: Sequence[Recorded] = (await self.load(aggregate_id, from_seq)).events
        if aggregate_id == "*":
            found = [one for one in self._stored[max(from_seq, 1) - 1 :] if isinstance(one, Recorded)]
        return up_to([one for one in found if only is None or isinstance(one.event, only)], to_seq, limit)

    async def last_seq(self, aggregate_id: str) -> int:
        """See EventLog.last_seq."""
        return (await self.load(aggregate_id)).last_seq

    async def end(self) -> int:
        """See EventLog.end."""
        return len(self._stored)

    async def holds(self, seq: int, event_id: str | None) -> bool:
        """See EventLog.holds."""
        if len(self._stored) < seq:
            return False
        found = self._stored[seq - 1]
        return event_id is None or (isinstance(found, Recorded) and found.id == event_id)

    async def follow(self, from_seq: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """See FollowedLog.follow."""
        position = max(from_seq, 1) - 1
        while True:
            batch = self._stored[position : position + 500]
            position += len(batch)
            yield batch
            if position >= len(self._stored):
                if batch:
                    yield []
                async with self._grown:
                    while len(self._stored) <= position:
                        await self._grown.wait()
