"""What is told of which event, when it is told again, and what is due by the clock. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from shared.classroom.contents import Content
from shared.event_log.port import Recorded
from shared.events.classroom import CohortMemberAdded, OrgFounded, OrgMemberAdded, PersonAdded
from shared.events.content import ContentCreated, TaskOpened
from shared.events.notifier import DayClosed
from shared.sources.posting import RETRY_SECONDS, Answered

Topic = Literal["people", "schools", "courses", "usage", "alerts"]
Status = Literal["pending", "sending", "sent", "unclear", "dead", "void"]

# After a long stop the log is heard from far back: what is older than this is not told any more.
TOLD_WITHIN = timedelta(days=7)
# How long the ends of notices are kept.
REMEMBERED = timedelta(days=30)
BY = "notifier"

_LONGEST_ASKED_SECONDS = 3600.0
_MAY_PASS = frozenset({408, 425})
_BUSY = 429
_IDS = {"person_id", "org_id", "cohort_id", "content_id", "day_id", "model_calls", "role", "by"}


@dataclass(frozen=True)
class Notice:
    """Something to tell. `about` has ids and no words: the words are read when the notice is sent, so a person who was
    deleted meanwhile is not in them.
    """

    event_id: str
    kind: str
    topic: Topic
    about: Mapping[str, Any]
    happened_at: datetime


def notice_of(recorded: Recorded, now: datetime) -> Notice | None:
    """What an event makes the notifier tell."""
    event = recorded.event
    topic: Topic
    match event:
        case PersonAdded() | OrgMemberAdded() | CohortMemberAdded():
            topic = "people"
        case OrgFounded():
            topic = "schools"
        case ContentCreated():
            topic = "courses"
        case DayClosed():
            topic = "usage"
        case _:
            return None
    if recorded.time < now - TOLD_WITHIN:
        return None
    return Notice(recorded.id, type(event).__name__, topic, event.model_dump(include=_IDS), recorded.time)


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt. `written`: something of the message went out, so without an answer nobody knows whether
    it arrived.
    """

    answered: Answered
    written: bool


@dataclass(frozen=True)
class Next:
    """The decision after an attempt. `is_told_to_wait`: the other side asks for a pause, of all messages to it; that
    uses up no attempt.
    """

    status: Status
    delay_seconds: float | None = None
    is_told_to_wait: bool = False


def follow_up(outcome: Outcome, attempts: int, schedule: Sequence[float] = RETRY_SECONDS) -> Next:
    """`attempts` counts those made, this one included. A message that went out and was not answered is not sent again:
    neither Slack nor mail can be asked whether it is there.
    """
    answered = outcome.answered
    status, asked = answered.status, min(answered.retry_after or 0.0, _LONGEST_ASKED_SECONDS)
    if answered.accepted:
        return Next("sent")
    if status is None and outcome.written:
        return Next("unclear")
    if status == _BUSY:
        return Next("pending", asked or schedule[0], is_told_to_wait=True)
    if attempts > len(schedule) or (status in range(400, 500) and status not in _MAY_PASS):
        return Next("dead")
    return Next("pending", max(schedule[attempts - 1], asked))


def due_tasks(state: Content, now: datetime) -> tuple[TaskOpened, ...]:
    """The tasks of a course whose time has come."""
    if not state.is_shown:
        return ()
    return tuple(
        TaskOpened(content_id=state.id, task_id=task_id, by=BY)
        for task_id, task in state.tasks.items()
        if task.status == "published" and not task.deleted
        and task.scheduled_publish_at is not None and task.scheduled_publish_at <= now
    )  # fmt: skip


def last_day(now: datetime, hour: int) -> date:
    """The last day of UTC that is over and told: a day is told from this hour of the next one on. Days before it that
    nobody told are not made up for.
    """
    return (now - timedelta(hours=hour)).date() - timedelta(days=1)


def disk_alarm(free_bytes: int, limit_bytes: int, *, is_raised: bool) -> bool:
    """Whether a folder is in alarm from now on. It was in alarm before: then a tenth above the limit counts as room, so
    that a disk at its limit does not raise the alarm again and again.
    """
    return free_bytes < (limit_bytes * 11 // 10 if is_raised else limit_bytes)
