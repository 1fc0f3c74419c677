"""A stage is a folder, a module of events, a row and one file of the gateway: `folder_reader` is added, and works.

Nothing of the product is changed or patched: whatever depends on which stages there are is given `FIVE`.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.operate import runs
from cli.operate.past_course import NOW, look_back
from cli.progress import Lines
from services.gateway.api.description import describe
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import fold
from services.gateway.readmodels.registry import course_side
from services.gateway.rebuild.rebuild import Rebuild
from shared.docs.listing import Listing
from shared.engine.payloads import DocumentInputs
from shared.event_log.permissions import users_of
from shared.event_log.topology import consumer_configs
from shared.events import subject_pattern
from shared.events.gateway import DocsAnalysisRequested, ModulesRequested
from shared.events.stage import StageDead
from shared.stage.retries import Finished, Postponed
from tests.contract.folder_reader.events import FolderRead, FolderReadRequested
from tests.contract.folder_reader.product import FIVE, KNOWN
from tests.contract.folder_reader.world import World, five_stages

REPOSITORY = {"repo_url": "https://github.com/pallets/click"}


@pytest.fixture
async def world(engine: AsyncEngine) -> AsyncIterator[World]:
    async with five_stages(engine) as made:
        yield made


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("a.txt", "b.txt", "c.txt"):
        (folder / name).write_text(f"What {name} says.\n")
    return folder


async def asked(world: World, folder: Path) -> str:
    course_id = await world.gateway.create()
    await world.gateway.post(course_id, "read-folder", {"folder": str(folder)})
    return course_id


class Gate:
    """Stops the worker before a file, until it is opened."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.reached, self.opened = asyncio.Event(), asyncio.Event()

    async def __call__(self, name: str) -> None:
        if name == self._name:
            self.reached.set()
            await self.opened.wait()


async def test_it_is_asked_for_and_its_status_shows_what_its_facts_tell(world: World, texts: Path) -> None:
    course_id = await asked(world, texts)
    assert (await world.gateway.course(course_id))["status"] == "stage7_running"
    gate = world.effects.before = Gate("c.txt")
    working = asyncio.create_task(world.work(await world.request(course_id)))
    await gate.reached.wait()
    await world.gateway.project()
    status = await world.gateway.get(course_id, "stage7/status")
    assert (status["status"], status["planned"], status["done"], status["progress"]) == ("STARTED", 3, 2, 66)
    assert (status["current_step"], status["inputs"]) == ("Reading c.txt", {"folder": str(texts)})
    gate.opened.set()
    assert await working == Finished()
    await world.gateway.project()
    course = await world.gateway.course(course_id)
    assert (course["status"], course["progress_percentage"]) == ("stage7_complete", 25)
    shown = await world.gateway.api.get(f"/api/course-generation/stage7/progress?course_id={course_id}")
    assert (shown.json()["status"], shown.json()["progress"]) == ("SUCCESS", 100)
    listed = (await world.gateway.api.get("/api/projects/?status=stage7_complete")).json()
    assert [one["course_id"] for one in listed] == [course_id]


async def test_an_event_stream_tells_its_facts_and_its_progress(world: World, texts: Path) -> None:
    course_id = await asked(world, texts)
    gate = world.effects.before = Gate("b.txt")
    working = asyncio.create_task(world.work(await world.request(course_id)))
    await gate.reached.wait()

    async def go_on_when_followed() -> None:
        while not world.gateway.services.streams.clients:
            await world.gateway.services.projected.look()
        gate.opened.set()

    told, _ = await asyncio.gather(world.follow(course_id, 1), go_on_when_followed())
    assert await working == Finished()
    facts = [one.data["type"] for one in told if one.event == "fact"]
    assert facts[:3] == ["FolderReadRequested", "FolderReadStarted", "FileRead"]
    progress = [one.data for one in told if one.event == "progress"]
    assert [(one["stage"], one["step"], one["percent"]) for one in progress][-1:] == [("stage7", "Reading c.txt", 66)]
    after = [one for one in await world.follow(course_id, 1) if one.event == "snapshot"][-1]
    assert after.data["stages"]["stage7"]["status"] == "SUCCESS"
    assert after.data["generation"]["current_stage"] == "stage7"


async def test_two_sources_of_one_course_are_at_work_at_once(world: World, texts: Path) -> None:
    gateway, course_id = world.gateway, await asked(world, texts)
    gate = world.effects.before = Gate("a.txt")
    working = asyncio.create_task(world.work(await world.request(course_id)))
    await gate.reached.wait()
    await gateway.post(course_id, "analyze-repository", REPOSITORY)
    await gateway.workers.start_clone(course_id)
    await gateway.project()
    both = [(await gateway.get(course_id, f"{key}/status"))["status"] for key in ("stage1", "stage7")]
    assert both == ["STARTED", "STARTED"]
    refused = await gateway.post(course_id, "analyze-documents", {}, 409)
    assert refused["code"] == "stage_out_of_turn"
    await gateway.workers.clone(course_id, is_started=True)
    await gateway.project()
    # The stage that was asked for last is done: what is shown is the one that still runs.
    assert (await gateway.course(course_id))["status"] == "stage7_running"
    assert (await gateway.post(course_id, "analyze-documents", {}, 409))["code"] == "stage_out_of_turn"
    gate.opened.set()
    assert await working == Finished()
    await gateway.project()
    await gateway.post(course_id, "analyze-documents", {})
    request = await gateway.workers.request(course_id, DocsAnalysisRequested)
    documents = (await gateway.blobs.get_model(request.documents, DocumentInputs)).documents
    assert {one.path for one in documents} >= {"a.txt", "b.txt", "c.txt", "README.md"}
    assert len({one.source_id for one in documents}) == 2


async def test_the_course_is_asked_for_with_every_source(world: World, texts: Path) -> None:
    gateway, course_id = world.gateway, await asked(world, texts)
    assert await world.work(await world.request(course_id)) == Finished()
    await gateway.project()
    await gateway.post(course_id, "analyze-repository", REPOSITORY)
    await gateway.workers.clone(course_id)
    await gateway.project()
    await gateway.post(course_id, "analyze-documents", {})
    await gateway.workers.analyse(course_id)
    await gateway.project()
    await gateway.post(course_id, "generate-pathways", {})
    await gateway.workers.propose(course_id)
    await gateway.project()
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-complete"}, 200)
    await gateway.post(course_id, "generate-course", {})
    request = await gateway.workers.request(course_id, ModulesRequested)
    assert [(one.kind, one.name) for one in request.sources] == [("git", texts.name), ("git", "click")]
    listings = [await gateway.blobs.get_model(request.listings[one.source_id], Listing) for one in request.sources]
    assert [one.files[0].path for one in listings] == ["a.txt", "README.md"]


async def test_two_sources_with_a_file_of_one_path_are_refused(world: World, texts: Path) -> None:
    gateway, course_id = world.gateway, await asked(world, texts)
    assert await world.work(await world.request(course_id)) == Finished()
    await gateway.project()
    await gateway.post(course_id, "analyze-repository", REPOSITORY)
    await gateway.workers.clone(course_id, ["b.txt"])
    await gateway.project()
    refused = await gateway.post(course_id, "analyze-documents", {}, 422)
    assert (refused["code"], "“b.txt”" in refused["detail"]) == ("same_path_twice", True)


async def test_the_command_line_names_it_shows_it_and_cancels_it(
    world: World, texts: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    course_id = await asked(world, texts)
    gate = world.effects.before = Gate("b.txt")
    working = asyncio.create_task(world.work(await world.request(course_id)))
    await gate.reached.wait()
    await world.gateway.project()
    client, pipeline = world.client(), FIVE.pipeline
    view = await asyncio.to_thread(client.stage, course_id, 7)
    Lines(pipeline=pipeline).show(7, view)
    assert "[7/7] Read a folder: 33 % Reading b.txt" in capsys.readouterr().err
    assert runs.stage_named("folder_reader", pipeline) is runs.stage_named("7", pipeline)
    done = await asyncio.to_thread(runs.cancel, client, course_id, "", pipeline)
    assert done["stage"] == "folder_reader"
    assert await working == Finished()
    await world.gateway.project()
    assert (await world.gateway.get(course_id, "stage7/status"))["status"] == "REVOKED"
    then, stages = await look_back(world.gateway.log, course_id, NOW, FIVE)
    assert then["status"] == "stage7_canceled"
    assert [(one.stage, one.status) for one in stages][-1] == ("folder_reader", "REVOKED")


async def test_a_retry_reads_only_what_is_missing(world: World, texts: Path) -> None:
    course_id = await asked(world, texts)
    gate = world.effects.before = Gate("c.txt")
    working = asyncio.create_task(world.work(await world.request(course_id)))
    await gate.reached.wait()
    await world.gateway.post(course_id, "stages/stage7/cancel")
    assert await working == Finished()
    await world.gateway.project()
    again = await asyncio.to_thread(runs.retry, world.client(), course_id, "", FIVE.pipeline)
    gate.opened.set()
    request = await world.request(course_id)
    assert request.event.run_id == again["task_id"]  # type: ignore[attr-defined]
    assert await world.work(request) == Finished()
    await world.gateway.project()
    assert (await world.gateway.course(course_id))["status"] == "stage7_complete"


async def test_it_is_dead_after_its_attempts_and_the_operator_sends_it_again(world: World, tmp_path: Path) -> None:
    course_id = await asked(world, tmp_path / "away")
    request = await world.request(course_id)
    first = await world.work(request)
    assert isinstance(first, Postponed)
    await world.gateway.project()
    assert (await world.gateway.get(course_id, "stage7/status"))["status"] == "RETRY"
    world.now += timedelta(hours=1)
    assert await world.work(request) == Finished()
    await world.gateway.project()
    course = await world.gateway.course(course_id)
    assert (course["status"], course["dead"]) == ("stage7_failed", True)
    assert [reason for _, _, reason in world.letters.letters] == ["The folder is away"]
    assert [type(one.event) for one in await world.gateway.log.read(course_id)][-1] is StageDead
    (tmp_path / "away").mkdir()
    (tmp_path / "away" / "a.txt").write_text("Back.\n")
    operator = world.client("of-who-runs-the-gateway-" + "o" * 16)
    await asyncio.to_thread(runs.retry, operator, course_id, "folder_reader", FIVE.pipeline)
    assert await world.work(await world.request(course_id)) == Finished()
    await world.gateway.project()
    assert (await world.gateway.course(course_id))["status"] == "stage7_complete"


async def test_its_events_replayed_give_the_same_tables_and_work_is_not_done_twice(world: World, texts: Path) -> None:
    gateway, course_id = world.gateway, await asked(world, texts)
    request = await world.request(course_id)
    assert await world.work(request) == Finished()
    await gateway.project()
    before = await gateway.log.read(course_id)
    assert await world.work(request) == Finished()
    assert await gateway.log.read(course_id) == before
    state = fold(CourseState(), before, FIVE)
    assert [(one.stage, one.source_id) for one in state.sources] == [("folder_reader", state.sources[0].source_id)]
    async with Rebuild(gateway.engine, gateway.log, gateway.blobs, (course_side(FIVE),)).open() as rebuild:
        await rebuild.build(lambda *_: None)
        assert (await rebuild.compare()).differences == ()


def operations(described: Any) -> dict[str, Any]:
    return {one["operationId"]: one for path in described["paths"].values() for one in path.values()}


async def test_the_description_has_its_routes_and_its_statuses(world: World) -> None:
    described = operations(describe(world.gateway.app, FIVE.pipeline))
    assert described["readFolder"]["tags"] == ["stage 7"]
    assert "getStage6Progress" in described
    stages = next(one for one in described["cancelStage"]["parameters"] if one["name"] == "stage")
    assert stages["schema"]["enum"] == ["stage1", "stage2", "stage3", "stage4", "stage5", "stage6", "stage7"]
    statuses = next(one for one in described["listCourses"]["parameters"] if one["name"] == "status")
    assert "stage7_canceled" in statuses["schema"]["enum"]


async def test_its_runs_are_counted(world: World, texts: Path) -> None:
    course_id = await asked(world, texts)
    assert await world.work(await world.request(course_id)) == Finished()
    await world.gateway.project()
    figures = (await world.gateway.api.get("/metrics")).text
    assert 'coursewright_stage_run_seconds_count{end="finished",stage="folder_reader"} 1.0' in figures


def test_its_rights_and_its_durable_follow_from_its_row_and_its_events() -> None:
    users = {rights.user: rights.publish for rights in users_of(KNOWN, FIVE.pipeline)}
    fact, request = subject_pattern(FolderRead), subject_pattern(FolderReadRequested)
    assert {user for user, publish in users.items() if fact in publish} == {"folder_reader", "stages"}
    assert {user for user, publish in users.items() if request in publish} == {"gateway"}
    takes = "$JS.API.CONSUMER.MSG.NEXT.COURSES.folder_reader"
    assert {user for user, publish in users.items() if takes in publish} == {"folder_reader", "stages"}
    durables = {config.durable_name: config.filter_subject for config in consumer_configs(pipeline=FIVE.pipeline)}
    assert durables["folder_reader"] == request
