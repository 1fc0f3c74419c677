"""A course made anew with the inputs it was made with, also while it is being made."""

from typing import Any

from services.gateway.fold.evolve import AUTOPILOT
from shared.events.gateway import GenerationRequested, RepoCloneRequested, StageCancelRequested
from tests.integration.gateway.conftest import Gateway

REQUEST = {
    "repo_url": "https://github.com/pallets/click", "ref": "main", "complexity_level": "advanced",
    "additional_info": "Short", "pathway": "quickstart",
}  # fmt: skip


async def _finished(gateway: Gateway) -> str:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", REQUEST)
    await gateway.project()
    for work in (gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose, gateway.workers.write):
        await work(course_id)
        await gateway.project()
    return course_id


async def _asked(gateway: Gateway, course_id: str) -> list[GenerationRequested]:
    found = await gateway.workers.recorded(course_id)
    return [one.event for one in found if isinstance(one.event, GenerationRequested)]


async def _first_stages(gateway: Gateway, course_id: str) -> list[RepoCloneRequested]:
    found = await gateway.workers.recorded(course_id)
    return [one.event for one in found if isinstance(one.event, RepoCloneRequested)]


async def test_a_finished_course_is_made_again_with_the_inputs_it_was_made_with(gateway: Gateway) -> None:
    course_id = await _finished(gateway)
    await gateway.post(course_id, "regenerate")
    await gateway.project()
    first, second = await _asked(gateway, course_id)
    assert second == first
    assert len(await _first_stages(gateway, course_id)) == 2
    assert (await gateway.course(course_id))["status"] == "stage1_running"
    assert (await gateway.get(course_id, "generated-course"))["status"] == "completed"  # until the new one is there


async def test_changes_take_the_place_of_stored_inputs_and_nothing_else_changes(gateway: Gateway) -> None:
    course_id = await _finished(gateway)
    await gateway.post(course_id, "regenerate", {"complexity_level": "beginner", "pathway": "complete"})
    first, second = await _asked(gateway, course_id)
    assert second == first.model_copy(update={"complexity_level": "beginner", "pathway": "complete"})


async def test_another_repository_takes_no_ref_with_it(gateway: Gateway) -> None:
    course_id = await _finished(gateway)
    await gateway.post(course_id, "regenerate", {"repo_url": "pallets/flask"})
    asked = (await _asked(gateway, course_id))[-1]
    assert (asked.repo_url, asked.ref) == ("https://github.com/pallets/flask", "")


async def test_a_course_made_by_hand_is_made_again_with_what_its_stages_were_asked_with(gateway: Gateway) -> None:
    course_id = await gateway.analysed()
    await gateway.post(course_id, "generate-pathways", {"additional_info": "Short", "complexity_level": "advanced"})
    await gateway.workers.propose(course_id)
    await gateway.project()
    await gateway.post(course_id, "regenerate")
    (asked,) = await _asked(gateway, course_id)
    assert (asked.repo_url, asked.complexity_level, asked.additional_info) == (
        REQUEST["repo_url"], "advanced", "Short",
    )  # fmt: skip


async def test_what_runs_is_canceled_and_replaced_in_one_piece(gateway: Gateway) -> None:
    course_id = await gateway.create()
    before = await gateway.post(course_id, "generate", REQUEST)
    await gateway.project()
    await gateway.workers.start_clone(course_id)
    after = await gateway.post(course_id, "regenerate", {"additional_info": "Long"})
    assert after["task_id"] != before["task_id"]
    names = [type(one.event).__name__ for one in await gateway.workers.recorded(course_id)]
    assert names[-2:] == ["StageCancelRequested", "GenerationRequested"]
    status = (await gateway.api.get(f"/api/course-generation/{course_id}/status")).json()
    assert (status["status"], status["database_status"]) == ("STARTED", "generating")
    await gateway.project()
    assert len(await _first_stages(gateway, course_id)) == 1  # not before what runs is over
    (running,) = await _first_stages(gateway, course_id)
    await gateway.workers.cancel(course_id, "repo_clone", running.run_id)
    await gateway.project()
    recorded = await gateway.workers.recorded(course_id)
    assert [type(one.event).__name__ for one in recorded if one.source == AUTOPILOT] == ["RepoCloneRequested"] * 2
    assert (await gateway.course(course_id))["status"] == "stage1_running"


async def test_a_second_click_is_the_same_run(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", REQUEST)
    await gateway.project()
    first = await gateway.post(course_id, "regenerate")
    second = await gateway.post(course_id, "regenerate")
    generate = await gateway.post(course_id, "generate", REQUEST)
    assert first["task_id"] == second["task_id"] == generate["task_id"]
    stops = [one for one in await gateway.workers.recorded(course_id) if isinstance(one.event, StageCancelRequested)]
    assert len(stops) == 1


async def test_a_cancel_before_the_replaced_run_is_over_says_that_it_has_to_wait(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "generate", REQUEST)
    await gateway.project()
    await gateway.post(course_id, "regenerate")
    refused = await gateway.post(course_id, "cancel", status=409)
    assert refused["code"] == "stopping"
    (running,) = await _first_stages(gateway, course_id)
    await gateway.workers.cancel(course_id, "repo_clone", running.run_id)
    await gateway.project()
    await gateway.post(course_id, "cancel")


async def test_without_a_repository_it_is_refused_and_so_is_a_credential_that_is_not_there(gateway: Gateway) -> None:
    empty = await gateway.create()
    assert (await gateway.post(empty, "regenerate", status=409))["code"] == "no_source"
    course_id = await gateway.cloned()
    refused = await gateway.post(course_id, "regenerate", {"credential_id": "none"}, 404)
    assert refused["code"] == "credential_not_found"
    inward = await gateway.post(course_id, "regenerate", {"repo_url": "https://127.0.0.1/a/b"}, 422)
    assert inward["errors"][0]["pointer"] == "/repo_url"
    assert (await gateway.bob.post(f"/api/courses/{course_id}/regenerate")).status_code == 404


async def test_the_latest_course_of_a_repository_is_the_one_finished_last(gateway: Gateway) -> None:
    async def latest(path: str = "github.com/pallets/click", client: Any = gateway.api) -> Any:
        return await client.get(f"/api/repositories/{path}/latest")

    await gateway.cloned()
    assert (await latest()).status_code == 404  # not finished
    first, second = await gateway.generated(), await gateway.generated()
    answer = await latest()
    assert (answer.status_code, answer.json()["course_id"]) == (200, second)
    assert answer.headers["Content-Location"] == f"/api/projects/{second}"
    await gateway.post(first, "generate-course")
    await gateway.workers.write(first)
    await gateway.project()
    assert (await latest("GitHub.com/pallets/click.git")).json()["course_id"] == first
    assert (await latest(client=gateway.bob)).status_code == 404
    for other in ("github.com/pallets/flask", "github.com", "local/0000"):
        assert (await latest(other)).status_code == 404
