"""An incomplete course says so wherever a course is shown, in words and as a flag, until it is whole."""

from typing import Any

from shared.events.gateway import ModulesRequested
from tests.integration.gateway.conftest import Gateway


async def shown(gateway: Gateway, course_id: str) -> dict[str, Any]:
    listed = (await gateway.api.get("/api/projects/")).json()[0]
    snapshot = (await gateway.api.get(f"/api/courses/{course_id}")).json()
    status = (await gateway.api.get(f"/api/course-generation/{course_id}/status")).json()
    return {
        "list": listed["incomplete"],
        "course": (await gateway.course(course_id))["incomplete"],
        "snapshot": (snapshot["course"]["incomplete"], snapshot["generation"]["incomplete"]),
        "status": (status["incomplete"], status["status"], status["database_status"], status["current_step"]),
        "notes": snapshot["stages"]["stage4"]["notes"],
        "step": snapshot["stages"]["stage4"]["current_step"],
    }


async def test_an_incomplete_course_says_so_everywhere_and_a_whole_one_no_longer(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    body = {"selected_pathway_id": "p-complete", "start_next": True}
    await gateway.post(course_id, "stage3-selections", body, 200)
    await gateway.workers.write(course_id, incomplete=["m-complete-1"])
    await gateway.project()
    lacks = "Finished, but incomplete: 1 of 8 modules did not pass the checks"
    title = (await gateway.get(course_id, "generated-course"))["modules"][1]["title"]
    assert await shown(gateway, course_id) == {
        "list": True, "course": True, "snapshot": (True, True),
        "status": (True, "SUCCESS", "stage4_complete", lacks), "notes": [f"Incomplete module: {title}"], "step": lacks,
    }  # fmt: skip
    await gateway.post(course_id, "generate-course", {"module_ids": ["m-complete-1"]})
    assert (await gateway.course(course_id))["incomplete"], "until another course takes its place"
    await gateway.workers.write(course_id)
    await gateway.project()
    assert await shown(gateway, course_id) == {
        "list": False, "course": False, "snapshot": (False, False),
        "status": (False, "SUCCESS", "stage4_complete", "Complete"), "notes": [], "step": "Complete",
    }  # fmt: skip


async def test_modules_that_are_kept_are_still_counted(gateway: Gateway) -> None:
    course_id = await gateway.offered()
    body = {"selected_pathway_id": "p-complete", "start_next": True}
    await gateway.post(course_id, "stage3-selections", body, 200)
    await gateway.workers.write(course_id, incomplete=["m-complete-0", "m-complete-1"])
    await gateway.project()
    await gateway.post(course_id, "generate-course", {"module_ids": ["m-complete-3"]})
    assert (await gateway.workers.request(course_id, ModulesRequested)).module_ids == ["m-complete-3"]
    await gateway.workers.write(course_id, incomplete=["m-complete-3"])
    await gateway.project()
    status = await gateway.get(course_id, "stage4/status")
    assert status["current_step"] == "Finished, but incomplete: 3 of 8 modules did not pass the checks"
