"""A rebuild killed at any point leaves the live tables as they are, and the next one finishes."""

import asyncio
import signal
import sys

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.database.read_schemas import BEFORE, LIVE, NEXT, find_schemas
from services.gateway.project.projection import Projection
from services.gateway.rebuild.rebuild import Rebuild
from tests.replay.dying_rebuild import POINTS
from tests.replay.stream import STREAMS, RecordedLog, read_blobs, read_items
from tests.support.table_dump import dump_rows

FOLDER = max(path for path in STREAMS.iterdir() if path.is_dir())


@pytest.mark.parametrize("point", POINTS)
async def test_a_killed_rebuild_changes_nothing(engine: AsyncEngine, database_url: str, point: str) -> None:
    items, blobs = read_items(FOLDER), await read_blobs(FOLDER)
    async with engine.connect() as connection:
        await Projection(blobs).apply(connection, items)
    live = await dump_rows(engine, LIVE)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.replay.dying_rebuild", database_url, str(FOLDER), point
    )
    assert await child.wait() == -signal.SIGKILL
    assert await dump_rows(engine, LIVE) == live
    async with engine.connect() as connection:
        assert await find_schemas(connection) == [LIVE, NEXT]
    async with Rebuild(engine, RecordedLog(items), blobs).open() as rebuild:
        async with engine.connect() as connection:
            assert await find_schemas(connection) == [LIVE], "what the dead one left is gone"
        await rebuild.build(lambda *_: None)
        await rebuild.swap()
        assert await dump_rows(engine, LIVE) == live
        await rebuild.drop(BEFORE)
