"""Writers that append to courses through the one append, and what the log must hold of it afterwards."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from shared.event_log.following import JetStreamFollowed
from shared.event_log.port import NewEvent, Recorded
from shared.events.gateway import CourseUpdated
from shared.kernel.errors import Conflict, LogUnavailable
from shared.kernel.ids import event_id


@dataclass(frozen=True)
class Acknowledged:
    """One append that was acknowledged: what the course's last sequence was for its writer, and is now."""

    events: tuple[NewEvent, ...]
    expected_seq: int
    seq: int


@dataclass
class Tally:
    """The answers that writers got. `unclear` appends were repeated until they had an answer."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    conflicts: int = 0
    unclear: int = 0
    longest_gap_seconds: float = 0.0
    grown: asyncio.Condition = field(default_factory=asyncio.Condition)
    _last: float = 0.0

    @property
    def events(self) -> int:
        """Events acknowledged."""
        return sum(len(one.events) for one in self.acknowledged)

    async def note(self, done: Acknowledged) -> None:
        """An append was acknowledged."""
        now = asyncio.get_running_loop().time()
        if self._last:
            self.longest_gap_seconds = max(self.longest_gap_seconds, now - self._last)
        self._last = now
        async with self.grown:
            self.acknowledged.append(done)
            self.grown.notify_all()

    async def reach(self, events: int) -> None:
        """Return when so many events are acknowledged."""
        async with self.grown:
            await self.grown.wait_for(lambda: self.events >= events)


@dataclass(frozen=True)
class Writer:
    """Writes one to three events at a time to courses it shares with other writers, chosen by its seed."""

    name: str
    log: JetStreamFollowed
    courses: Sequence[str]
    tally: Tally

    async def run(self, enough: Callable[[], bool]) -> None:
        """Write until there is enough. An unclear outcome is settled by the same append again."""
        choice = random.Random(self.name)
        number = 0
        while not enough():
            number += 1
            course_id = choice.choice(self.courses)
            size = choice.choice((1, 1, 1, 2, 3))
            await self._write(course_id, [self._event(course_id, f"{number}.{part}") for part in range(size)])

    def _event(self, course_id: str, number: str) -> NewEvent:
        title = f"{self.name} writes {number}"
        event = CourseUpdated(course_id=course_id, title=title)
        return NewEvent(event, event_id(title, "CourseUpdated", ""), "faults", self.name, self.name)

    async def _write(self, course_id: str, events: Sequence[NewEvent]) -> None:
        expected = await self._patiently(lambda: self.log.last_seq(course_id))
        while True:
            try:
                seq = await self._patiently(lambda: self.log.append(events, expected))  # noqa: B023 - awaited at once
            except Conflict:
                self.tally.conflicts += 1
                expected = await self._patiently(lambda: self.log.last_seq(course_id))
                continue
            await self.tally.note(Acknowledged(tuple(events), expected, seq))
            return

    async def _patiently(self, ask: Callable[[], Awaitable[int]]) -> int:
        while True:
            try:
                return await ask()
            except LogUnavailable:
                self.tally.unclear += 1
                await asyncio.sleep(0.05)


@dataclass(frozen=True)
class Audit:
    """The whole log against what writers were told."""

    stored: int
    lost: int
    doubled: int
    failures: tuple[str, ...]


async def audit(log: JetStreamFollowed, tally: Tally) -> Audit:
    """Read everything and compare: each acknowledged event is there once, as it was sent, where the writer was told,
    and right behind the event its writer had seen last.
    """
    stored = await read_all(log)
    count = Counter(item.id for item in stored)
    by_id = {item.id: item for item in stored}
    before = _predecessors(stored)
    lost = 0
    failures: list[str] = []
    for done in tally.acknowledged:
        first = done.seq - len(done.events) + 1
        for offset, new in enumerate(done.events):
            found = by_id.get(new.id)
            if found is None or found.event != new.event:
                lost += 1
            elif found.seq != first + offset:
                failures.append(f"{new.id} was acknowledged at {first + offset} and is stored at {found.seq}")
        if before.get(first, -1) != done.expected_seq and done.events[0].id in by_id:
            failures.append(f"an append that expected {done.expected_seq} stands behind {before.get(first)}")
    return Audit(len(stored), lost, sum(times - 1 for times in count.values()), tuple(failures[:20]))


async def read_all(log: JetStreamFollowed) -> list[Recorded]:
    """Every event of the log."""
    stored: list[Recorded] = []
    end = await log.end()
    async with contextlib.aclosing(log.follow(1)) as batches:
        async for batch in batches:
            stored += [item for item in batch if isinstance(item, Recorded)]
            # Not at the first empty batch: a server that is busy is silent for a while, too.
            if end == 0 or (batch and batch[-1].seq >= end):
                break
    return stored


def _predecessors(stored: Sequence[Recorded]) -> dict[int, int]:
    """For each sequence that of the course's event before it, 0 for its first."""
    last: dict[str, int] = {}
    before = {}
    for item in stored:
        before[item.seq] = last.get(item.event.aggregate_id, 0)
        last[item.event.aggregate_id] = item.seq
    return before
