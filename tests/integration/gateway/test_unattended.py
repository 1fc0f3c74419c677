"""One request, and the gateway asks for each stage as the one before is done."""

import asyncio
from collections.abc import Sequence

import pytest

from services.gateway.fold.evolve import AUTOPILOT
from shared.event_log.port import NewEvent
from shared.events.base import StageEvent
from shared.events.gateway import (
    DocsAnalysisRequested,
    ModulesRequested,
    PathwaySelected,
    PathwaysRequested,
    RepoCloneRequested,
)
from shared.events.modules import ModulesFailed
from shared.events.repo_clone import RepoCloneFailed, RepoCloneStarted
from shared.kernel.errors import LogUnavailable
from tests.integration.gateway.conftest import Gateway

REQUEST = {"repo_url": "https://github.com/pallets/click", "complexity_level": "advanced", "additional_info": "Short"}


async def test_one_request_leads_through_all_stages(gateway: Gateway) -> None:
    course_id = await gateway.create()
    started = await gateway.post(course_id, "generate", REQUEST)
    assert started["status"] == "started"
    await gateway.project()
    await gateway.workers.clone(course_id)
    await gateway.project()
    await gateway.workers.analyse(course_id)
    await gateway.project()
    await gateway.workers.propose(course_id)
    await gateway.project()
    await gateway.workers.write(course_id)
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage4_complete"
    pathways = (await gateway.get(course_id, "pathways"))["pathways"]
    assert [one["id"] for one in pathways if one["selected"]] == ["p-complete"]
    for kind in (DocsAnalysisRequested, PathwaysRequested, ModulesRequested):
        request = await gateway.workers.request(course_id, kind)
        given = request.model_dump()
        assert (given["complexity_level"], given["additional_info"]) == ("advanced", "Short")


async def test_asked_twice_it_is_the_same_run(gateway: Gateway) -> None:
    course_id = await gateway.create()
    first = await gateway.post(course_id, "generate", REQUEST)
    again = await gateway.post(course_id, "generate", REQUEST)
    assert again["task_id"] == first["task_id"]
    await gateway.project()
    once_more = await gateway.post(course_id, "generate", REQUEST)
    assert once_more["task_id"] == first["task_id"]
    names = [type(one.event).__name__ for one in await gateway.workers.recorded(course_id)]
    assert names == ["CourseCreated", "GenerationRequested", "RepoCloneRequested"]


async def test_put_status_generating_does_the_same_with_defaults(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    answer = await gateway.api.put(f"/api/projects/{course_id}", json={"status": "generating", "title": "New"})
    assert answer.status_code == 200, answer.text
    await gateway.project()
    request = await gateway.workers.request(course_id, RepoCloneRequested)
    assert request.repo_url == "https://github.com/pallets/click"
    assert (await gateway.course(course_id))["title"] == "New"
    assert (await gateway.course(course_id))["status"] == "stage1_running"


async def test_put_status_generating_without_a_repository_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.create()
    answer = await gateway.api.put(f"/api/projects/{course_id}", json={"status": "generating"})
    assert (answer.status_code, answer.json()["code"]) == (409, "no_source")


async def test_put_of_any_other_status_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.create()
    answer = await gateway.api.put(f"/api/projects/{course_id}", json={"status": "stage4_complete"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/status")


async def test_after_a_failure_it_waits_and_a_retry_leads_on(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", REQUEST)
    await gateway.project()
    asked = await gateway.workers.request(course_id, RepoCloneRequested)
    await gateway.workers.append(
        RepoCloneStarted(course_id=course_id, run_id=asked.run_id, attempt=1, worker="w"),
        RepoCloneFailed(
            course_id=course_id, run_id=asked.run_id, error="host", message="Away", retryable=True, attempt=1
        ),
    )
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage1_failed"
    status = await gateway.get(course_id, "stage1/status")
    assert (status["status"], status["error_message"], status["retryable"]) == ("FAILURE", "Away", True)
    retried = await gateway.post(course_id, "stages/stage1/retry")
    again = await gateway.workers.request(course_id, RepoCloneRequested)
    assert (again.retry_of, again.run_id) == (asked.run_id, retried["task_id"])
    await gateway.workers.clone(course_id)
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage2_running"


async def test_whoever_takes_the_wheel_drives_from_there(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", REQUEST)
    await gateway.project()
    await gateway.workers.clone(course_id)
    await gateway.project()
    await gateway.workers.analyse(course_id)
    await gateway.project()
    run = (await gateway.get(course_id, "stage3/status"))["task_id"]
    await gateway.post(course_id, "stages/stage3/cancel")
    await gateway.workers.cancel(course_id, "pathway", run)
    await gateway.project()
    await gateway.post(course_id, "generate-pathways", {})
    await gateway.workers.propose(course_id)
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage3_complete"
    await gateway.post(course_id, "generate-course", status=409)


async def test_a_kind_that_is_not_on_offer_fails_in_sight_and_can_be_mended(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", {**REQUEST, "pathway": "task"})
    await gateway.project()
    for work in (gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose):
        await work(course_id)
        await gateway.project()
    status = await gateway.get(course_id, "stage4/status")
    assert (status["status"], status["error_code"]) == ("FAILURE", "pathway_not_offered")
    assert "complete, quickstart, reference" in status["error_message"]
    assert isinstance((await gateway.workers.recorded(course_id))[-1].event, ModulesFailed)
    refused = await gateway.post(course_id, "stages/stage4/retry", status=409)
    assert "Select a pathway first" in refused["detail"]
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-quickstart", "start_next": True}, 200)
    await gateway.workers.write(course_id)
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage4_complete"


@pytest.mark.parametrize("kind", ["auto", "quickstart"])
async def test_the_pathway_asked_for_is_taken(gateway: Gateway, kind: str) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", {**REQUEST, "pathway": kind})
    await gateway.project()
    for work in (gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose):
        await work(course_id)
        await gateway.project()
    events = [one.event for one in await gateway.workers.recorded(course_id)]
    selected = [event.pathway_id for event in events if isinstance(event, PathwaySelected)]
    assert selected == ["p-complete" if kind == "auto" else "p-quickstart"]
    runs = [event.run_id for event in events if isinstance(event, StageEvent)]
    assert len(set(runs)) == 4


async def test_without_documentation_stage_2_fails_with_a_message(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", REQUEST)
    await gateway.project()
    await gateway.workers.clone(course_id, paths=())
    await gateway.project()
    status = await gateway.get(course_id, "stage2/status")
    assert (status["status"], status["error_code"]) == ("FAILURE", "no_documents")
    course = await gateway.course(course_id)
    assert (course["status"], course["progress_percentage"]) == ("stage2_failed", 25)


async def test_a_message_that_is_no_event_keeps_nobody_from_going_on(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", REQUEST)
    await gateway.project()
    await gateway.workers.clone(course_id)
    gateway.log.store(f"course.0.{course_id}.OfALaterVersion", {}, b"{}")
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage2_running"
    await gateway.post(course_id, "stages/stage2/cancel")


async def test_a_course_whose_request_cannot_be_made_keeps_no_other_waiting(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    courses = [await gateway.create() for _ in range(2)]
    append = gateway.log.append

    async def refuse_one(events: Sequence[NewEvent], expected_seq: int) -> int:
        if events[0].event.aggregate_id == stuck and events[0].source == AUTOPILOT:
            raise LogUnavailable("The event log does not answer")
        return await append(events, expected_seq)

    stuck, other = sorted(courses)
    for course_id in courses:  # the same inputs would be the same run
        await gateway.post(course_id, "generate", {**REQUEST, "additional_info": f"For course {course_id}"})
    await gateway.project()
    monkeypatch.setattr(gateway.log, "append", refuse_one)
    for course_id in courses:
        await gateway.workers.clone(course_id)
    await gateway.project()
    assert (await gateway.course(other))["status"] == "stage2_running"
    assert (await gateway.course(stuck))["status"] == "stage1_complete"
    monkeypatch.undo()
    async with asyncio.timeout(20):
        async for batch in gateway.log.follow(await gateway.log.end() + 1):
            if batch:
                break
    await gateway.project()
    assert (await gateway.course(stuck))["status"] == "stage2_running"


async def test_put_status_generating_keeps_the_pathway_that_was_chosen(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-quickstart"}, 200)
    for _ in range(2):  # asked for twice it is the same generation
        answer = await gateway.api.put(f"/api/projects/{course_id}", json={"status": "generating"})
        assert answer.status_code == 200, answer.text
        await gateway.project()
    for work in (gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose):
        await work(course_id)
        await gateway.project()
    assert (await gateway.workers.request(course_id, ModulesRequested)).pathway_id == "p-quickstart"
    assert (await gateway.get(course_id, "stage3-selections"))["selected_pathway_id"] == "p-quickstart"
