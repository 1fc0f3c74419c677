from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.notifier.core import Next, Notice, Outcome, disk_alarm, due_tasks, follow_up, last_day, notice_of
from services.notifier.wording import School, usage_in_words
from shared.classroom.contents import CONTENT_SIDE, Content
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.classroom import OrgFounded, PersonAdded
from shared.events.content import ContentCreated, ContentHidden, ContentRestored, TaskDeleted, TaskMade, TaskWritten
from shared.schemas.samples import SAMPLES
from shared.sources.posting import RETRY_SECONDS, Answered

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
IDS: dict[str, Any] = {"content_id": "c", "by": "ann"}


def recorded(event: Event, seq: int = 7, at: datetime = NOW) -> Recorded:
    return Recorded(event, f"id{seq}", seq, at)


def given(*events: Event) -> Content:
    state = Content()
    for seq, event in enumerate((ContentCreated(**IDS, org_id="o", name="Engines"), *events), 1):
        state = CONTENT_SIDE.evolve(state, recorded(event, seq))
    return state


def task(at: datetime | None, status: Any = "published") -> tuple[Event, ...]:
    made = TaskMade(**IDS, task_id="t", milestone_id=None, type="quiz", title="Loops")
    return made, TaskWritten(**IDS, task_id="t", title="Loops", status=status, scheduled_publish_at=at)


def test_what_happened_is_told_by_ids_and_not_by_words() -> None:
    found = notice_of(recorded(PersonAdded(person_id="p", email="ada@school.example", by="ann")), NOW)
    assert found == Notice("id7", "PersonAdded", "people", {"person_id": "p", "by": "ann"}, NOW)
    founded = notice_of(recorded(OrgFounded(org_id="o", name="Secret", slug="s", logo_color="#000", by="p")), NOW)
    assert founded is not None
    assert founded.about == {"org_id": "o", "by": "p"}


def test_of_all_types_these_are_told() -> None:
    told = {type(one).__name__ for one in SAMPLES if notice_of(recorded(one), NOW)}
    assert told == {"PersonAdded", "OrgMemberAdded", "CohortMemberAdded", "OrgFounded", "ContentCreated", "DayClosed"}


def test_what_is_long_past_is_not_told() -> None:
    event = PersonAdded(person_id="p", email="ada@school.example")
    assert notice_of(recorded(event, at=NOW - timedelta(days=7)), NOW)
    assert notice_of(recorded(event, at=NOW - timedelta(days=7, seconds=1)), NOW) is None


@pytest.mark.parametrize(
    ("answered", "written", "then"),
    [
        (Answered(200), True, Next("sent")),
        (Answered(500), True, Next("pending", RETRY_SECONDS[1])),
        (Answered(503, retry_after=1000), True, Next("pending", 1000)),
        (Answered(429, retry_after=7), True, Next("pending", 7, is_told_to_wait=True)),
        (Answered(429), True, Next("pending", RETRY_SECONDS[0], is_told_to_wait=True)),
        (Answered(429, retry_after=1e9), True, Next("pending", 3600, is_told_to_wait=True)),
        (Answered(404), True, Next("dead")),
        (Answered(408), True, Next("pending", RETRY_SECONDS[1])),
        (Answered(None, "no answer"), False, Next("pending", RETRY_SECONDS[1])),
        (Answered(None, "no answer"), True, Next("unclear")),
    ],
)
def test_what_follows_an_attempt(answered: Answered, written: bool, then: Next) -> None:
    assert follow_up(Outcome(answered, written), 2) == then


def test_attempts_are_bounded() -> None:
    delays = [follow_up(Outcome(Answered(500), True), made).delay_seconds for made in range(1, len(RETRY_SECONDS) + 1)]
    assert delays == list(RETRY_SECONDS)
    assert follow_up(Outcome(Answered(500), True), len(RETRY_SECONDS) + 1) == Next("dead")


def test_a_task_opens_when_its_time_has_come_and_once() -> None:
    state = given(*task(NOW))
    assert due_tasks(state, NOW - timedelta(seconds=1)) == ()
    (opened,) = due_tasks(state, NOW)
    after = CONTENT_SIDE.evolve(state, recorded(opened, 9))
    assert after.tasks["t"].scheduled_publish_at is None
    assert due_tasks(after, NOW + timedelta(days=1)) == ()


@pytest.mark.parametrize(
    "events",
    [(*task(NOW, "draft"),), (*task(NOW), TaskDeleted(**IDS, task_id="t")), (*task(NOW), ContentHidden(**IDS))],
)
def test_what_nobody_may_see_does_not_open(events: tuple[Event, ...]) -> None:
    assert due_tasks(given(*events), NOW) == ()


def test_a_course_that_is_back_opens_what_came_due_meanwhile() -> None:
    assert due_tasks(given(*task(NOW), ContentHidden(**IDS), ContentRestored(**IDS)), NOW)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 3, 1, 3, 59, tzinfo=UTC), date(2026, 2, 27)),
        (datetime(2026, 3, 1, 4, 0, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2028, 3, 1, 23, 59, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_a_day_is_told_from_an_hour_of_the_next_one_on(now: datetime, day: date) -> None:
    assert last_day(now, 4) == day


def test_an_alarm_is_raised_once_and_taken_back_with_some_room_to_spare() -> None:
    assert [disk_alarm(free, 100, is_raised=False) for free in (99, 100)] == [True, False]
    assert [disk_alarm(free, 100, is_raised=True) for free in (100, 109, 110)] == [True, True, False]


def test_usage_names_the_busiest_schools_and_sums_the_rest() -> None:
    schools = [School(f"S{number}", number, number * 2, number * 3) for number in range(7)]
    words = usage_in_words(date(2026, 2, 28), schools, {"m": 3})
    assert words is not None
    assert words.splitlines()[1:] == [
        "S6: 6 / 12 / 18", "S5: 5 / 10 / 15", "S4: 4 / 8 / 12", "S3: 3 / 6 / 9", "S2: 2 / 4 / 6", "2 others: 1 / 2 / 3",
        "Calls of m: 3",
    ]  # fmt: skip
    assert usage_in_words(date(2026, 2, 28), [], {}) is None
