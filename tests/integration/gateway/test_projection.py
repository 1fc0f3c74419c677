"""The tables are a function of the log: repeated, shuffled into batches, rebuilt, or fed with what cannot be stored."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import structlog
from sqlalchemy import event, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.project.course_projector import course_projector
from services.gateway.project.projection import Projection
from services.gateway.project.projector import Projector
from services.gateway.readmodels.registry import COURSE_SIDE, METADATA, SIDES
from shared.event_log.port import Recorded, Unreadable
from shared.events.doc_analyser import DocsAnalysisStarted, DocumentAnalysed
from shared.events.gateway import DocsAnalysisRequested, RepoCloneRequested
from shared.events.repo_clone import RepoCloneFailed, RepoCloneStarted
from shared.readmodels.base import Changes, Fact
from shared.readmodels.side import tables_of
from tests.integration.gateway.conftest import Gateway
from tests.support.empty_tables import empty

Rows = dict[str, list[Any]]


async def dump(engine: AsyncEngine) -> Rows:
    """Every row of every read table, in a fixed order."""
    async with engine.connect() as connection:
        return {
            table.name: sorted(str(tuple(row)) for row in await connection.execute(select(table)))
            for table in METADATA.sorted_tables
        }


async def events_of(gateway: Gateway) -> list[Recorded | Unreadable]:
    async for batch in gateway.log.follow(1):
        return batch
    return []


async def clear(engine: AsyncEngine) -> None:
    await empty(engine, METADATA.sorted_tables)


async def apply(gateway: Gateway, batches: Sequence[Sequence[Recorded | Unreadable]]) -> None:
    projection = Projection(gateway.blobs)
    async with gateway.engine.connect() as connection:
        for batch in batches:
            await projection.apply(connection, batch)


def test_every_read_table_belongs_to_one_aggregate() -> None:
    owned = [table.name for table in tables_of(SIDES)]
    assert sorted(owned) == sorted(table.name for table in METADATA.sorted_tables)


async def test_tables_built_again_from_the_log_are_equal(gateway: Gateway) -> None:
    await gateway.generated()
    await gateway.create("Another")
    live, events = await dump(gateway.engine), await events_of(gateway)
    assert all(live[name] for name in ("pathways", "module_documents", "module_content", "stage3_selections"))
    await clear(gateway.engine)
    await apply(gateway, [events])
    assert await dump(gateway.engine) == live
    await clear(gateway.engine)
    await apply(gateway, [[event] for event in events])
    assert await dump(gateway.engine) == live


async def test_one_fact_of_many_rows_lets_the_process_answer_others_meanwhile(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", {"repo_url": "pallets/click"})
    await gateway.workers.clone(course_id, [f"docs/{number}.md" for number in range(2500)])
    await gateway.project()
    events = await events_of(gateway)
    await clear(gateway.engine)
    threads, sizes = set(), []

    def project(_: Fact) -> Changes:
        threads.add(threading.current_thread())
        return ()

    @event.listens_for(gateway.engine.sync_engine, "before_cursor_execute")
    def note(_c: object, _s: object, statement: str, parameters: Any, _x: object, is_many: bool) -> None:
        if is_many and "repository_files" in statement:
            sizes.append(len(parameters))

    side = replace(COURSE_SIDE, projections=(*COURSE_SIDE.projections, project))
    async with gateway.engine.connect() as connection:
        await Projection(gateway.blobs, (side,)).apply(connection, events)
    assert threading.main_thread() not in threads
    assert threads
    assert sum(sizes) == 2503
    assert max(sizes) <= 1000


async def test_events_that_come_again_change_nothing(gateway: Gateway) -> None:
    await gateway.generated()
    live, events = await dump(gateway.engine), await events_of(gateway)
    await apply(gateway, [events, events[3:9], [event for event in events for _ in range(2)]])
    assert await dump(gateway.engine) == live


async def test_a_rebuild_leaves_nothing_of_a_deleted_course(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.api.delete(f"/api/projects/{course_id}")
    await gateway.project()
    events = await events_of(gateway)
    await clear(gateway.engine)
    await apply(gateway, [[event] for event in events])
    await gateway.eraser.work()
    rows = await dump(gateway.engine)
    assert {name: len(found) for name, found in rows.items() if found} == {"checkpoints": 1}


async def test_a_character_no_table_can_store_does_not_stop_the_others(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", {"repo_url": "pallets/click"})
    asked = await gateway.workers.request(course_id, RepoCloneRequested)
    await gateway.workers.append(
        RepoCloneStarted(course_id=course_id, run_id=asked.run_id, attempt=1, worker="w"),
        RepoCloneFailed(
            course_id=course_id, run_id=asked.run_id, error="x", message="Bad \x00 name", retryable=False, attempt=1
        ),
    )
    await gateway.project()
    assert (await gateway.get(course_id, "stage1/status"))["error_message"] == "Bad \ufffd name"
    await gateway.create("Still working")


async def test_an_event_nobody_can_read_is_passed_over_and_said_so(gateway: Gateway) -> None:
    await gateway.create()
    live = await dump(gateway.engine)
    with structlog.testing.capture_logs() as logs:
        await apply(gateway, [[Unreadable(9, "course.x.Y", "coursewright.course.Y.v1", "unknown event type")]])
    assert [entry["event"] for entry in logs] == ["event_unreadable"]
    assert (await dump(gateway.engine))["courses"] == live["courses"]
    async with gateway.engine.connect() as connection:
        assert await connection.scalar(text("SELECT seq FROM read_v1.checkpoints")) == 9


async def test_a_missing_blob_costs_its_rows_and_nothing_else(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner"})
    asked = await gateway.workers.request(course_id, DocsAnalysisRequested)
    gone = asked.documents.model_copy(update={"key": "courses/x/none", "sha256": "0" * 64})
    await gateway.workers.append(
        DocsAnalysisStarted(course_id=course_id, run_id=asked.run_id, attempt=1, worker="w", documents_planned=4),
        DocumentAnalysed(
            course_id=course_id, run_id=asked.run_id, document_id="d1", source_id="s1", path="a.md", sha256="0",
            title="A", doc_type="guide", complexity_level="beginner", word_count=1, analysis=gone,
        ),
    )  # fmt: skip
    with structlog.testing.capture_logs():
        await gateway.project()
    status = await gateway.get(course_id, "stage2/status")
    assert (status["done"], status["progress"], status["current_step"]) == (1, 25, "Analysed a.md (1 of 4)")
    assert (await dump(gateway.engine))["analyzed_documents"] == []


async def test_a_pathway_may_name_a_document_that_is_gone(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    async with gateway.engine.begin() as connection:
        await connection.execute(text("DELETE FROM read_v1.analyzed_documents"))
    path = f"/api/courses/{course_id}/pathways/p-complete"
    changed = (await gateway.api.patch(path, json={"title": "Changed"})).json()
    assert (changed["title"], [one["document_ids"] for one in changed["modules"]]) == ("Changed", [[], [], [], []])


async def test_a_second_projector_waits_for_the_first(gateway: Gateway) -> None:
    await gateway.create()
    with structlog.testing.capture_logs() as logs:
        second = asyncio.create_task(course_projector(gateway.engine, gateway.log, gateway.blobs).run())
        for number in range(5):
            await gateway.create(f"Course {number}")
        assert [entry for entry in logs if entry["event"] == "projector_leads"] == []
        second.cancel()
        await asyncio.gather(second, return_exceptions=True)


async def test_the_next_projector_goes_on_where_the_first_stopped(engine: AsyncEngine, hasty_gateway: Gateway) -> None:
    gateway = hasty_gateway
    course_id = await gateway.create()
    await gateway.project()
    assert gateway.projecting is not None
    gateway.projecting.cancel()
    await asyncio.gather(gateway.projecting, return_exceptions=True)
    late = await gateway.api.put(f"/api/projects/{course_id}", json={"title": "Late"})
    assert (late.status_code, late.json()["sequence"]) == (202, 2)
    again = await gateway.api.put(f"/api/projects/{course_id}", json={"title": "Later"}, headers={"If-Match": '"2"'})
    assert (again.status_code, again.json()["sequence"]) == (202, 3)
    second = asyncio.create_task(course_projector(engine, gateway.log, gateway.blobs).run())
    await gateway.project()
    assert (await gateway.course(course_id))["title"] == "Later"
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


async def test_a_course_nobody_created_leaves_no_rows(gateway: Gateway) -> None:
    await gateway.workers.append(RepoCloneStarted(course_id="ghost", run_id="r", attempt=1, worker="w"))
    await gateway.create()
    async with gateway.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM read_v1.courses")) == 1


async def test_a_projection_that_fails_costs_its_rows_and_nothing_else(gateway: Gateway) -> None:
    def broken(_: object) -> tuple[()]:
        raise RuntimeError("defect")

    assert gateway.projecting is not None
    gateway.projecting.cancel()
    await asyncio.gather(gateway.projecting, return_exceptions=True)
    sides = (replace(COURSE_SIDE, projections=(broken,)),)
    gateway.projecting = asyncio.create_task(Projector(gateway.engine, gateway.log, gateway.blobs, sides=sides).run())
    with structlog.testing.capture_logs() as logs:
        course_id = await gateway.create()
    assert "projection_defect" in {entry["event"] for entry in logs}
    assert (await gateway.course(course_id))["status"] == "draft"
