"""A session that is silent with a lock loses it, and cannot write when it wakes; a slow session keeps it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.gateway.database.locks import projector_of
from services.gateway.project.contents import Contents
from services.gateway.project.course_projector import course_projector
from services.gateway.project.projection import Projection
from services.gateway.project.projector import Projector
from services.gateway.project.working_set import Batch, Payloads, Step
from services.gateway.rebuild.rebuild import Rebuild
from shared.events.courses import COURSES
from shared.readmodels import silence
from shared.readmodels.side import ReadSide
from tests.integration.gateway.conftest import Gateway
from tests.integration.gateway.test_projection import apply as apply_again
from tests.integration.gateway.test_projection import clear, dump, events_of

_SILENT_SECONDS = 2.0  # more than a projector without events is silent
_PATIENCE_SECONDS = 20.0


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silence, "SILENT_SECONDS", _SILENT_SECONDS)


@contextlib.asynccontextmanager
async def another_projector(gateway: Gateway) -> AsyncIterator[Projector]:
    projector = course_projector(gateway.engine, gateway.log, gateway.blobs)
    running = asyncio.create_task(projector.run())
    try:
        yield projector
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def projected(gateway: Gateway, seq: int) -> bool:
    return await gateway.services.projected.wait(seq, _PATIENCE_SECONDS)


async def test_a_projector_that_stands_still_is_replaced_and_writes_nothing_when_it_wakes(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = await gateway.create("Before")
    stands, wakes = asyncio.Event(), asyncio.Event()
    plain = Projection.fold

    async def stand_still(self: Projection, connection: AsyncConnection, batch: Batch, *rest: Any) -> None:
        await plain(self, connection, batch, *rest)
        if not stands.is_set():
            stands.set()
            await wakes.wait()

    monkeypatch.setattr(Projection, "fold", stand_still)
    late = asyncio.create_task(gateway.api.put(f"/api/projects/{course_id}", json={"title": "After"}))
    await stands.wait()
    async with another_projector(gateway):
        assert await projected(gateway, 2), "the second one takes over"
        assert (await late).is_success
        taken_over = await dump(gateway.engine)
        with structlog.testing.capture_logs() as logs:
            wakes.set()
            async with asyncio.timeout(_PATIENCE_SECONDS):
                # Nobody tells when it has noticed: its log is read.
                while "projector_interrupted" not in {entry["event"] for entry in logs}:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        assert await dump(gateway.engine) == taken_over, "it has written nothing"
        assert (await gateway.api.put(f"/api/projects/{course_id}", json={"title": "Later"})).is_success
        assert await projected(gateway, 3)
    await gateway.stop_projecting()
    live, events = await dump(gateway.engine), await events_of(gateway)
    await clear(gateway.engine)
    await apply_again(gateway, [events])
    assert await dump(gateway.engine) == live


async def test_one_that_stands_still_inside_a_statement_is_ended_by_who_waits(
    gateway: Gateway, engine: AsyncEngine
) -> None:
    await gateway.stop_projecting()
    sends = asyncio.Event()

    async def never_ending() -> AsyncIterator[bytes]:
        yield b"1\n"
        sends.set()
        await asyncio.Event().wait()

    async with engine.connect() as holder:
        await holder.execute(text(f"SELECT pg_advisory_lock({projector_of(COURSES)})"))
        await holder.execute(text("CREATE TEMPORARY TABLE half_sent (n int)"))
        driver: Any = (await holder.get_raw_connection()).driver_connection
        sending = asyncio.create_task(driver.copy_to_table("half_sent", source=never_ending()))
        await sends.wait()
        await gateway.api.post("/api/projects/", json={"title": "Waits"})
        try:
            async with another_projector(gateway):
                assert await projected(gateway, 1)
        finally:
            sending.cancel()
            driver.terminate()
            await asyncio.gather(sending, return_exceptions=True)
            await holder.invalidate()


async def test_a_slow_store_costs_nobody_the_lead(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = Contents.fetch

    async def fetch(self: Contents, side: ReadSide, steps: Collection[Step]) -> Payloads:
        await asyncio.sleep(2 * _SILENT_SECONDS)  # how long a session may be silent is the server's clock
        return await plain(self, side, steps)

    await gateway.create("First")  # whose projector leads from here on
    monkeypatch.setattr(Contents, "fetch", fetch)
    with structlog.testing.capture_logs() as logs:
        async with another_projector(gateway):
            await gateway.api.post("/api/projects/", json={"title": "Slow"})
            assert await projected(gateway, 2)
    assert {entry["event"] for entry in logs} & {"projector_interrupted", "projector_leads"} == set()


async def test_a_rebuild_that_stands_still_holds_the_projection_up_no_longer(gateway: Gateway) -> None:
    async with Rebuild(gateway.engine, gateway.log, gateway.blobs).open() as rebuild, rebuild._alone():
        await gateway.api.post("/api/projects/", json={"title": "Waits"})
        assert await projected(gateway, 1)
