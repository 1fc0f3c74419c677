"""`coursewright events`: the log as it grows, and as a file."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import DeliverPolicy

from cli.operate.output import short_time
from shared.event_log.cloudevents import structured
from shared.event_log.following import FreshlyNamed
from shared.event_log.stored import Stored, read_stream
from shared.events import address_in, subject_pattern, subjects_of
from shared.events.base import SharedStageEvent
from shared.events.courses import COURSE, COURSES
from shared.kernel.errors import PermanentError

# Fields that say most about an event, best first. Only the first one that has a value is shown.
_TELLING = ("message", "reason", "path", "title", "repo_url", "repo_name", "error", "status", "pathway_id", "attempt")


@dataclass(frozen=True)
class Filter:
    """Which events are wanted; empty means all. Raises PermanentError for a type that does not exist."""

    course: str = ""
    types: Sequence[str] = ()

    def __post_init__(self) -> None:
        unknown = sorted(set(self.types) - set(COURSE.events))
        if unknown:
            raise PermanentError(f"There is no event type {unknown[0]}; docs/events.md lists them")
        if self.course and not all(letter.isalnum() or letter in "_-" for letter in self.course):
            raise PermanentError(f"{self.course} is no course id")

    @property
    def subject(self) -> str:
        """The narrowest subject that holds all of them, those stored under subjects of earlier versions too."""
        kinds = [COURSE.events[name] for name in self.types]
        if len(kinds) == 1 and not issubclass(kinds[0], SharedStageEvent):
            return subject_pattern(kinds[0], self.course or "*")
        return subjects_of(COURSE.prefix, self.course) if self.course else f"{COURSE.prefix}.>"

    def __contains__(self, subject: str) -> bool:
        return not self.types or address_in(subject).type_name in self.types


async def tail(nc: Client, wanted: Filter, from_seq: int | None) -> AsyncIterator[Stored]:
    """Events as they come, for ever; from a sequence on, or from now on with None."""
    config = FreshlyNamed(deliver_policy=DeliverPolicy.NEW)
    if from_seq is not None:
        config = FreshlyNamed(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=max(from_seq, 1))
    subscription = await nc.jetstream().subscribe(
        wanted.subject, stream=COURSES.name, ordered_consumer=True, config=config
    )  # fmt: skip
    try:
        async for message in subscription.messages:
            if message.subject in wanted:
                yield _as_stored(message)
    finally:
        await subscription.unsubscribe()


async def export(
    nc: Client, wanted: Filter, from_seq: int, to_seq: int | None, out: IO[str], left_out: Callable[[int, str], None]
) -> int:
    """Write what is there as NDJSON of structured CloudEvents; the number of lines.

    `left_out(seq, subject)` is called for each message that is no event.
    """
    count = 0
    async for message in read_stream(nc, COURSES.name, wanted.subject, from_seq, to_seq):
        if message.subject not in wanted:
            continue
        event = structured(message)
        if event is None:
            left_out(message.seq, message.subject)
            continue
        out.write(json.dumps(event, ensure_ascii=False) + "\n")
        count += 1
    return count


def line_of(message: Stored) -> str:
    """One event for people: sequence, time, course, type, and what tells most about it."""
    _, course, name = address_in(message.subject)
    event = structured(message)
    told = "(no event)" if event is None else _told(event["data"])
    time = short_time(event["time"] if event else message.time)
    return f"{message.seq:>7}  {time}  {course}  {name:<22} {told}".rstrip()


def _told(data: Any) -> str:
    if not isinstance(data, dict):
        return ""
    return next((" ".join(str(data[name]).split())[:100] for name in _TELLING if data.get(name)), "")


def _as_stored(message: Msg) -> Stored:
    metadata = message.metadata
    return Stored(
        metadata.sequence.stream, message.subject, metadata.timestamp.isoformat(), message.headers or {}, message.data
    )
