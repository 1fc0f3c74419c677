"""Tables built again beside the live ones: equal, swapped under readers and writers, put back, and thrown away."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.database import read_schemas
from services.gateway.database.read_schemas import BEFORE, LIVE, NEXT, create, find_schemas, finish, in_schema
from services.gateway.database.statistics import contents_of
from services.gateway.project.projection import Projection
from services.gateway.readmodels.registry import METADATA
from services.gateway.rebuild.loader import Loader
from services.gateway.rebuild.rebuild import Rebuild
from shared.events.courses import COURSES
from shared.events.doc_analyser import DocsAnalysisStarted, DocumentAnalysed
from shared.events.gateway import DocsAnalysisRequested
from shared.events.registry import CLASSROOM
from shared.kernel.errors import PermanentError, TransientError
from shared.readmodels.base import APP_METADATA
from shared.readmodels.checkpoint import advance, place_of
from tests.integration.gateway import contents
from tests.integration.gateway.conftest import Gateway
from tests.integration.gateway.test_documents import taught
from tests.integration.gateway.test_projection import dump, events_of


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
    assert built.events == await gateway.log.end()
    assert built.seqs == {COURSES.name: built.events, CLASSROOM.name: 0}
    assert (await rebuild.compare()).differences == ()
    swapped = await rebuild.swap()
    assert swapped.seconds < 2
    assert await dump(gateway.engine) == live
    assert await schemas(gateway.engine) == [LIVE, BEFORE]


async def test_a_course_that_lost_a_file_is_built_again_without_what_was_made_from_it(
    gateway: Gateway, rebuild: Rebuild
) -> None:
    _, document_id = await taught(gateway)
    assert (await gateway.api.delete(f"/api/documents/{document_id}")).status_code == 204
    await rebuild.build(silent)
    assert (await rebuild.compare()).differences == ()


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
        while not stop.is_set() and len(made) < 200:  # a page of the list
            made.append(await gateway.create(f"Course {len(made)}"))

    writing = asyncio.create_task(write())
    rounds = 0
    while rounds < 3 or len(made) <= 10:
        await rebuild.build(silent)
        assert (await rebuild.compare()).differences == ()
        await rebuild.swap()
        rounds += 1
    stop.set()
    await writing
    await gateway.project()
    assert sorted(made) == sorted(
        one["course_id"] for one in (await gateway.api.get("/api/projects/?limit=200")).json()
    )
    await rebuild.build(silent)
    assert (await rebuild.compare()).differences == ()


async def test_a_row_the_database_refuses_costs_its_fact_alike_live_and_rebuilt(
    gateway: Gateway, rebuild: Rebuild
) -> None:
    course_id = await gateway.cloned()
    await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner"})
    asked = await gateway.workers.request(course_id, DocsAnalysisRequested)
    analysed = []
    for number, words in enumerate((100, 2**40)):
        analysis = contents.analysis(f"d{number}", f"{number}.md").model_copy(update={"word_count": words})
        analysed.append(
            DocumentAnalysed(
                course_id=course_id, run_id=asked.run_id, document_id=f"d{number}", source_id="s1", path=f"{number}.md",
                sha256="0", title="A", doc_type="guide", complexity_level="beginner", word_count=words,
                analysis=await gateway.blobs.put_model(course_id, analysis),
            )
        )  # fmt: skip
    started = DocsAnalysisStarted(
        course_id=course_id, run_id=asked.run_id, attempt=1, worker="w", documents_planned=2
    )  # fmt: skip
    await gateway.workers.append(started, *analysed)
    await gateway.project()
    live = await dump(gateway.engine)
    assert (await gateway.get(course_id, "stage2/status"))["done"] == 2, "the course itself goes on"
    assert len(live["analyzed_documents"]) == 1
    (defect,) = live["projection_defects"]
    assert "DocumentAnalysed" in defect
    assert "refused by the database, code 22" in defect
    assert "coursewright_projection_defects 1.0" in (await gateway.api.get("/metrics")).text
    await rebuild.build(silent)
    assert (await rebuild.compare()).differences == ()
    replaced = await rebuild.replace(course_id)
    assert replaced.events == len(await gateway.workers.recorded(course_id))
    assert [one.type for one in replaced.defects] == ["DocumentAnalysed"]
    assert await dump(gateway.engine) == live


async def test_only_one_rebuild_at_a_time(gateway: Gateway, rebuild: Rebuild) -> None:
    other = Rebuild(gateway.engine, gateway.log, gateway.blobs)
    with pytest.raises(TransientError, match="Another rebuild"):
        async with other.open():
            raise AssertionError("two at once")


async def test_tables_of_another_version_are_not_taken(gateway: Gateway, rebuild: Rebuild) -> None:
    with pytest.raises(PermanentError, match="no tables to go back to"):
        await rebuild.swap(BEFORE)
    await rebuild.build(silent)
    await rebuild.swap()
    async with gateway.engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE {BEFORE}.courses DROP COLUMN title"))
    with pytest.raises(PermanentError, match="another version"):
        await rebuild.swap(BEFORE)


async def test_tables_of_the_past_are_built_beside(gateway: Gateway, rebuild: Rebuild) -> None:
    course_id = await gateway.cloned()
    built = await rebuild.build(silent, until={COURSES.name: 1})
    assert (built.schema, built.events) == ("read_v1_at_1", 1)
    async with gateway.engine.connect() as connection:
        rows = (await connection.execute(text("SELECT course_id, status FROM read_v1_at_1.courses"))).all()
    assert [tuple(row) for row in rows] == [(course_id, "draft")]
    assert (await gateway.course(course_id))["status"] == "stage1_complete"
    end = await gateway.log.end()
    with pytest.raises(PermanentError, match=f"ends at sequence {end}"):
        await rebuild.build(silent, until={COURSES.name: end + 1})
    assert (await rebuild.build(silent, until={COURSES.name: end})).seqs == {COURSES.name: end, CLASSROOM.name: 0}
    assert await schemas(gateway.engine) == [LIVE, "read_v1_at_1", f"read_v1_at_{end}"]


async def test_courses_that_leave_memory_and_come_back_are_whole(gateway: Gateway, rebuild: Rebuild) -> None:
    await gateway.generated()
    await gateway.generated()
    projection = Projection(gateway.blobs, is_live=False)
    events = await events_of(gateway)
    async with gateway.engine.connect() as plain:
        connection = await in_schema(plain, NEXT)
        async with connection.begin():
            await create(connection, NEXT)
        loader = Loader(connection, NEXT, gateway.log, projection, rows_in_memory=1)
        for at in range(0, len(events), 3):
            await loader.take(events[at : at + 3])
        await loader.end()
        async with connection.begin():
            await connection.execute(advance(place_of(events[-1])))
            await finish(connection, NEXT)
    assert (await rebuild.compare()).differences == ()


async def test_the_planner_copies_nothing_users_wrote_out_of_any_table(gateway: Gateway, rebuild: Rebuild) -> None:
    for _ in range(2):
        await gateway.generated()
    await rebuild.build(silent)
    query = text(
        "SELECT schemaname || '.' || tablename || '.' || attname FROM pg_stats WHERE schemaname <> 'pg_catalog'"
    )
    left_out = text(
        "SELECT relnamespace::regnamespace || '.' || relname || '.' || attname FROM pg_attribute"
        " JOIN pg_class ON pg_class.oid = attrelid WHERE attstattarget = 0 AND attnum > 0"
    )
    async with gateway.engine.connect() as connection:
        await connection.execute(text("ANALYZE"))
        copied = set(await connection.scalars(query))
        kept_out = set(await connection.scalars(left_out))
    tables = (*METADATA.sorted_tables, *APP_METADATA.sorted_tables)
    contents = {f"{table}.{column}" for table in tables for column in contents_of(table)}
    assert {f"{LIVE}.courses.title", "app.webhook_deliveries.body"} <= contents
    assert contents <= kept_out, "of tables without a row, too"
    assert {f"{LIVE}.courses.user_id", f"{NEXT}.courses.user_id"} <= copied, "the planner knows what is searched by"
    assert copied & (contents | {name.replace(LIVE, NEXT) for name in contents}) == set()


async def test_a_deleted_course_goes_from_tables_of_an_earlier_version_too(gateway: Gateway, rebuild: Rebuild) -> None:
    course_id = await gateway.create("One")
    await rebuild.build(silent, until={COURSES.name: 1})
    async with gateway.engine.begin() as connection:
        await connection.execute(text("DROP TABLE read_v1_at_1.projection_defects"))
    await gateway.api.delete(f"/api/projects/{course_id}")
    for _ in range(2):
        await gateway.eraser.work()
    async with gateway.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM read_v1_at_1.courses")) == 0
        assert await connection.scalar(text("SELECT count(*) FROM app.erasures")) == 0


async def test_tables_that_are_kept_are_vacuumed_after_an_erasure_too(gateway: Gateway, rebuild: Rebuild) -> None:
    course_id = await gateway.create("One")
    await rebuild.build(silent)
    await rebuild.swap()
    await rebuild.build(silent, until={COURSES.name: 1})
    before = await vacuums(gateway.engine)
    await gateway.api.delete(f"/api/projects/{course_id}")
    await gateway.project()
    for _ in range(2):
        await gateway.eraser.work()
    after = await vacuums(gateway.engine)
    assert {schema for schema in after if after[schema] > before[schema]} == {LIVE, "read_v1_at_1", BEFORE}


async def vacuums(engine: AsyncEngine) -> dict[str, int]:
    """How often the table of courses was vacuumed by hand, by schema."""
    query = text("SELECT schemaname, vacuum_count FROM pg_stat_all_tables WHERE relname = 'courses'")
    async with engine.connect() as connection:
        return {row.schemaname: row.vacuum_count for row in await connection.execute(query)}


async def test_a_swap_that_fails_leaves_the_tables_before_and_looks_into_the_past_to_others(
    gateway: Gateway, rebuild: Rebuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    await gateway.create("One")
    await rebuild.build(silent)
    await rebuild.swap()
    await rebuild.build(silent, until={COURSES.name: 1})
    await rebuild.build(silent)
    kept = [LIVE, "read_v1_at_1", BEFORE, NEXT]
    assert await schemas(gateway.engine) == kept

    async def refuse(*_: object) -> None:
        raise TransientError("The database went away")

    monkeypatch.setattr(read_schemas, "drop", refuse)
    with pytest.raises(TransientError):
        await rebuild.swap()
    assert await schemas(gateway.engine) == kept
    monkeypatch.undo()
    await rebuild.swap()
    assert await schemas(gateway.engine) == [LIVE, "read_v1_at_1", BEFORE]
