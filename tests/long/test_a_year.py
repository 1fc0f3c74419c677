"""A year of a school: what the tables say of it is what a plain count of the facts says, live and built again."""

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from nats.aio.client import Client
from obstore.store import MemoryStore
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.classroom.api.seen_courses import openings
from services.classroom.course_queries import find_trees, list_ways
from services.classroom.learner_queries import find_complete, find_days
from services.classroom.progress import streak, year_of
from services.gateway.migrate import migrate
from services.gateway.project.projector import Projector
from services.gateway.rebuild.rebuild import Rebuild
from shared.classroom.learners import learner_of, learner_reviews
from shared.classroom.reviews import reviewed
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.following import JetStreamFollowed
from shared.event_log.port import NewEvent
from shared.events import Event
from shared.events.classroom import CohortCourseSet, CohortMemberAdded, CohortOpened, Drip, PersonAdded, PersonNamed
from shared.events.content import ContentCreated, MilestoneWritten, TaskMade, TaskWritten
from shared.events.learner import Answer, AnswerGiven, LearnerBegan, TaskCompleted
from shared.events.registry import CLASSROOM, COHORT, CONTENT, LEARNER, PERSON, REGISTRY
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.errors import LogUnavailable
from shared.kernel.ids import event_id, new_id
from shared.readmodels.base import Row
from shared.readmodels.projected import Projected
from tests.faults.bare_pipe import pipe
from tests.support.servers import Server

ORG, COHORT_ID, COURSE_ID = "org", "cohort", "course"
NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
TASKS, QUESTIONS, MILESTONES = 40, 120, 10
# When learners join: in the hours in which summer time begins or ends somewhere, at ends of months, on a leap day.
JOINED = tuple(
    datetime.fromisoformat(f"{one}+00:00")
    for one in ("2024-02-29T23:59:59", "2025-01-31T23:30:00", "2025-03-09T06:59:59", "2025-03-30T00:59:59",
                "2025-04-05T13:30:00", "2025-09-27T14:00:00", "2025-10-26T01:30:00", "2025-11-02T06:30:00",
                "2025-12-31T12:00:00", "2026-03-31T00:00:00")
)  # fmt: skip
# Among them are zones whose days change at other hours, by half hours, and by summer time of both halves of the year.
ZONES = ("UTC", "Europe/Lisbon", "America/New_York", "America/St_Johns", "Asia/Kolkata", "Pacific/Auckland")
_AT_ONCE = 8
_MOST_IN_ONE = 500


@dataclass
class Pupil:
    """A learner, and what it did at which time, oldest first."""

    number: int
    zone: str
    done: list[tuple[datetime, list[Event]]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"person-{self.number}"

    @property
    def joined(self) -> datetime:
        return JOINED[self.number % len(JOINED)]

    @property
    def learner_id(self) -> str:
        return learner_of(self.id, ORG)

    def facts(self) -> Iterator[tuple[datetime, Event]]:
        """Each thing that it did."""
        for at, events in self.done:
            yield from ((at, one) for one in events if not isinstance(one, LearnerBegan))


def a_year(number: int) -> Pupil:
    """The same each time: its days and its answers follow from the number."""
    chance = random.Random(number)
    pupil, diligence, complete = Pupil(number, ZONES[number % len(ZONES)]), chance.uniform(0.2, 0.95), set[str]()
    learner = {"learner_id": pupil.learner_id}
    for day in range(365):
        if chance.random() > diligence:
            continue
        at = NOW - timedelta(days=365 - day) + timedelta(seconds=chance.randrange(86_400))
        events: list[Event] = [] if pupil.done else [LearnerBegan(**learner, person_id=pupil.id, org_id=ORG)]
        for attempt in range(chance.randint(1, 8)):
            question = chance.randrange(QUESTIONS)
            events.append(AnswerGiven(
                **learner, task_id=f"task-{question % TASKS}", question_id=f"question-{question}", question_version=1,
                attempt_id=f"{day}-{attempt}", answer=Answer(text="x"), is_right=chance.random() < diligence,
                completes=False, objectives=[f"objective-{question % 30}"],
            ))  # fmt: skip
        task = f"task-{chance.randrange(TASKS)}"
        if task not in complete:
            complete.add(task)
            events.append(TaskCompleted(**learner, task_id=task))
        pupil.done.append((at, events))
    return pupil


def new(events: Sequence[Event]) -> list[NewEvent]:
    command = new_id()
    return [
        NewEvent(one, event_id(command, type(one).__name__, one.natural_key()), "test", command, command)
        for one in events
    ]


async def append(log: JetStreamFollowed, events: Sequence[Event], seq: int) -> int:
    """A busy machine may not answer in time; the same append again is the same facts."""
    made = new(events)
    while True:
        with contextlib.suppress(LogUnavailable):
            return await log.append(made, seq)


async def store_school(nc: Client, pupils: Sequence[Pupil]) -> int:
    now = [NOW]
    log = JetStreamFollowed(nc, lambda: now[0], aggregate=PERSON, known=REGISTRY)
    cohort, course = {"cohort_id": COHORT_ID, "by": "owner"}, {"content_id": COURSE_ID, "by": "owner"}
    drip = Drip(is_drip_enabled=True, frequency_value=1, frequency_unit="month")
    taught = CohortCourseSet(**cohort, content_id=COURSE_ID, drip=drip)
    seq = await append(log.of(COHORT), [CohortOpened(**cohort, org_id=ORG, name="Year"), taught], 0)
    for joined in JOINED:
        members = [
            CohortMemberAdded(**cohort, person_id=one.id, role="learner") for one in pupils if one.joined == joined
        ]
        now[0] = joined
        for at in range(0, len(members), _MOST_IN_ONE):
            seq = await append(log.of(COHORT), members[at : at + _MOST_IN_ONE], seq)
    milestones = [
        MilestoneWritten(**course, milestone_id=f"milestone-{one}", name=f"{one}", color="#000000")
        for one in range(MILESTONES)
    ]
    made: list[Event] = []
    for one in range(TASKS):
        task = {**course, "task_id": f"task-{one}", "title": "Task"}
        made.append(TaskMade(**task, milestone_id=f"milestone-{one % MILESTONES}", type="quiz"))
        made.append(TaskWritten(**task, status="published"))
    await append(log.of(CONTENT), [ContentCreated(**course, org_id=ORG, name="Year"), *milestones, *made], 0)
    return 2 + len(pupils) + 1 + len(milestones) + len(made)


async def store_year(nc: Client, pupil: Pupil) -> int:
    """By the real append, each day in one piece and at its time."""
    now = [NOW]
    log = JetStreamFollowed(nc, lambda: now[0], aggregate=PERSON, known=REGISTRY)
    added = PersonAdded(person_id=pupil.id, email=f"{pupil.id}@school.example")
    named = PersonNamed(person_id=pupil.id, first_name="P", default_dp_color="#000", time_zone=pupil.zone)
    await append(log, [added, named], 0)
    seq = 0
    for at, events in pupil.done:
        now[0] = at
        seq = await append(log.of(LEARNER), events, seq)
    return 2 + sum(len(events) for _, events in pupil.done)


@contextlib.asynccontextmanager
async def projecting(engine: AsyncEngine, log: JetStreamFollowed) -> AsyncIterator[Projected]:
    projected = Projected(engine, CLASSROOM, log.end)
    projector = Projector(engine, log, Blobs(ObjectBackend(MemoryStore()), ""), sides=CLASSROOM_SIDES)
    beside = [asyncio.create_task(projected.run()), asyncio.create_task(projector.run())]
    try:
        yield projected
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


def reviews_of(pupil: Pupil) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for at, one in pupil.facts():
        if isinstance(one, AnswerGiven):
            (objective,) = one.objectives
            rows[objective] = reviewed(rows.get(objective), is_right=bool(one.is_right), at=at)
    return rows


def counted_streak(days: set[str], zone: str) -> int:
    """Day by day, without any code of the product."""
    day, count = NOW.astimezone(ZoneInfo(zone)).date(), 0
    if day.isoformat() not in days:
        day -= timedelta(days=1)
    while day.isoformat() in days:
        day, count = day - timedelta(days=1), count + 1
    return count


def months_after(start: datetime, months: int) -> datetime:
    """The same day and hour of UTC, or the last day of a month that lacks the day. Without any code of the product."""
    year, month = divmod(start.month - 1 + months, 12)
    for day in range(start.day, 27, -1):
        with contextlib.suppress(ValueError):
            return start.replace(year=start.year + year, month=month + 1, day=day)
    return start.replace(year=start.year + year, month=month + 1)


async def require_drip(engine: AsyncEngine, pupils: Sequence[Pupil]) -> None:
    """Each milestone opens a month after the one before, from when the learner joined."""
    async with engine.connect() as connection:
        (tree,) = await find_trees(connection, [COURSE_ID])
        for one in pupils:
            ways = await list_ways(connection, one.id, course_id=COURSE_ID)
            assert openings(tree, ways, NOW) == {
                f"milestone-{number}": months_after(one.joined, number) if number else None
                for number in range(MILESTONES)
            }, one.id


async def require_right(engine: AsyncEngine, pupils: Sequence[Pupil]) -> None:
    async with engine.connect() as connection:
        days = await find_days(connection, [one.id for one in pupils], NOW, COHORT_ID)
        complete = await find_complete(connection, ORG, [one.id for one in pupils])
        found = (await connection.execute(select(learner_reviews))).mappings().all()
    reviews: dict[str, dict[str, Row]] = {}
    for row in found:
        reviews.setdefault(row["learner_id"], {})[row["objective"]] = dict(row)
    for one in pupils:
        wanted = Counter(at.astimezone(ZoneInfo(one.zone)).date() for at, _ in one.facts())
        assert days[one.id].counts == wanted, one.id
        told = streak(set(days[one.id].counts), days[one.id].today)
        assert told == counted_streak({day.isoformat() for day in wanted}, one.zone), one.id
        assert sum(year_of(wanted, 2025)) + sum(year_of(wanted, 2026)) == sum(wanted.values())
        done = {event.task_id for _, event in one.facts() if isinstance(event, TaskCompleted)}
        assert complete.tasks.get(one.id, set()) == done
        own, expected = reviews.get(one.learner_id, {}), reviews_of(one)
        assert own.keys() == expected.keys()
        for objective, wanted_row in expected.items():
            assert {name: own[objective][name] for name in wanted_row} == wanted_row, (one.id, objective)


@pytest.fixture
def database_url(postgres_server: Server) -> str:
    migrate(postgres_server.url)
    return postgres_server.url


@pytest.mark.long
@pytest.mark.timeout(7200)
async def test_a_year(
    request: pytest.FixtureRequest, nats_connection: Client, database_url: str
) -> None:  # fmt: skip
    engine = create_async_engine(database_url)
    log = JetStreamFollowed(nats_connection, aggregate=PERSON, known=REGISTRY)
    pupils = [a_year(number) for number in range(request.config.getoption("--learners"))]
    turn = asyncio.Semaphore(_AT_ONCE)

    async def store(pupil: Pupil) -> int:
        async with turn:
            return await store_year(nats_connection, pupil)

    began = time.monotonic()
    events = await store_school(nats_connection, pupils) + sum(await asyncio.gather(*map(store, pupils)))
    stored = time.monotonic() - began
    began = time.monotonic()
    async with projecting(engine, log) as projected:
        assert await projected.wait(await log.end(), 3600.0)
        lived = time.monotonic() - began
        await require_right(engine, pupils)
        await require_drip(engine, pupils)
    async with Rebuild(engine, log, Blobs(ObjectBackend(MemoryStore()))).open() as rebuild:
        built = await rebuild.build(lambda *_: None)
        assert (await rebuild.compare()).differences == ()
        await rebuild.drop(built.schema)
    bare = await pipe(nats_connection, engine, events, ">", CLASSROOM.name)
    print(  # noqa: T201  what is measured
        f"\n{len(pupils)} learners, {events} facts: stored {events / stored:.0f}/s, projected {events / lived:.0f}/s, "
        f"built again {built.events / built.seconds:.0f}/s, bare pipe {bare:.0f}/s"
    )
    await engine.dispose()
