"""Jobs: unattended runs as a queue of jobs shows them."""

import asyncio
from typing import Any

import pytest

from shared.events.base import StageEvent
from shared.events.gateway import RepoCloneRequested
from shared.events.repo_clone import RepoCloneFailed
from shared.events.stage import StageDead
from tests.integration.gateway.conftest import Gateway

REPOSITORY = {"repositoryId": "pallets/click"}


async def _trigger(gateway: Gateway, status: int = 201, **more: str) -> Any:
    answer = await gateway.api.post("/api/jobs/trigger", json={**REPOSITORY, **more})
    assert answer.status_code == status, answer.text
    await gateway.project()
    return answer.json()


async def _job(gateway: Gateway, job_id: str) -> Any:
    answer = await gateway.api.get(f"/api/jobs/{job_id}/status")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_job_goes_through_its_steps(gateway: Gateway) -> None:
    made = await _trigger(gateway, prompt="Short")
    course_id, seen = made["courseId"], []
    for work in (None, gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose):
        if work is not None:
            await work(course_id)
            await gateway.project()
        job = await _job(gateway, made["jobId"])
        seen.append((job["status"], job["currentStep"], job["totalSteps"]))
    assert seen == [("pending", 1, 6), ("analyzing", 2, 6), ("analyzing", 3, 6), ("analyzing", 4, 6)]
    await gateway.workers.write(course_id)
    await gateway.project()
    job = await _job(gateway, made["jobId"])
    assert (job["status"], job["currentStep"], job["percent"], job["prompt"]) == ("completed", 6, 100, "Short")
    assert (job["repositoryId"], job["courseId"], job["error"]) == (
        "https://github.com/pallets/click", course_id, None,
    )  # fmt: skip
    assert job["createdAt"] <= job["updatedAt"]
    assert (await gateway.course(course_id))["title"] == "Learn click"


async def test_a_job_whose_modules_are_written_is_in_review(gateway: Gateway) -> None:
    made = await _trigger(gateway)
    for work in (gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose):
        await work(made["courseId"])
        await gateway.project()
    await gateway.workers.write(made["courseId"], stop_after=99)
    await gateway.project()
    assert (await _job(gateway, made["jobId"]))["currentStep"] == 5


async def test_a_job_that_was_claimed_clones_with_attempts_of_a_maximum(gateway: Gateway) -> None:
    made = await _trigger(gateway)
    await gateway.workers.start_clone(made["courseId"])
    await gateway.project()
    job = await _job(gateway, made["jobId"])
    assert (job["status"], job["attempts"], job["maxAttempts"]) == ("claimed", 1, 5)
    assert (await gateway.get(made["courseId"], "stage1/status"))["max_attempts"] == 5


@pytest.mark.parametrize(("is_dead", "status"), [(False, "failed"), (True, "dead")])
async def test_a_job_that_failed_says_why(gateway: Gateway, is_dead: bool, status: str) -> None:
    made = await _trigger(gateway)
    asked: StageEvent = await gateway.workers.request(made["courseId"], RepoCloneRequested)
    await gateway.workers.start_clone(made["courseId"])
    named = {"course_id": made["courseId"], "run_id": asked.run_id}
    failed = RepoCloneFailed(**named, error="timeout", message="Git did not answer", retryable=True, attempt=1)
    dead = StageDead(**named, stage="repo_clone", reason="exhausted")
    await gateway.workers.append(failed, *([dead] if is_dead else []))
    await gateway.project()
    job = await _job(gateway, made["jobId"])
    assert (job["status"], job["error"]) == (status, "Git did not answer")


async def test_an_active_job_of_the_repository_is_the_answer(gateway: Gateway) -> None:
    first = await _trigger(gateway)
    again = await _trigger(gateway, 200)
    assert (again["jobId"], again["duplicate"], first["duplicate"]) == (first["jobId"], True, False)
    assert again["callbackToken"] == first["callbackToken"]
    answer = await gateway.bob.post("/api/jobs/trigger", json=REPOSITORY)
    assert answer.json()["callbackToken"] not in {None, first["callbackToken"]}
    assert answer.status_code == 201  # somebody else's is not there
    assert (await gateway.bob.get(f"/api/jobs/{first['jobId']}/status")).status_code == 404


async def test_jobs_of_one_repository_at_the_same_moment_are_one_job(gateway: Gateway) -> None:
    answers = await asyncio.gather(*(gateway.api.post("/api/jobs/trigger", json=REPOSITORY) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [200] * 11 + [201]
    assert len({answer.json()["jobId"] for answer in answers}) == 1
    assert len((await gateway.api.get("/api/projects/")).json()) == 1


async def test_a_run_with_other_inputs_is_the_job_of_its_repository(gateway: Gateway) -> None:
    course_id = await gateway.create()
    body = {"repo_url": "https://github.com/pallets/click", "complexity_level": "advanced"}
    run = await gateway.post(course_id, "generate", body)
    assert (await _trigger(gateway, 200))["jobId"] == f"{course_id}_{run['task_id']}"


async def test_a_canceled_job_ends_and_one_that_is_over_cannot_be_canceled(gateway: Gateway) -> None:
    made = await _trigger(gateway)
    path = f"/api/jobs/{made['jobId']}/cancel"
    stopping = await gateway.api.post(path)
    assert (stopping.status_code, stopping.json()["cancelRequested"]) == (202, True)
    asked = await gateway.workers.request(made["courseId"], RepoCloneRequested)
    await gateway.workers.cancel(made["courseId"], "repo_clone", asked.run_id)
    await gateway.project()
    assert (await _job(gateway, made["jobId"]))["status"] == "canceled"
    fresh = await _trigger(gateway)
    assert fresh["jobId"] != made["jobId"]


async def test_a_job_that_was_replaced_is_canceled_and_one_that_was_finished_stays_completed(gateway: Gateway) -> None:
    made = await _trigger(gateway)
    course_id, jobs = made["courseId"], [made["jobId"]]
    jobs.append(f"{course_id}_{(await gateway.post(course_id, 'regenerate'))['task_id']}")
    first = await gateway.workers.request(course_id, RepoCloneRequested)
    await gateway.workers.cancel(course_id, "repo_clone", first.run_id)
    await gateway.project()
    for work in (gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose, gateway.workers.write):
        await work(course_id)
        await gateway.project()
    jobs.append(f"{course_id}_{(await gateway.post(course_id, 'regenerate'))['task_id']}")
    assert [(await _job(gateway, job))["status"] for job in jobs] == ["canceled", "completed", "pending"]
    assert (await gateway.api.post(f"/api/jobs/{jobs[1]}/cancel")).json()["code"] == "not_running"


async def test_what_is_no_job_is_not_there(gateway: Gateway) -> None:
    course_id = await gateway.create()
    for job_id in (f"{course_id}_none", "none_none"):
        assert (await gateway.api.get(f"/api/jobs/{job_id}/status")).status_code == 404
    refused = await gateway.api.post("/api/jobs/trigger", json={"repositoryId": "https://127.0.0.1/a/b"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/repositoryId")
