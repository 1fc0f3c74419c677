"""Hundreds of clients follow courses through one process: each is told everything once, and nobody waits."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.client import Client

from shared.events.courses import COURSES
from tests.integration.served import TOKEN, Running

_ON_ONE, _OTHERS, _ON_EACH_OTHER = 300, 10, 5
_CHANGES = 30
_PATIENCE_SECONDS = 60
_ANSWER_SECONDS = 10


class Follower:
    """A client of the event stream on a plain socket. `seqs` are the ids of the facts it was sent, in order."""

    def __init__(self, lines: asyncio.StreamReader) -> None:
        self.lines = lines
        self.seqs: list[int] = []

    async def snapshot(self) -> int:
        """Return when it has a snapshot: the course's version."""
        while (await self._line()) != "event: snapshot":
            continue
        version: int = json.loads((await self._line()).removeprefix("data: "))["version"]
        return version

    async def until(self, seq: int) -> None:
        """Return when it was sent this fact."""
        kind = ""
        while not self.seqs or self.seqs[-1] < seq:
            line = await self._line()
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("id: ") and kind == "fact":
                self.seqs.append(int(line.removeprefix("id: ")))

    async def _line(self) -> str:
        line = await self.lines.readline()
        if not line:
            raise EOFError("the stream ended")
        return line.decode().rstrip("\n")


@asynccontextmanager
async def follower(running: Running, course_id: str, last_event_id: int | None = None) -> AsyncIterator[Follower]:
    port = running.api.base_url.port
    lines, writer = await asyncio.open_connection("127.0.0.1", port)
    resumed = "" if last_event_id is None else f"Last-Event-ID: {last_event_id}\r\n"
    head = f"GET /api/courses/{course_id}/events HTTP/1.0\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\n"
    writer.write(f"{head}{resumed}\r\n".encode())
    try:
        assert b" 200 " in await lines.readline()
        yield Follower(lines)
    finally:
        writer.close()


async def create(running: Running) -> str:
    answer = await running.api.post("/api/projects/", json={"title": "Followed"})
    course_id: str = answer.json()["course_id"]
    return course_id


async def change(running: Running, course_id: str, number: int) -> int:
    """The sequence of the fact."""
    body = {"description": f"{number} " + "x" * 900}
    answer = await running.api.put(f"/api/projects/{course_id}", json=body, timeout=_ANSWER_SECONDS)
    assert answer.status_code == 200, answer.text
    return int(answer.headers["ETag"].strip('"'))


async def follow_to(
    running: Running, course_id: str, ready: asyncio.Semaphore, last: "asyncio.Future[int]"
) -> list[int]:
    """The facts a client is sent from its snapshot on up to the last one of the course."""
    async with follower(running, course_id) as client:
        await client.snapshot()
        ready.release()
        await client.until(await last)
        return client.seqs


async def test_hundreds_follow_and_each_is_told_every_fact_once(running: Running, nats_connection: Client) -> None:
    first, *others = [await create(running) for _ in range(1 + _OTHERS)]
    loop, ready = asyncio.get_running_loop(), asyncio.Semaphore(0)
    last = {course_id: loop.create_future() for course_id in (first, *others)}
    followed = [first] * _ON_ONE + others * _ON_EACH_OTHER
    async with asyncio.timeout(_PATIENCE_SECONDS), asyncio.TaskGroup() as group, follower(running, first) as slow:
        clients = [group.create_task(follow_to(running, one, ready, last[one])) for one in followed]
        for _ in followed:
            await ready.acquire()
        facts = []
        for number in range(_CHANGES):
            facts.append(await change(running, first, number))
            status = await running.api.get(f"/api/course-generation/{first}/status")
            assert status.status_code == 200
        last[first].set_result(facts[-1])
        for one in others:
            last[one].set_result(await change(running, one, 0))
        stream = await nats_connection.jetstream().consumers_info(COURSES.name)
        assert len([one for one in stream if one.name.startswith("follow-")]) <= 1, "the projector's own"
        told = [await client for client in clients]
        assert told[:_ON_ONE] == [facts] * _ON_ONE
        assert told[_ON_ONE:] == [[last[one].result()] for one in others] * _ON_EACH_OTHER
        await slow.until(facts[2])
        async with follower(running, first, slow.seqs[-1]) as again:
            await again.until(facts[-1])
        assert [*slow.seqs, *again.seqs] == facts
