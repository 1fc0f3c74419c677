"""Tables built again beside the live ones: equal, swapped under readers and writers, put back, and thrown away."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.read_schemas import BEFORE, LIVE, find_schemas
from services.gateway.rebuild import Rebuild
from tests.unit.gateway.conftest import Gateway
from tests.unit.gateway.test_projection import dump


@pytest.fixture
async def rebuild(gateway: Gateway) -> AsyncIterator[Rebuild]:
    async with Rebuild(gateway.engine, gateway.log, gateway.blobs).open() as opened:
        yield opened
        for schema in await schemas(gateway.engine):
            if schema != LIVE:
                await opened.drop(schema)


async def schemas(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return await find_schemas(connection)


def silent(*_: int) -> None:
    return None


async def test_built_again_the_tables_are_equal_and_take_the_place_of_the_live_ones(
    gateway: Gateway, rebuild: Rebuild
) -> None:
    await gateway.generated()
    await gateway.create("Another")
    live = await dump(gateway.engine)
    built = await rebuild.build(silent)
    assert built.seq == built.events == await gateway.log.end()
    assert (await rebuild.compare()).differences == ()
    swapped = await rebuild.swap()
    assert swapped.seconds < 2
    assert await dump(gateway.engine) == live
    assert await schemas(gateway.engine) == [LIVE, BEFORE]


async def test_the_projector_goes_on_in_the_new_tables(gateway: Gateway, rebuild: Rebuild) -> None:
    await gateway.create("Before")
    await rebuild.build(silent)
    while_building = await gateway.create("Meanwhile")
    await rebuild.swap()
    await gateway.create("After")
    assert (await gateway.course(while_building))["title"] == "Meanwhile"
    titles = [one["title"] for one in (await gateway.api.get("/api/projects/")).json()]
    assert titles == ["After", "Meanwhile", "Before"]
    await rebuild.swap(BEFORE)
    await gateway.create("Later")
    titles = [one["title"] for one in (await gateway.api.get("/api/projects/")).json()]
    assert titles == ["Later", "After", "Meanwhile", "Before"]


async def test_differences_are_named(gateway: Gateway, rebuild: Rebuild) -> None:
    course_id = await gateway.cloned()
    async with gateway.engine.begin() as connection:
        await connection.execute(text("UPDATE read_v1.courses SET title = 'Wrong'"))
        await connection.execute(text("DELETE FROM read_v1.repository_files WHERE file_path = 'docs'"))
    await rebuild.build(silent)
    found = {one.table: one for one in (await rebuild.compare()).differences}
    assert found.keys() == {"courses", "repository_files"}
    assert found["courses"].keys == (f'["{course_id}"]',)
    assert (
        found["repository_files"].rows[1] - found["repository_files"].rows[0],
        len(found["repository_files"].keys),
    ) == (1, 1)


async def test_writes_go_on_while_tables_are_built_and_swapped(gateway: Gateway, rebuild: Rebuild) -> None:
    stop = asyncio.Event()
    made: list[str] = []

    async def write() -> None:
        while not stop.is_set():
            made.append(await gateway.create(f"Course {len(made)}"))

    writing = asyncio.create_task(write())
    for _ in range(3):
        await rebuild.build(silent)
        assert (await rebuild.compare()).differences == ()
        await rebuild.swap()
    stop.set()
    await writing
    await gateway.project()
    assert len(made) > 10
    assert sorted(made) == sorted(
        one["course_id"] for one in (await gateway.api.get("/api/projects/?limit=200")).json()
    )
    await rebuild.build(silent)
    assert (await rebuild.compare()).differences == ()
