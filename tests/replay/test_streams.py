"""Streams recorded by every version so far give the tables they gave, by the projector and by a rebuild."""

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.database.read_schemas import LIVE, NEXT
from services.gateway.project.projection import Projection
from services.gateway.readmodels.registry import COURSE_SIDE
from services.gateway.rebuild.rebuild import Rebuild
from shared.event_log.port import Recorded
from tests.replay.stream import STREAMS, RecordedLog, read_blobs, read_items, read_lines
from tests.support.table_dump import dump_rows

VERSIONS = sorted(path.name for path in STREAMS.iterdir() if path.is_dir())


def recorded_tables(folder: Path) -> dict[str, list[str]]:
    return dict(read_lines(folder / "tables.json.gz")[0])


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_recorded_stream_gives_the_recorded_tables(engine: AsyncEngine, version: str) -> None:
    folder = STREAMS / version
    items, blobs = read_items(folder), await read_blobs(folder)
    assert all(isinstance(item, Recorded) for item in items)
    projection = Projection(blobs)
    async with engine.connect() as connection:
        for start in range(0, len(items), 7):
            await projection.apply(connection, items[start : start + 7])
    expected = recorded_tables(folder)
    assert await dump_rows(engine, LIVE) == expected
    assert expected["projection_defects"] == []
    async with Rebuild(engine, RecordedLog(items), blobs).open() as rebuild:
        await rebuild.build(lambda *_: None)
        assert await dump_rows(engine, NEXT) == expected
        await rebuild.drop(NEXT)


def test_every_way_a_course_can_go_is_in_the_stream_of_this_version() -> None:
    rows = recorded_tables(STREAMS / VERSIONS[-1])
    names = {type(item.event).__name__ for item in read_items(STREAMS / VERSIONS[-1]) if isinstance(item, Recorded)}
    assert {
        "CourseGenerated", "RepoCloneFailed", "StageCanceled", "StageRetryScheduled", "CourseDeleted",
        "DocumentRevised", "PathwayRevised", "SourcesSelected", "CourseUpdated", "GenerationRequested",
    } <= names  # fmt: skip
    empty = {"projection_defects", "skipped_documents", "documents", "lectures"}
    filled = {table.name for table in COURSE_SIDE.tables} - empty
    assert all(rows[name] for name in filled)
