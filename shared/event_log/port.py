"""The event log as the rest of the code sees it. Two backends pass the same conformance suite: JetStream and memory."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from shared.events import Event


@dataclass(frozen=True)
class NewEvent:
    """An event about to be appended. `id` is deterministic (shared.ids.event_id); `causation_id` is the id of what
    caused it, `correlation_id` that of the run or command it belongs to.
    """

    event: Event
    id: str
    source: str
    correlation_id: str
    causation_id: str
    traceparent: str = ""


@dataclass(frozen=True)
class Recorded:
    """An event as stored: `seq` is the stream sequence, `time` when its writer made it (UTC)."""

    event: Event
    id: str
    seq: int
    time: datetime
    source: str = ""
    correlation_id: str = ""
    causation_id: str = ""
    traceparent: str = ""
    headers: dict[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Unreadable:
    """A stored message that is no event we know: passed over by readers, never lost."""

    seq: int
    subject: str
    type_name: str
    reason: str


class EventLog(Protocol):
    """Append and read. All events of one append belong to one course."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        """Store all or nothing; the sequence of the last one.

        `expected_seq` is the sequence of the course's last event the writer has seen (0 = none). A repeat of an append
        that was stored returns the same sequence. Raises Conflict when somebody else wrote first (reload and decide
        again) and LogUnavailable when the outcome could not be learnt in time.
        """
        ...

    async def read(self, course_id: str, from_seq: int = 1) -> list[Recorded]:
        """The course's events from a sequence on, oldest first."""
        ...

    async def last_seq(self, course_id: str) -> int:
        """The sequence of the course's last event, 0 if it has none."""
        ...

    async def end(self) -> int:
        """The sequence of the last event there is of any course, 0 in an empty log."""
        ...

    def follow(self, from_seq: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """Every event of every course from a sequence on, in batches, for ever; an empty batch means caught up."""
        ...
