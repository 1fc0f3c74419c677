"""The event log in memory: for tests and simulations. Passes the same conformance suite as JetStream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime

from shared.errors import Conflict
from shared.event_log.codec import decode, encode
from shared.event_log.port import History, NewEvent, Recorded, Unreadable, id_reused, is_repeat, up_to
from shared.events import EVENT_TYPES
from shared.events.registry import EventTypes


class MemoryLog:
    """All events in a list; sequences count from 1."""

    def __init__(
        self, clock: Callable[[], datetime] = lambda: datetime.now(UTC), known: EventTypes = EVENT_TYPES
    ) -> None:
        self._known = known
        self._clock = clock
        self._stored: list[Recorded | Unreadable] = []
        self._grown = asyncio.Condition()

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        """See EventLog.append."""
        if not events:
            return expected_seq
        course_id = events[0].event.course_id
        if any(new.event.course_id != course_id for new in events):
            raise ValueError("one append writes to one course")
        after = self._of(course_id, expected_seq + 1)
        if is_repeat(events, after):
            return after[len(events) - 1].seq
        if after or not (expected_seq == 0 or self._of(course_id, expected_seq)):
            raise Conflict(f"Course {course_id} changed meanwhile")
        used = {item.id for item in self.stored() if isinstance(item, Recorded)}
        if any(new.id in used for new in events):
            raise id_reused(course_id)
        time = self._clock()
        for new in events:
            self.store(*encode(new, time))
        async with self._grown:
            self._grown.notify_all()
        return len(self._stored)

    def store(self, subject: str, headers: dict[str, str], body: bytes) -> None:
        """Store a message as it is: what a writer that is none of ours might publish."""
        self._stored.append(decode(subject, headers, body, len(self._stored) + 1, self._known))

    def stored(self) -> list[Recorded | Unreadable]:
        """Everything, oldest first."""
        return list(self._stored)

    async def load(self, course_id: str, from_seq: int = 1) -> History:
        """See EventLog.load."""
        found = self._of(course_id, from_seq)
        events = tuple(item for item in found if isinstance(item, Recorded))
        return History(events, found[-1].seq if found else 0)

    def _of(self, course_id: str, from_seq: int) -> list[Recorded | Unreadable]:
        return [item for item in self._stored[max(from_seq, 1) - 1 :] if course_of(item) == course_id]

    async def read(
        self, course_id: str, from_seq: int = 1, *, to_seq: int | None = None, limit: int | None = None
    ) -> list[Recorded]:
        """See EventLog.read."""
        return up_to((await self.load(course_id, from_seq)).events, to_seq, limit)

    async def last_seq(self, course_id: str) -> int:
        """See EventLog.last_seq."""
        return (await self.load(course_id)).last_seq

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
        """See EventLog.follow."""
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


def course_of(item: Recorded | Unreadable) -> str:
    """The course a message belongs to, by its subject if it is no event."""
    return item.event.course_id if isinstance(item, Recorded) else item.subject.split(".")[1]
