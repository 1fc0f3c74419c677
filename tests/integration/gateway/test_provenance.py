"""A log that is not the one the tables were made from: nothing of it is projected into them, and a replay mends it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.operate import replay
from cli.operate.replay import Asked
from services.gateway.database.read_schemas import BEFORE
from services.gateway.rebuild.rebuild import Rebuild
from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.events.courses import COURSES
from shared.events.gateway import CourseUpdated
from shared.events.registry import CLASSROOM
from shared.kernel.errors import PermanentError
from shared.readmodels.checkpoint import Place, place_of
from shared.readmodels.provenance import OtherLog, require_log_of_tables
from tests.integration.gateway.conftest import Gateway, running_gateway
from tests.integration.gateway.test_projection import dump

_ANOTHER = "tables of another log"


@pytest.fixture
async def engine(engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    yield engine
    async with engine.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE"))


async def fill_tables(engine: AsyncEngine, *titles: str) -> list[Recorded | Unreadable]:
    """Rows of courses, the first one changed for each after it; the log they are of."""
    async with running_gateway(engine) as before:
        first = await before.create(titles[0])
        for title in titles[1:]:
            await before.api.put(f"/api/projects/{first}", json={"title": f"{titles[0]}, {title}"})
            await before.create(title)
        await before.project()
        return before.log.stored()


async def delete_all(gateway: Gateway) -> None:
    for one in (await gateway.api.get("/api/projects/")).json():
        assert (await gateway.api.delete(f"/api/projects/{one['course_id']}")).status_code == 200
    await gateway.project()


def put_back(gateway: Gateway, stored: Sequence[Recorded | Unreadable]) -> None:
    gateway.log._stored[:] = stored


async def said_of_projector(gateway: Gateway, word: str, times: int = 20) -> None:
    """Return when `/readyz` has said this so often without a break, with 503."""
    said = 0
    async with asyncio.timeout(30):
        while said < times:
            ready = await gateway.api.get("/readyz")
            is_said = (ready.status_code, ready.json()["checks"]["projector"]) == (503, word)
            said = said + 1 if is_said else 0


async def replayed(gateway: Gateway, *, back: bool = False) -> dict[str, Any]:
    async with Rebuild(gateway.engine, gateway.log, gateway.blobs).open() as rebuild:
        return await replay._work(rebuild, Asked(None, "", verify=False, back=back, confirm=lambda _: True))


async def titles(gateway: Gateway) -> list[str]:
    return [one["title"] for one in (await gateway.api.get("/api/projects/?limit=200")).json()]


async def test_a_log_that_ends_before_the_tables_is_said_to(engine: AsyncEngine) -> None:
    stored = await fill_tables(engine, "One", "Two", "Three")
    async with running_gateway(engine, projection_wait_seconds=0.05) as gateway:
        await gateway.create("In the new log")
        await said_of_projector(gateway, f"ahead of the log by {len(stored) - 1}")


async def test_a_log_that_has_passed_the_tables_is_not_projected_until_they_are_made_from_it(
    engine: AsyncEngine,
) -> None:
    stored = await fill_tables(engine, "One", "Two", "Three")
    rows = await dump(engine)
    async with running_gateway(engine, projection_wait_seconds=0.05) as gateway:
        new = [f"Course {number}" for number in range(len(stored) + 3)]
        for title in new:
            await gateway.create(title)
        await said_of_projector(gateway, _ANOTHER)
        assert await dump(engine) == rows
        done = await replayed(gateway)
        assert (done["action"], done["seqs"]) == ("swapped", {COURSES.name: len(new), CLASSROOM.name: 0})
        assert "courses" in {one["table"] for one in done["differences"]}
        await gateway.create("Later")
        await gateway.project()
        assert await titles(gateway) == ["Later", *reversed(new)]
        assert (await gateway.api.get("/readyz")).json()["status"] == "ready"


async def test_a_log_put_back_in_which_the_newest_course_goes_on_is_another_one(engine: AsyncEngine) -> None:
    stored = await fill_tables(engine, "One", "Two", "Three")
    first = next(item for item in stored if isinstance(item, Recorded)).event.aggregate_id
    async with running_gateway(engine, projection_wait_seconds=0.05) as gateway:
        put_back(gateway, stored[:1])
        await gateway.create("Missed")
        seq = 1
        for number in range(len(stored)):
            again = CourseUpdated(course_id=first, title=f"One, {number}")
            seq = await gateway.log.append([NewEvent(again, f"again-{number}", "test", "c", "c")], seq)
        assert seq > len(stored)
        await said_of_projector(gateway, _ANOTHER)
        await replayed(gateway)
        assert set(await titles(gateway)) == {"Missed", f"One, {len(stored) - 1}"}


async def test_tables_without_courses_are_of_a_log_too(engine: AsyncEngine) -> None:
    async with running_gateway(engine) as before:
        for title in ("One", "Two"):
            await before.create(title)
        await delete_all(before)
        projected = await before.log.end()
    async with running_gateway(engine, projection_wait_seconds=0.05) as gateway:
        for number in range(projected + 2):
            await gateway.create(f"Course {number}")
        await said_of_projector(gateway, _ANOTHER)


async def test_tables_of_a_log_that_is_gone_are_not_taken_back(engine: AsyncEngine) -> None:
    await fill_tables(engine, "One", "Two", "Three")
    async with running_gateway(engine, projection_wait_seconds=0.05) as gateway:
        await gateway.create("New")
        await replayed(gateway)
        with pytest.raises(PermanentError, match="not made from this log"):
            await replayed(gateway, back=True)
        assert await titles(gateway) == ["New"]


async def test_a_gateway_that_runs_shows_what_is_written_after_tables_that_are_less_far(engine: AsyncEngine) -> None:
    await fill_tables(engine, "One", "Two", "Three")
    async with running_gateway(engine, projection_wait_seconds=0.05) as gateway:
        course_id = await gateway.create("New")
        assert await gateway.services.projected.look() > 1
        assert (await replayed(gateway))["seqs"] == {COURSES.name: 1, CLASSROOM.name: 0}
        async with asyncio.timeout(20):
            while gateway.services.projected.seq != 1:  # noqa: ASYNC110 - what it hears sets no event
                await asyncio.sleep(0.01)
        for number in range(5):
            put = await gateway.api.put(f"/api/projects/{course_id}", json={"title": f"New {number}"})
            assert put.status_code == 202 or put.json()["title"] == f"New {number}"
            await gateway.project()


async def test_tables_fit_the_log_they_come_from_and_empty_ones_fit_every_log(gateway: Gateway) -> None:
    async with gateway.engine.connect() as connection:
        assert (await require_log_of_tables(connection, gateway.log)).seq == 0
        await gateway.create()
        (created,) = gateway.log.stored()
        assert await require_log_of_tables(connection, gateway.log) == place_of(created)
        gateway.log._stored.clear()
        with pytest.raises(OtherLog, match="has not come to event 1"):
            await require_log_of_tables(connection, gateway.log)


@pytest.mark.parametrize("event_id", ["", "a\x00b", "x" * 4000])
async def test_an_id_of_a_stranger_that_cannot_be_kept_stands_for_none(gateway: Gateway, event_id: str) -> None:
    course_id = await gateway.create()
    changed = CourseUpdated(course_id=course_id, title="Changed")
    await gateway.log.append([NewEvent(changed, event_id, "test", "c", "c")], 1)
    await gateway.project()
    assert (await gateway.course(course_id))["title"] == "Changed"
    async with gateway.engine.connect() as connection:
        assert await require_log_of_tables(connection, gateway.log) == Place(2)
