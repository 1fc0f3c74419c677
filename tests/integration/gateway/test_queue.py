"""Courses at work: so many in all and of one owner. The others wait for their turn, and each owner has turns."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.places import Places
from services.gateway.project.chores import Chores
from shared.event_log.port import Recorded
from shared.events.gateway import GenerationRequested, RepoCloneRequested
from shared.events.repo_clone import RepoCloneFailed
from tests.integration.gateway.conftest import Gateway, running_gateway

IN_ALL, PER_OWNER = 3, 2


@pytest.fixture
async def busy(engine: AsyncEngine) -> AsyncIterator[Gateway]:
    async with running_gateway(engine, courses_at_work=IN_ALL, courses_at_work_per_owner=PER_OWNER) as made:
        yield made


async def _ask(gateway: Gateway, client: httpx.AsyncClient, number: int) -> str:
    course = (await client.post("/api/projects/", json={"title": f"Course {number}"})).json()["course_id"]
    body = {"repo_url": f"https://github.com/of/project-{number}"}
    answer = await client.post(f"/api/courses/{course}/generate", json=body)
    assert answer.status_code == 202, answer.text
    await gateway.project()
    return str(course)


async def _status(client: httpx.AsyncClient, course_id: str) -> dict[str, object]:
    status: dict[str, object] = (await client.get(f"/api/course-generation/{course_id}/status")).json()
    return status


async def _at_work(gateway: Gateway, client: httpx.AsyncClient, courses: list[str]) -> list[str]:
    statuses = {course: (await _status(client, course))["database_status"] for course in courses}
    return [course for course, status in statuses.items() if status == "stage1_running"]


async def _end(gateway: Gateway, course_id: str) -> None:
    """The course's work ends, here with a failure."""
    run_id = (await gateway.workers.request(course_id, RepoCloneRequested)).run_id
    failed = RepoCloneFailed(
        course_id=course_id, run_id=run_id, error="gone", message="Gone", retryable=False, attempt=1
    )
    await gateway.workers.append(failed)
    await gateway.project()


async def test_courses_past_the_limit_wait_and_see_their_place(busy: Gateway) -> None:
    courses = [await _ask(busy, busy.api, number) for number in range(5)]
    assert await _at_work(busy, busy.api, courses) == courses[:PER_OWNER]
    waiting = [await _status(busy.api, course) for course in courses[PER_OWNER:]]
    assert [one["queue_position"] for one in waiting] == [1, 2, 3]
    assert [one["status"] for one in waiting] == ["STARTED"] * 3
    assert waiting[2]["current_step"] == "Waiting for its turn, at place 3"
    assert (await _status(busy.api, courses[0]))["queue_position"] is None


async def test_an_owner_that_comes_later_is_not_behind_all_of_another(busy: Gateway) -> None:
    anns = [await _ask(busy, busy.api, number) for number in range(5)]
    bobs = [await _ask(busy, busy.bob, 10 + number) for number in range(2)]
    assert await _at_work(busy, busy.bob, bobs) == bobs[:1]
    assert (await _status(busy.bob, bobs[1]))["queue_position"] == 1
    await _end(busy, anns[0])
    assert await _at_work(busy, busy.api, anns) == anns[1:3]  # one each at work, and the turn of Ann is longer ago
    await _end(busy, anns[1])
    assert await _at_work(busy, busy.bob, bobs) == bobs
    assert await _at_work(busy, busy.api, anns) == anns[2:3]


async def test_two_owners_take_turns_and_every_course_has_one(engine: AsyncEngine) -> None:
    async with running_gateway(engine, courses_at_work=1) as gateway:
        owner_of = {await _ask(gateway, gateway.api, number): "ann" for number in range(4)}
        owner_of |= {await _ask(gateway, gateway.bob, 10 + number): "bob" for number in range(4)}
        order = []
        for _ in owner_of:
            running = [one for one in owner_of if await _has_begun(gateway, one) and one not in order]
            assert len(running) == 1
            order += running
            await _end(gateway, running[0])
        assert sorted(order) == sorted(owner_of)
        assert [owner_of[course] for course in order[:6]] == ["ann", "bob"] * 3
        assert [course for course in order if owner_of[course] == "ann"] == list(owner_of)[:4]


async def _has_begun(gateway: Gateway, course_id: str) -> bool:
    return any(_is_begin(one) for one in await gateway.workers.recorded(course_id))


def _is_begin(recorded: Recorded) -> bool:
    return isinstance(recorded.event, RepoCloneRequested)


async def test_a_projector_that_starts_anew_gives_nobody_a_second_turn(busy: Gateway) -> None:
    courses = [await _ask(busy, busy.api, number) for number in range(4)]
    other = Chores(busy.engine, busy.log, busy.blobs, places=Places(IN_ALL, PER_OWNER))
    await other.work()
    await busy.project()
    requests = [course for course in courses for one in await busy.workers.recorded(course) if _is_begin(one)]
    assert requests == courses[:PER_OWNER]


async def test_a_course_that_waits_can_be_canceled_and_asked_for_again(busy: Gateway) -> None:
    courses = [await _ask(busy, busy.api, number) for number in range(4)]
    await busy.post(courses[2], "cancel")
    await busy.project()
    assert (await _status(busy.api, courses[2]))["database_status"] == "stage1_canceled"
    assert (await _status(busy.api, courses[3]))["queue_position"] == 1
    assert not await _has_begun(busy, courses[2])
    await busy.post(courses[2], "generate", {"repo_url": "https://github.com/of/another"})
    await busy.project()
    assert (await _status(busy.api, courses[2]))["queue_position"] == 2
    asked = [one for one in await busy.workers.recorded(courses[2]) if isinstance(one.event, GenerationRequested)]
    assert len(asked) == 2


async def test_without_a_limit_nobody_waits(engine: AsyncEngine) -> None:
    async with running_gateway(engine, courses_at_work=0, courses_at_work_per_owner=0) as gateway:
        courses = [await _ask(gateway, gateway.api, number) for number in range(6)]
        assert await _at_work(gateway, gateway.api, courses) == courses
