"""A year of a school: what the tables say of it is what a plain count of the facts says, live and built again."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
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
from shared.classroom.learners import learner_reviews
from shared.classroom.reviews import reviewed
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.following import JetStreamFollowed
from shared.events.learner import AnswerGiven, TaskCompleted
from shared.events.registry import CLASSROOM, PERSON, REGISTRY
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.readmodels.base import Row
from shared.readmodels.projected import Projected
from tests.faults.bare_pipe import pipe
from tests.support.school_year import COHORT_ID, COURSE_ID, MILESTONES, NOW, ORG, Pupil, year_events
from tests.support.servers import Server
from tests.support.synthetic_log import publish_all


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
        days = await find_days(connection, [one.id for one in pupils], NOW, [COHORT_ID])
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
    pupils = [Pupil(number) for number in range(request.config.getoption("--learners"))]
    began = time.monotonic()
    events = await publish_all(nats_connection, year_events(pupils), CLASSROOM)
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
