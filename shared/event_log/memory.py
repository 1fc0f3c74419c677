"""The event log in memory: for tests and simulations. Passes the same conformance suite as JetStream."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime

from shared.errors import Conflict, PermanentError
from shared.event_log.codec import decode, encode
from shared.event_log.port import NewEvent, Recorded, Unreadable


class MemoryLog:
    """All events in a list; sequences count from 1."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._stored: list[tuple[str, Recorded | Unreadable]] = []
        self._grown = asyncio.Condition()

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        """See EventLog.append."""
        if not events:
            return expected_seq
        course_id = events[0].event.course_id
        if any(new.event.course_id != course_id for new in events):
            raise ValueError("one append writes to one course")
        mine = self._find(course_id, events)
        if mine is not None:
            return mine
        if await self.last_seq(course_id) != expected_seq:
            raise Conflict(f"Course {course_id} changed meanwhile")
        time = self._clock()
        for new in events:
            subject, headers, body = encode(new, time)
            self._stored.append((body.decode(), decode(subject, headers, body, len(self._stored) + 1)))
        async with self._grown:
            self._grown.notify_all()
        return len(self._stored)

    def _find(self, course_id: str, events: Sequence[NewEvent]) -> int | None:
        stored = {e.id: (e.seq, body) for body, e in self._stored if isinstance(e, Recorded)}
        found = [stored[new.id] for new in events if new.id in stored]
        if not found:
            return None
        bodies = [new.event.model_dump_json() for new in events]
        if [body for _, body in found] != bodies:
            message = f"An event id of course {course_id} was used with other content"
            raise PermanentError(message, code="event_id_reused")
        return found[-1][0]

    async def read(self, course_id: str, from_seq: int = 1) -> list[Recorded]:
        """See EventLog.read."""
        later = (event for _, event in self._stored[max(from_seq, 1) - 1 :])
        return [event for event in later if isinstance(event, Recorded) and event.event.course_id == course_id]

    async def last_seq(self, course_id: str) -> int:
        """See EventLog.last_seq."""
        return max((e.seq for e in await self.read(course_id)), default=0)

    async def end(self) -> int:
        """See EventLog.end."""
        return len(self._stored)

    async def follow(self, from_seq: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """See EventLog.follow."""
        position = max(from_seq, 1) - 1
        while True:
            batch = [e for _, e in self._stored[position : position + 500]]
            position += len(batch)
            yield batch
            if position >= len(self._stored):
                if batch:
                    yield []
                async with self._grown:
                    while len(self._stored) <= position:
                        await self._grown.wait()
