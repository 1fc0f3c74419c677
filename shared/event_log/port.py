"""The event log as the rest of the code sees it. JetStream and the tests' log in memory pass one conformance suite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.events import Address, Aggregate, Event, address_in
from shared.kernel.errors import Conflict, PermanentError


@dataclass(frozen=True)
class NewEvent:
    """An event about to be appended. `id` is deterministic (shared.kernel.ids.event_id); `causation_id` is the id of
    what caused it, `correlation_id` that of the run or command it belongs to.
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


@dataclass(frozen=True)
class Unreadable:
    """A stored message that is no event we know: passed over by readers, never lost."""

    seq: int
    subject: str
    type_name: str
    reason: str


@dataclass(frozen=True)
class History:
    """An aggregate as a writer has to see it. `last_seq` is that of the last message, one that is no event we know
    included: the next append expects it. 0 when nothing was found.
    """

    events: tuple[Recorded, ...]
    last_seq: int


def is_repeat(events: Sequence[NewEvent], after: Sequence[Recorded | Unreadable]) -> bool:
    """Whether these events are the first ones of `after`, which is what the aggregate has after what a writer had seen.

    Only an append with the same expectation can have put them there, so this is the writer's own, or one that is equal
    in everything. The same fact further on was written by somebody who saw more.
    """
    first = after[: len(events)]
    return len(first) == len(events) and all(
        isinstance(have, Recorded) and (have.id, have.event) == (new.id, new.event)
        for have, new in zip(first, events, strict=True)
    )


def up_to(events: Sequence[Recorded], to_seq: int | None, limit: int | None) -> list[Recorded]:
    """Events, oldest first, up to and with a sequence, and no more than so many."""
    return [item for item in events if to_seq is None or item.seq <= to_seq][:limit]


def address_of(item: Recorded | Unreadable) -> Address:
    """The aggregate of a message; by its subject if it is not an event we know."""
    if isinstance(item, Unreadable):
        return address_in(item.subject)
    return Address(item.event.prefix, item.event.aggregate_id, type(item.event).__name__)


def one_address(events: Sequence[NewEvent]) -> Address:
    """The aggregate that all these events belong to; raises ValueError when they belong to several."""
    first = events[0].event
    if any((new.event.prefix, new.event.aggregate_id) != (first.prefix, first.aggregate_id) for new in events):
        raise ValueError("one append writes to one aggregate")
    return Address(first.prefix, first.aggregate_id, "")


def changed_meanwhile(address: Address) -> Conflict:
    """Somebody else wrote to the aggregate after what a writer had seen."""
    return Conflict(f"{address.prefix.capitalize()} {address.aggregate_id} changed meanwhile")


def id_reused(address: Address) -> PermanentError:
    """A writer that has seen a fact writes it again: a defect that must neither pass as success nor be tried again."""
    message = f"An event id of {address.prefix} {address.aggregate_id} was used before"
    return PermanentError(message, code="event_id_reused")


class EventLog(Protocol):
    """Append and read. All events of one append belong to one aggregate.

    A log is that of a stream. `load`, `read` and `last_seq` are about one kind of aggregate in it, by id; `of` gives
    the same log for another one.
    """

    def of(self, aggregate: Aggregate) -> "EventLog":
        """The log of the stream that this aggregate lies in."""
        ...

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        """Store all or nothing; the sequence of the last one.

        `expected_seq` is the sequence of the aggregate's last message the writer has seen (0 = none). A repeat of an
        append that was stored, with the same expectation and the same content, returns its sequence. Anything else
        that is stored after `expected_seq`, also the same fact by another writer, is a Conflict: load and decide
        again. Raises PermanentError for an id the aggregate has from before `expected_seq`, which is a defect of the
        writer, and LogUnavailable when the log does not answer in time; its message says whether something may have
        been stored.
        """
        ...

    async def load(self, aggregate_id: str, from_seq: int = 1) -> History:
        """The aggregate from a sequence on as a writer needs it: with all that was acknowledged before the call."""
        ...

    async def read(
        self, aggregate_id: str, from_seq: int = 1, *, to_seq: int | None = None, limit: int | None = None,
        only: type[Event] | None = None,
    ) -> list[Recorded]:  # fmt: skip
        """The aggregate's events from a sequence on, oldest first, up to and with another one, and no more than so
        many; of one type only, where that is named, and then `*` is every aggregate. For looking, not for writing: see
        `load`.
        """
        ...

    async def last_seq(self, aggregate_id: str) -> int:
        """The sequence of the aggregate's last event, 0 if it has none."""
        ...

    async def end(self) -> int:
        """The sequence of the last event there is in the stream, 0 in an empty one."""
        ...

    async def holds(self, seq: int, event_id: str | None) -> bool:
        """Whether the log has come to a sequence, and has no other event there than this one; an event may have been
        erased, and None stands for any. The leader's word. Raises LogUnavailable.
        """
        ...
