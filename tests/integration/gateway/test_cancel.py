"""A generation is canceled whatever is at work, and goes on where it was."""

import asyncio

from shared.events.gateway import (
    DocsAnalysisRequested,
    GenerationCanceled,
    GenerationRequested,
    ModulesRequested,
    PathwaysRequested,
    StageCancelRequested,
)
from tests.integration.gateway.conftest import Gateway


async def test_a_canceled_course_stays_so_and_goes_on_when_asked(gateway: Gateway) -> None:
    course_id = await gateway.create()
    body = {"repo_url": "https://github.com/pallets/click"}
    await gateway.post(course_id, "generate", body)
    await gateway.project()
    await gateway.workers.clone(course_id)
    await gateway.project()
    await gateway.workers.analyse(course_id)
    answer = await gateway.post(course_id, "cancel")
    assert answer["status"] in {"stopping", "accepted"}
    await gateway.project()
    course = await gateway.course(course_id)
    if course["status"] == "stage3_running":  # autopilot was first; a worker hears of it
        run = (await gateway.workers.request(course_id, PathwaysRequested)).run_id
        await gateway.workers.cancel(course_id, "pathway", run)
        await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage3_canceled"
    shown = (await gateway.api.get(f"/api/course-generation/{course_id}/status")).json()
    assert (shown["status"], shown["current_stage"], shown["database_status"]) == (
        "REVOKED", "stage3", "stage3_canceled",
    )  # fmt: skip
    before = len(await gateway.workers.recorded(course_id))
    await gateway.post(course_id, "cancel")
    assert len(await gateway.workers.recorded(course_id)) == before
    await gateway.post(course_id, "resume")
    await gateway.workers.propose(course_id)
    await gateway.project()
    await gateway.workers.write(course_id)
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage4_complete"
    events = [type(one.event) for one in await gateway.workers.recorded(course_id)]
    assert events.count(GenerationRequested) == events.count(DocsAnalysisRequested) == 1
    assert (await gateway.post(course_id, "cancel", status=409))["course_status"] == "stage4_complete"


async def test_modules_that_are_written_are_kept_when_a_canceled_generation_goes_on(gateway: Gateway) -> None:
    course_id = await gateway.create()
    body = {"repo_url": "https://github.com/pallets/click"}
    await gateway.post(course_id, "generate", body)
    await gateway.project()
    for work in (gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose):
        await work(course_id)
        await gateway.project()
    await gateway.workers.write(course_id, stop_after=3)
    run = (await gateway.workers.request(course_id, ModulesRequested)).run_id
    await gateway.post(course_id, "cancel")
    refused = await gateway.post(course_id, "generate", body, 409)
    assert (refused["code"], refused["course_status"]) == ("stopping", "stage4_running")
    await gateway.workers.cancel(course_id, "modules", run)
    await gateway.project()
    await gateway.post(course_id, "generate", body)
    again = await gateway.workers.request(course_id, ModulesRequested)
    assert (len(again.module_ids), len(again.kept_modules), again.retry_of) == (5, 3, run)


async def test_a_cancel_and_autopilot_at_the_same_moment_leave_nothing_running(gateway: Gateway) -> None:
    for _ in range(10):
        course_id = await gateway.create()
        await gateway.post(course_id, "generate", {"repo_url": "https://github.com/pallets/click"})
        await gateway.project()
        await gateway.workers.clone(course_id)
        await asyncio.gather(gateway.chores.work(), gateway.post(course_id, "cancel"))
        await gateway.project()
        events = [one.event for one in await gateway.workers.recorded(course_id)]
        asked = [event.run_id for event in events if isinstance(event, DocsAnalysisRequested)]
        stopped = [event.run_id for event in events if isinstance(event, StageCancelRequested)]
        assert asked == stopped
        assert len([event for event in events if isinstance(event, GenerationCanceled)]) == 1


async def test_a_run_that_is_being_stopped_is_no_answer_to_the_same_request(gateway: Gateway) -> None:
    wanted = {"repo_url": "https://github.com/pallets/click"}
    first = await gateway.create()
    await gateway.post(first, "generate", wanted)
    await gateway.project()
    await gateway.workers.clone(first)
    await gateway.project()
    stopped = await gateway.post(first, "cancel")  # and no worker has heard of it yet
    await gateway.project()
    second = await gateway.create()
    asked = await gateway.post(second, "generate", wanted)
    assert asked["task_id"] != stopped["task_id"]
    await gateway.project()
    await gateway.workers.clone(second)


async def test_a_stage_asked_for_by_hand_is_canceled_by_the_course_too(gateway: Gateway) -> None:
    course_id = await gateway.create()
    started = await gateway.post(course_id, "analyze-repository", {"repo_url": "https://github.com/pallets/click"})
    assert (await gateway.post(course_id, "cancel"))["task_id"] == started["task_id"]
    await gateway.workers.cancel(course_id, "repo_clone", started["task_id"])
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage1_canceled"
