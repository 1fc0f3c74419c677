"""The read tables dropped by hand: said clearly, and made again by a migration or a rebuild, rights and all."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.operate import replay
from cli.operate.replay import Asked
from services.gateway.api import health
from services.gateway.database.read_schemas import BEFORE, LIVE, find_schemas
from services.gateway.migrate import migrate
from services.gateway.project.course_projector import course_projector
from services.gateway.rebuild.rebuild import Rebuild
from shared.event_log.port import Recorded, Unreadable
from shared.events.courses import COURSES
from shared.events.registry import CLASSROOM
from shared.kernel.errors import PermanentError
from shared.readmodels.checkpoint import Place, advance
from shared.readmodels.projected import Projected
from tests.integration.gateway.conftest import Gateway
from tests.integration.gateway.test_projection import dump
from tests.support.memory_log import MemoryLog

_SHAPE = text("""
SELECT relname, relkind::text, relpersistence::text, pg_get_userbyid(relowner), relacl::text,
  (SELECT array_agg(conname || pg_get_constraintdef(pg_constraint.oid) ORDER BY conname)::text FROM pg_constraint
   WHERE conrelid = pg_class.oid AND contype <> 'n'),
  (SELECT array_agg(attname || ' ' || coalesce(attstattarget, -1) ORDER BY attnum)::text FROM pg_attribute
   WHERE attrelid = pg_class.oid AND attnum > 0 AND relkind = 'r'),
  (SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indexrelid = pg_class.oid)
FROM pg_class WHERE relnamespace = to_regnamespace('read_v1') AND relkind IN ('r', 'i')
UNION ALL SELECT nspname, '', '', pg_get_userbyid(nspowner), nspacl::text, NULL, NULL, NULL
FROM pg_namespace WHERE nspname = 'read_v1' ORDER BY 1
""")


async def shape(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    """Tables, indexes, keys, what the planner may copy, owners and grants."""
    async with engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(_SHAPE)]


async def drop_live(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA {LIVE} CASCADE"))


@pytest.fixture
async def gateway(gateway: Gateway, database_url: str) -> AsyncIterator[Gateway]:
    yield gateway
    await asyncio.to_thread(migrate, database_url)
    async with gateway.engine.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE"))


def asked(*, course: str = "", verify: bool = False) -> Asked:
    return Asked(until=None, course=course, verify=verify, back=False, confirm=lambda _: False)


async def run(gateway: Gateway, what: Asked) -> dict[str, Any]:
    async with Rebuild(gateway.engine, gateway.log, gateway.blobs).open() as rebuild:
        return await replay._work(rebuild, what)


async def test_missing_tables_are_said_as_what_they_are(gateway: Gateway) -> None:
    await gateway.create()
    await drop_live(gateway.engine)
    ready = await gateway.api.get("/readyz")
    assert ready.status_code == 503
    checks = ready.json()["checks"]
    assert (checks["database"], checks["tables"], checks["projector"]) == ("ok", "missing", "unknown")
    for method in ("GET", "POST"):
        answer = await gateway.api.request(method, "/api/projects/", json={"title": "x"} if method == "POST" else None)
        assert (answer.status_code, answer.json()["code"]) == (503, "tables_missing"), answer.text
        assert int(answer.headers["Retry-After"]) > 0
    assert (await gateway.api.get("/metrics")).status_code == 200


class Halting(MemoryLog):
    """A log that shows its first event to those who follow it, and then nothing."""

    def __init__(self, log: MemoryLog) -> None:
        super().__init__()
        self._stored = log._stored
        self.shown = asyncio.Event()

    async def follow(self, from_seq: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """See FollowedLog.follow."""
        yield self._stored[:1]
        self.shown.set()
        await asyncio.Event().wait()


@contextlib.asynccontextmanager
async def projecting(gateway: Gateway, log: MemoryLog) -> AsyncIterator[None]:
    running = asyncio.create_task(course_projector(gateway.engine, log, gateway.blobs).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def until(projected: Projected, *, filling: bool) -> None:
    async with asyncio.timeout(20), projected._moved:
        await projected._moved.wait_for(lambda: projected.filling is filling)


async def test_courses_are_not_shown_before_new_tables_are_filled(gateway: Gateway, database_url: str) -> None:
    course_id = await gateway.create()
    await gateway.project()
    await gateway.stop_projecting()
    await drop_live(gateway.engine)
    await asyncio.to_thread(migrate, database_url)
    await until(gateway.services.projected, filling=True)
    for path in ("/api/projects/", f"/api/projects/{course_id}", "/api/events", f"/api/courses/{course_id}/events"):
        answer = await gateway.api.get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "tables_filling"), path
        assert int(answer.headers["Retry-After"]) > 0
    ready = await gateway.api.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["tables"]) == (503, "being filled")
    async with projecting(gateway, gateway.log):
        await until(gateway.services.projected, filling=False)
        assert [one["course_id"] for one in (await gateway.api.get("/api/projects/")).json()] == [course_id]


async def test_a_process_that_begins_with_empty_tables_waits_for_the_end_of_its_log(engine: AsyncEngine) -> None:
    async def end() -> int:
        return 5

    projected, empty = Projected(engine, end=end), Projected(engine)
    for filling in (True, True, False):
        assert await projected.look() + await empty.look() == 2 * projected.seq
        assert (projected.filling, empty.filling) == (filling, False)
        async with engine.begin() as connection:
            await connection.execute(advance(Place(4 if not projected.seq else 5)))


async def test_a_process_that_begins_while_tables_are_filled_waits_as_the_others_do(
    gateway: Gateway, database_url: str
) -> None:
    for title in ("One", "Two"):
        await gateway.create(title)
    await gateway.stop_projecting()
    await drop_live(gateway.engine)
    await asyncio.to_thread(migrate, database_url)
    halting = Halting(gateway.log)
    async with projecting(gateway, halting):
        await halting.shown.wait()
    late, of_rebuilt = Projected(gateway.engine), Projected(gateway.engine)
    assert (await late.look(), late.filling) == (1, True)
    assert (await run(gateway, asked()))["action"] == "swapped"
    assert (await of_rebuilt.look(), of_rebuilt.filling) == (1, True)


async def test_looking_for_tables_takes_one_connection(engine: AsyncEngine) -> None:
    taken: list[object] = []

    def note(*connection: object) -> None:
        taken.append(connection)

    event.listen(engine.sync_engine.pool, "checkout", note)
    try:
        signs = await health._database(engine)
    finally:
        event.remove(engine.sync_engine.pool, "checkout", note)
    assert (signs.database, signs.tables, len(taken)) == (True, True, 1)


async def test_a_migration_makes_them_again_and_the_projector_fills_them(gateway: Gateway, database_url: str) -> None:
    course_id = await gateway.generated()
    course, made = await gateway.course(course_id), await shape(gateway.engine)
    await drop_live(gateway.engine)
    for _ in range(2):
        await asyncio.to_thread(migrate, database_url)
    assert await shape(gateway.engine) == made
    await gateway.create("Another")  # the log in memory says nothing by itself
    await gateway.project()
    assert await gateway.course(course_id) == course
    assert (await gateway.api.get("/readyz")).json()["status"] == "ready"
    assert (await run(gateway, asked(verify=True)))["differences"] == []


async def test_a_replay_makes_them_again_and_says_that_nothing_was_compared(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    rows, made = await dump(gateway.engine), await shape(gateway.engine)
    await drop_live(gateway.engine)
    for nothing_to_compare in (asked(verify=True), asked(course=course_id)):
        with pytest.raises(PermanentError, match="no live read tables"):
            await run(gateway, nothing_to_compare)
    done = await run(gateway, asked())
    assert (done["action"], done["seqs"]) == ("swapped", {COURSES.name: await gateway.log.end(), CLASSROOM.name: 0})
    assert "differences" not in done
    assert await shape(gateway.engine) == made
    assert await dump(gateway.engine) == rows


async def test_tables_from_before_are_kept_while_there_are_no_live_ones_to_follow_them(gateway: Gateway) -> None:
    await gateway.create("One")
    assert (await run(gateway, asked()))["differences"] == []
    await gateway.create("Two")
    rows = await dump(gateway.engine)
    await drop_live(gateway.engine)
    async with Rebuild(gateway.engine, gateway.log, gateway.blobs).open() as rebuild:
        assert (await rebuild.swap(BEFORE)).seqs == {COURSES.name: await gateway.log.end(), CLASSROOM.name: 0}
    assert await dump(gateway.engine) == rows
    await run(gateway, asked())
    await drop_live(gateway.engine)
    await run(gateway, asked())
    async with gateway.engine.connect() as connection:
        assert await find_schemas(connection) == [LIVE, BEFORE]


async def test_a_column_that_is_missing_is_named_with_what_makes_it_and_nothing_hangs(
    hasty_gateway: Gateway, database_url: str
) -> None:
    gateway = hasty_gateway
    async with gateway.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {LIVE}.analyzed_documents DROP COLUMN for_whom"))
    await gateway.stop_projecting()
    async with projecting(gateway, gateway.log):
        ready = await gateway.api.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["tables"]) == (503, "missing")
        answer = await gateway.api.post("/api/projects/", json={"title": "x"})
        assert (answer.status_code, answer.json()["code"]) == (503, "tables_missing"), answer.text
        assert "analyzed_documents.for_whom" in answer.json()["detail"]
        assert "coursewright replay" in answer.json()["detail"]
    await drop_live(gateway.engine)
    await asyncio.to_thread(migrate, database_url)
