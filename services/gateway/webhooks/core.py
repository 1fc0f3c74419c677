"""The events that a webhook is told, and when it is told them again. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.gateway.fold.facts import shown_data
from shared.event_log.port import Recorded
from shared.events import event_type_name
from shared.events.gateway import CourseDeleted
from shared.sources.posting import RETRY_SECONDS, Answered

# How long the ends of deliveries are kept.
REMEMBERED = timedelta(days=30)

GONE = 410


@dataclass(frozen=True)
class Next:
    """The decision after an attempt: delivered, tried again after a delay, or given up. `disable` turns the webhook
    off: for good if it `is_gone`, otherwise unless it accepted another event in the meantime.
    """

    status: str
    delay_seconds: float | None = None
    disable: str = ""
    is_gone: bool = False


def follow_up(answered: Answered, attempts: int, schedule: Sequence[float] = RETRY_SECONDS) -> Next:
    """`attempts` counts those made, this one included."""
    if answered.accepted:
        return Next("delivered")
    if answered.status == GONE:
        return Next("failed", disable="the address answered that it is gone (410)", is_gone=True)
    if attempts > len(schedule):
        return Next("failed", disable=f"no attempt of {attempts} was accepted")
    return Next("pending", schedule[attempts - 1])


def body_of(recorded: Recorded) -> str:
    """The message as sent: the event's type, what users see of its data, when it happened, its place in the log."""
    said = {
        "type": event_type_name(recorded.event),
        "timestamp": recorded.time.isoformat().replace("+00:00", "Z"),
        "seq": recorded.seq,
        "data": shown_data(recorded.event),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def owner_named(recorded: Recorded) -> str | None:
    """The course's owner where the event itself tells; a deleted course has no row that would."""
    return recorded.event.by if isinstance(recorded.event, CourseDeleted) else None


def is_told(recorded: Recorded, created_at: datetime, now: datetime) -> bool:
    """A webhook hears of what happens from its creation on. What is older than deliveries are remembered is not told
    any more: after a restore the log is heard from its beginning, and it may have been told long ago.
    """
    return recorded.time >= max(created_at, now - REMEMBERED)
