"""A log that is not the one the tables were made from: nothing of it is projected into them, and a replay mends it."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from cli import replay
from cli.replay import Asked
from services.gateway.provenance import OtherLog, require_log_of_tables
from services.gateway.read_schemas import BEFORE
from services.gateway.readmodels.checkpoint import read_checkpoint
from services.gateway.rebuild import Rebuild
from tests.unit.gateway.conftest import Gateway, running_gateway
from tests.unit.gateway.test_projection import dump


async def fill_tables(engine: AsyncEngine) -> int:
    """Rows of a course that only a log which is gone knows; how far they are."""
    async with running_gateway(engine) as before:
        await before.generated()
    async with engine.connect() as connection:
        return await read_checkpoint(connection)


async def said_of_projector(gateway: Gateway, word: str) -> None:
    """Return when `/readyz` says this, with 503."""
    said = None
    async with asyncio.timeout(20):
        while said != (503, word):
            ready = await gateway.api.get("/readyz")
            said = ready.status_code, ready.json()["checks"]["projector"]


async def test_a_log_that_ends_before_the_tables_is_said_to(engine: AsyncEngine) -> None:
    projected = await fill_tables(engine)
    async with running_gateway(engine, projection_wait_seconds=0.05) as gateway:
        await gateway.create("In the new log")
        await said_of_projector(gateway, f"ahead of the log by {projected - 1}")


async def test_a_log_that_has_passed_the_tables_is_not_projected_until_they_are_made_from_it(
    engine: AsyncEngine,
) -> None:
    projected = await fill_tables(engine)
    rows = await dump(engine)
    async with running_gateway(engine, projection_wait_seconds=0.05) as gateway:
        titles = [f"Course {number}" for number in range(projected + 3)]
        for title in titles:
            await gateway.create(title)
        await said_of_projector(gateway, "tables of another log")
        assert await dump(engine) == rows
        async with Rebuild(engine, gateway.log, gateway.blobs).open() as rebuild:
            done = await replay._work(rebuild, Asked(None, "", verify=False, back=False, confirm=lambda _: True))
            assert (done["action"], done["seq"]) == ("swapped", len(titles))
            assert "courses" in {one["table"] for one in done["differences"]}
            await gateway.create("Later")
            await gateway.project()
            shown = [one["title"] for one in (await gateway.api.get("/api/projects/?limit=200")).json()]
            assert shown == ["Later", *reversed(titles)]
            assert (await gateway.api.get("/readyz")).json()["status"] == "ready"
            await rebuild.drop(BEFORE)


async def test_tables_fit_the_log_they_come_from_and_empty_ones_fit_every_log(gateway: Gateway) -> None:
    async with gateway.engine.connect() as connection:
        assert await require_log_of_tables(connection, gateway.log) is None
        course_id = await gateway.create()
        assert await require_log_of_tables(connection, gateway.log) == (course_id, 1)
        gateway.log._stored.clear()
        with pytest.raises(OtherLog, match=f"no event 1 of course {course_id}"):
            await require_log_of_tables(connection, gateway.log)
