"""One active run for an owner, a source and inputs: the second request gets the first's answer."""

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.gateway.api.metrics import Metrics
from services.gateway.app import build
from shared.event_log.port import NewEvent, Recorded
from shared.events.gateway import GenerationRequested, RepoCloneRequested
from shared.kernel.errors import LogUnavailable
from tests.integration.gateway.conftest import Gateway, TwoUsers, all_well, client_of, settings

CLICK = {"repo_url": "https://github.com/pallets/click"}


async def _asked_for(gateway: Gateway, courses: list[str]) -> list[str]:
    """The courses that an unattended run was asked for."""
    return [
        course
        for course in courses
        for one in await gateway.workers.recorded(course)
        if isinstance(one.event, GenerationRequested)
    ]


async def test_many_requests_for_one_repository_are_one_run(gateway: Gateway) -> None:
    courses = [await gateway.create(f"Course {number}") for number in range(30)]
    answers = await asyncio.gather(*(gateway.post(course, "generate", CLICK) for course in courses))
    begun = await _asked_for(gateway, courses)
    assert len(begun) == 1
    assert {answer["task_id"] for answer in answers} == {answers[courses.index(begun[0])]["task_id"]}
    named = [answer.get("course_id") or course for answer, course in zip(answers, courses, strict=True)]
    assert set(named) == set(begun)
    await gateway.project()
    assert (await gateway.course(begun[0]))["status"] == "stage1_running"


async def test_a_second_job_is_the_first_one_however_late_the_tables_are(hasty_gateway: Gateway) -> None:
    gateway = hasty_gateway
    assert gateway.projecting is not None
    await gateway.create()
    await gateway.project()
    gateway.projecting.cancel()
    await asyncio.gather(gateway.projecting, return_exceptions=True)
    asked = [await gateway.api.post("/api/jobs/trigger", json={"repositoryId": CLICK["repo_url"]}) for _ in range(3)]
    assert [answer.status_code for answer in asked] == [202, 200, 200]
    assert {answer.json().get("course_id") or answer.json()["courseId"] for answer in asked} == {
        one.event.course_id
        for one in gateway.log.stored()
        if isinstance(one, Recorded) and isinstance(one.event, GenerationRequested)
    }


_DROP_TURN = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE state = 'idle in transaction' AND query LIKE '%hashtextextended%'"
)


async def _begin_twice(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, first: tuple[str, Any], second: str, *, is_heard: bool
) -> tuple[httpx.Response, dict[str, Any]]:
    """The answers of a start whose lock the server drops before its append lands, and of the same one in another
    gateway meanwhile. The first gateway hears of its append or does not.
    """
    another = build(
        settings(), log=gateway.log, engine=gateway.engine, blobs=gateway.blobs, progress=gateway.hub,
        authenticator=TwoUsers(), pulse=all_well(gateway.log), metrics=Metrics(),
    )  # fmt: skip
    append, came, go = gateway.log.append, asyncio.Event(), asyncio.Event()

    async def held(events: Sequence[NewEvent], expected_seq: int) -> int:
        if came.is_set() or not any(isinstance(one.event, GenerationRequested) for one in events):
            return await append(events, expected_seq)
        came.set()
        await go.wait()
        seq = await append(events, expected_seq)
        if not is_heard:
            raise LogUnavailable("The answer is lost")
        return seq

    monkeypatch.setattr(gateway.log, "append", held)
    late = asyncio.create_task(gateway.api.post(first[0], json=first[1]))
    await came.wait()
    async with gateway.engine.connect() as connection:
        assert await connection.scalar(_DROP_TURN) == 1
    async with client_of(another, "ann") as api:
        begun = (await api.post(f"/api/courses/{second}/generate", json=CLICK)).json()
    go.set()
    answer = await late
    await gateway.project()
    assert (await gateway.course(second))["status"] == "stage1_running"
    return answer, begun


async def _has_begun(gateway: Gateway, course_id: str) -> bool:
    return RepoCloneRequested in [type(one.event) for one in await gateway.log.read(course_id)]


@pytest.mark.parametrize("by_job", [False, True])
async def test_the_log_decides_when_the_server_drops_the_lock_of_a_start(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, by_job: bool
) -> None:
    first, second = [await gateway.create(name) for name in ("first", "second")]
    asked: tuple[str, Any] = (f"/api/courses/{first}/generate", CLICK)
    if by_job:
        asked = "/api/jobs/trigger", {"repositoryId": CLICK["repo_url"]}
    heard, begun = await _begin_twice(gateway, monkeypatch, asked, second, is_heard=True)
    answer = heard.json()
    if by_job:
        assert (answer["courseId"], answer["duplicate"]) == (second, True)
        assert len((await gateway.api.get("/api/projects/")).json()) == 2
    else:
        assert answer == {**begun, "course_id": second}
    assert not await _has_begun(gateway, first)


async def test_a_run_that_nobody_looked_for_again_does_not_begin_beside_the_same_one(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = [await gateway.create(name) for name in ("first", "second")]
    asked = f"/api/courses/{first}/generate", CLICK
    answer, _ = await _begin_twice(gateway, monkeypatch, asked, second, is_heard=False)
    assert answer.status_code == 503
    assert await _asked_for(gateway, [first, second]) == [first, second]
    assert not await _has_begun(gateway, first)
    shown = await gateway.course(first)
    assert (shown["status"], second in shown["error_message"]) == ("stage1_failed", True)
    assert (await gateway.post(first, "generate", CLICK))["course_id"] == second


async def test_a_run_that_goes_on_beyond_the_tables_is_the_same_one(hasty_gateway: Gateway) -> None:
    gateway = hasty_gateway
    first, second = [await gateway.create(name) for name in ("first", "second")]
    await gateway.project()
    await gateway.post(first, "generate", CLICK)
    await gateway.project()
    stopped = await gateway.post(first, "cancel")
    await gateway.workers.cancel(first, "repo_clone", stopped["task_id"])
    await gateway.project()
    assert gateway.projecting is not None
    gateway.projecting.cancel()
    await asyncio.gather(gateway.projecting, return_exceptions=True)
    await gateway.post(first, "resume")
    assert (await gateway.post(second, "generate", CLICK))["course_id"] == first
    assert await _asked_for(gateway, [second]) == []


async def test_a_run_is_not_gone_on_with_beside_the_same_one(gateway: Gateway) -> None:
    first, second = [await gateway.create(name) for name in ("first", "second")]
    await gateway.post(first, "generate", CLICK)
    await gateway.project()
    stopped = await gateway.post(first, "cancel")
    await gateway.workers.cancel(first, "repo_clone", stopped["task_id"])
    await gateway.project()
    other = await gateway.post(second, "generate", CLICK)
    assert await gateway.post(first, "resume") == {**other, "course_id": second}


async def test_other_inputs_another_owner_or_a_run_that_is_over_are_another_run(gateway: Gateway) -> None:
    first, second, third = [await gateway.create(name) for name in ("first", "second", "third")]
    run = await gateway.post(first, "generate", CLICK)
    beginners = await gateway.post(second, "generate", {**CLICK, "complexity_level": "beginner"})
    bobs = (await gateway.bob.post("/api/projects/", json={"title": "Bob's"})).json()["course_id"]
    of_bob = (await gateway.bob.post(f"/api/courses/{bobs}/generate", json=CLICK)).json()
    assert len({run["task_id"], beginners["task_id"], of_bob["task_id"]}) == 3
    await gateway.project()
    stopped = await gateway.post(first, "cancel")
    await gateway.workers.cancel(first, "repo_clone", stopped["task_id"])
    await gateway.project()
    again = await gateway.post(third, "generate", CLICK)
    assert again["task_id"] not in {run["task_id"], None}
    assert again.get("course_id") is None


async def test_a_course_that_is_not_there_is_not_answered_with_another(gateway: Gateway) -> None:
    await gateway.post(await gateway.create(), "generate", CLICK)
    await gateway.post("no-such-course", "generate", CLICK, 404)


async def test_a_course_put_to_generating_or_regenerated_is_answered_with_the_same_run_too(gateway: Gateway) -> None:
    first, second, third = await gateway.create("first"), await gateway.cloned(), await gateway.cloned()
    run = await gateway.post(first, "generate", {**CLICK, "complexity_level": "advanced"})
    again = await gateway.post(second, "regenerate", {"complexity_level": "advanced"})
    assert (again["task_id"], again["course_id"]) == (run["task_id"], first)
    assert await _asked_for(gateway, [second]) == []
    other = await gateway.post(second, "regenerate")
    assert other["task_id"] != run["task_id"]
    assert await _asked_for(gateway, [second]) == [second]
    put = await gateway.api.put(f"/api/projects/{third}", json={"title": "Named", "status": "generating"})
    assert (put.status_code, put.json()["course_id"]) == (200, second)
    assert await _asked_for(gateway, [third]) == []
    assert (await gateway.course(third))["title"] == "Named"
