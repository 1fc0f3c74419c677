"""The event stream of a course."""

import asyncio
import json
from collections.abc import AsyncGenerator, Collection
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.api import channel, course_streams, owner_channel
from services.gateway.api.channel import Channel
from services.gateway.api.progress import Progress
from shared.events.gateway import RepoCloneRequested
from shared.events.repo_clone import RepoCloneStarted
from shared.kernel.errors import LogUnavailable
from tests.integration.gateway.conftest import Gateway, running_gateway


@dataclass(frozen=True)
class Message:
    """One message of the stream."""

    event: str
    data: Any
    id: int | None


def parse(text: str) -> list[Message]:
    messages = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if fields:
            seq = int(fields["id"]) if "id" in fields else None
            messages.append(Message(fields["event"], json.loads(fields["data"]), seq))
    return messages


async def _follow(gateway: Gateway, course_id: str, **headers: str) -> list[Message]:
    answer = await gateway.api.get(f"/api/courses/{course_id}/events", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    return parse(answer.text)


async def test_it_begins_with_a_snapshot_whose_id_resumes(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    first, *rest = await _follow(gateway, course_id)
    assert (first.event, rest) == ("snapshot", [])
    assert first.id == first.data["version"] == 4
    assert first.data["course"]["status"] == "stage1_complete"
    assert first.data["stages"]["stage1"]["status"] == "SUCCESS"
    assert first.data["generation"]["progress_percentage"] == 25


async def test_last_event_id_resumes_with_the_facts_since(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    snapshot, *facts, after = await _follow(gateway, course_id, **{"Last-Event-ID": "2"})
    assert (snapshot.event, snapshot.id, after.event) == ("snapshot", None, "snapshot")
    assert [(one.event, one.id, one.data["type"]) for one in facts] == [
        ("fact", 3, "RepoCloneStarted"),
        ("fact", 4, "RepoCloned"),
    ]
    data = facts[1].data["data"]
    assert data["document_count"] == 4
    assert not {"files", "folders", "worker", "owner"} & {*data, *facts[0].data["data"]}


async def test_facts_of_other_courses_are_not_in_it(gateway: Gateway) -> None:
    mine = await gateway.create()
    other = await gateway.cloned()
    assert other not in json.dumps([one.data for one in await _follow(gateway, mine, **{"Last-Event-ID": "0"})])


async def test_progress_comes_without_an_id(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", {"repo_url": "pallets/click"})
    asked = await gateway.workers.request(course_id, RepoCloneRequested)
    await gateway.workers.append(RepoCloneStarted(course_id=course_id, run_id=asked.run_id, attempt=1, worker="w"))
    await gateway.project()
    step = Progress(course_id, "repo_clone", asked.run_id, "Receiving objects 45 %", 45)

    async def publish_when_heard() -> None:
        while not gateway.services.streams.clients:
            await gateway.services.projected.look()
        gateway.hub.publish(step)

    messages, _ = await asyncio.gather(_follow(gateway, course_id), publish_when_heard())
    assert [(one.event, one.id) for one in messages] == [("snapshot", 3), ("progress", None)]
    assert messages[1].data == {
        "course_id": course_id, "stage": "stage1", "task_id": asked.run_id, "step": "Receiving objects 45 %",
        "percent": 45,
    }  # fmt: skip
    status = await gateway.get(course_id, "stage1/status")
    assert (status["progress"], status["current_step"]) == (45, "Receiving objects 45 %")
    overall = (await gateway.api.get(f"/api/course-generation/{course_id}/status")).json()
    assert (overall["progress_percentage"], overall["database_status"]) == (16, "stage1_running")


async def test_progress_of_an_older_run_is_not_shown(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", {"repo_url": "pallets/click"})
    gateway.hub.publish(Progress(course_id, "repo_clone", "another-run", "Old", 90))
    status = await gateway.get(course_id, "stage1/status")
    assert (status["status"], status["progress"]) == ("PENDING", 0)


async def test_it_ends_when_the_course_is_deleted(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.api.delete(f"/api/projects/{course_id}")
    answer = await gateway.api.get(f"/api/courses/{course_id}/events")
    assert answer.status_code == 404


@pytest.mark.parametrize("last", ["x", "-1", "9" * 30, "1.5", "²"])
async def test_an_id_that_is_none_of_ours_is_refused(gateway: Gateway, last: str) -> None:
    course_id = await gateway.create()
    headers = [(b"Last-Event-ID", last.encode())]
    answer = await gateway.api.get(f"/api/courses/{course_id}/events", headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "header/Last-Event-ID")


async def _first(
    gateway: Gateway, course_id: str | None, session: str | None = None
) -> AsyncGenerator[bytes, None]:  # fmt: skip
    """A client that has its snapshot, and reads on when the test says so."""
    streams = gateway.services.streams
    opened = await streams.open("ann", course_id)
    messages = streams.follow(opened, None, seconds=30, heartbeat_seconds=30, session=session)
    assert parse((await anext(messages)).decode())[0].event == "snapshot"
    return messages


async def _facts(messages: AsyncGenerator[bytes, None], upto: int | None = None) -> list[int]:
    """The ids of the facts a client is sent, to the end of the stream or to one of them."""
    seen: list[int] = []
    async for piece in messages:
        seen += [one.id for one in parse(piece.decode()) if one.event == "fact" and one.id is not None]
        if upto is not None and seen and seen[-1] >= upto:
            break
    return seen


@pytest.mark.parametrize("is_of_all", [False, True])
async def test_a_client_that_does_not_keep_up_is_left_alone_and_misses_nothing(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, is_of_all: bool
) -> None:
    monkeypatch.setattr(channel, "_KEPT_BYTES", 1000)
    course_id = await gateway.create()
    followed = None if is_of_all else course_id
    slow, quick = await _first(gateway, followed), await _first(gateway, followed)
    async with asyncio.timeout(20):
        for number in range(8):
            await gateway.api.put(f"/api/projects/{course_id}", json={"description": f"{number} " + "x" * 400})
            assert await _facts(quick, upto=number + 2) == [number + 2]
            if number == 0:
                assert await _facts(slow, upto=2) == [2]
        assert await _facts(slow) == [], "what it is given next would leave a hole"
        streams = gateway.services.streams
        again = streams.follow(await streams.open("ann", followed), 2, seconds=30, heartbeat_seconds=30)
        assert await _facts(again, upto=9) == list(range(3, 10))
        for one in (quick, again):
            await one.aclose()
    assert streams.clients == 0


@pytest.mark.parametrize("is_of_all", [False, True])
async def test_a_client_whose_session_is_over_is_left_although_nothing_happens(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, is_of_all: bool
) -> None:
    over: set[str] = set()

    async def ended(sessions: Collection[str]) -> set[str]:
        return over & {*sessions}

    monkeypatch.setattr(course_streams, "_SESSIONS_SECONDS", 0.0)
    monkeypatch.setattr(gateway.services.streams, "_ended", ended)
    course_id = await gateway.create()
    followed = None if is_of_all else course_id
    one, other = await _first(gateway, followed, "one"), await _first(gateway, followed, "other")
    over.add("one")
    async with asyncio.timeout(20):
        assert await _facts(one) == []
        await gateway.api.put(f"/api/projects/{course_id}", json={"description": "new"})
        assert await _facts(other, upto=2) == [2]
    await other.aclose()


async def test_clients_that_come_together_are_shown_one_reading(gateway: Gateway) -> None:
    course_id = await gateway.create()
    statements: list[str] = []

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(gateway.engine.sync_engine, "before_cursor_execute", count)
    answers = await asyncio.gather(*(_follow(gateway, course_id) for _ in range(50)))
    event.remove(gateway.engine.sync_engine, "before_cursor_execute", count)
    assert [[one.event for one in answer] for answer in answers] == [["snapshot"]] * 50
    assert len([one for one in statements if "course_tasks" in one]) == 1


async def test_those_that_follow_are_told_of_the_end_of_their_course(gateway: Gateway) -> None:
    course_id = await gateway.create()
    messages = await _first(gateway, course_id)
    await gateway.api.delete(f"/api/projects/{course_id}")
    async with asyncio.timeout(20):
        assert await _facts(messages) == [2]


async def test_nobody_follows_through_the_channel_of_another(gateway: Gateway) -> None:
    course_id = await gateway.create()
    messages = await _first(gateway, course_id)
    answer = await gateway.bob.get(f"/api/courses/{course_id}/events")
    assert answer.status_code == 404
    await messages.aclose()


async def test_more_clients_than_the_limit_are_sent_away_for_a_while(engine: AsyncEngine) -> None:
    async with running_gateway(engine, stream_limit=1) as gateway:
        course_id = await gateway.create()
        messages = await _first(gateway, course_id)
        answer = await gateway.api.get(f"/api/courses/{course_id}/events")
        assert (answer.status_code, answer.json()["code"]) == (503, "too_many_streams")
        assert int(answer.headers["Retry-After"]) > 0
        await messages.aclose()
        assert (await gateway.api.get(f"/api/courses/{course_id}/events")).status_code == 200


@pytest.mark.parametrize("failure", [LogUnavailable("The event log does not answer"), RuntimeError("a defect")])
async def test_a_course_that_cannot_be_read_fails_no_newcomer_of_another_and_goes_on_once_it_can(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    monkeypatch.setattr(course_streams, "_AGAIN_SECONDS", 0.01)
    failing, other = await gateway.create(), await gateway.create()
    messages = await _first(gateway, failing)
    read, reading, opened = gateway.log.read, asyncio.Event(), asyncio.Event()

    async def fail(course_id: str, *arguments: Any, **options: Any) -> Any:
        if course_id != failing or opened.is_set():
            return await read(course_id, *arguments, **options)
        reading.set()
        await come.wait()
        raise failure

    come = asyncio.Event()
    monkeypatch.setattr(gateway.log, "read", fail)
    async with asyncio.timeout(20):
        await gateway.api.put(f"/api/projects/{failing}", json={"description": "new"})
        await reading.wait()
        newcomer = asyncio.create_task(_first(gateway, other))
        while ("ann", other, Channel) not in gateway.services.streams._channels:  # noqa: ASYNC110 - its coming tells nobody
            await asyncio.sleep(0)
        come.set()
        await (await newcomer).aclose()
        opened.set()
        assert await _facts(messages, upto=3) == [3]
        await messages.aclose()


async def _follow_all(gateway: Gateway, **headers: str) -> list[Message]:
    answer = await gateway.api.get("/api/events", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    return parse(answer.text)


async def test_all_courses_begin_with_the_list_and_nobody_elses(gateway: Gateway) -> None:
    course_id, older = await gateway.cloned(), await gateway.bob.post("/api/projects/", json={"title": "Bob's"})
    assert older.status_code == 201
    (first,) = await _follow_all(gateway)
    listed = (await gateway.api.get("/api/projects/")).json()
    assert first.data == {"courses": listed, "total": 1, "version": 4}
    assert (first.event, first.id, listed[0]["course_id"]) == ("snapshot", 4, course_id)


async def test_a_caller_without_courses_follows_an_empty_list(gateway: Gateway) -> None:
    (first,) = await _follow_all(gateway)
    assert (first.id, first.data) == (0, {"courses": [], "total": 0, "version": 0})


async def test_facts_of_all_courses_come_in_the_order_of_the_log_with_the_course_after_them(gateway: Gateway) -> None:
    one = await gateway.create()
    messages = await _first(gateway, None)
    two = await gateway.create("Two")
    await gateway.api.put(f"/api/projects/{one}", json={"title": "One"})
    await gateway.bob.post("/api/projects/", json={"title": "Bob's"})
    await gateway.api.delete(f"/api/projects/{two}")
    seen: list[Message] = []
    async with asyncio.timeout(20):
        async for piece in messages:
            seen += parse(piece.decode())
            if seen[-1].id == 5 or any(message.id == 5 for message in seen):
                break
    await messages.aclose()
    facts = [(message.id, message.data["type"], message.data["data"]["course_id"]) for message in seen if message.id]
    assert facts == [
        (2, "CourseCreated", two), (3, "CourseUpdated", one), (5, "CourseDeleted", two),
    ]  # fmt: skip
    assert [message.data["title"] for message in seen if message.event == "course" and message.data["course_id"] == one]
    assert {message.event for message in seen} == {"fact", "course"}


async def test_all_courses_resume_with_the_facts_since_page_by_page(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner_channel, "_PAGE", 2)
    one, two = await gateway.create(), await gateway.create("Two")
    for number in range(3):
        for course_id in (one, two):
            await gateway.api.put(f"/api/projects/{course_id}", json={"description": f"{number}"})
    snapshot, *facts, after = await _follow_all(gateway, **{"Last-Event-ID": "2"})
    assert (snapshot.event, snapshot.id, after.event) == ("snapshot", None, "snapshot")
    assert [(message.id, message.data["data"]["course_id"]) for message in facts] == [
        (seq, one if seq % 2 else two) for seq in range(3, 9)
    ]


async def test_a_step_of_any_course_is_told_with_its_course(gateway: Gateway) -> None:
    messages = await _first(gateway, None)
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", {"repo_url": "pallets/click"})
    asked = await gateway.workers.request(course_id, RepoCloneRequested)
    hub = gateway.hub
    async with asyncio.timeout(20):
        while course_id not in hub._readers:  # noqa: ASYNC110 - listening tells nobody
            await asyncio.sleep(0)
        hub.publish(Progress(course_id, "repo_clone", asked.run_id, "Receiving objects", 45))
        async for piece in messages:
            if steps := [one.data for one in parse(piece.decode()) if one.event == "progress"]:
                break
    await messages.aclose()
    assert [(step["course_id"], step["percent"]) for step in steps] == [(course_id, 45)]


async def test_many_that_follow_all_courses_are_shown_one_reading_and_a_ticket_opens_it(gateway: Gateway) -> None:
    await gateway.create()
    ticket = (await gateway.api.post("/api/event-tickets")).json()["ticket"]
    statements: list[str] = []

    def count(_: Any, __: Any, statement: str, *___: Any) -> None:
        statements.append(statement)

    event.listen(gateway.engine.sync_engine, "before_cursor_execute", count)
    browser = httpx.AsyncClient(transport=httpx.ASGITransport(gateway.app), base_url="http://testserver")
    async with browser:
        answers = await asyncio.gather(*(browser.get(f"/api/events?ticket={ticket}") for _ in range(30)))
        refused = await browser.get("/api/events")
    event.remove(gateway.engine.sync_engine, "before_cursor_execute", count)
    assert [answer.status_code for answer in answers] == [200] * 30
    assert refused.status_code == 401
    assert len([one for one in statements if "count(*)" in one]) < 5
    assert not [one for one in statements if "array_agg" in one]  # ids are for deletions
