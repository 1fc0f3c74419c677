"""The gateway's own process on the real event log and database."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client

from services.gateway.host import serve_only
from tests.integration.served import Running, served
from tests.integration.test_many_followers import follower
from tests.support.servers import Server


async def test_a_write_is_visible_to_its_writer_at_once(running: Running) -> None:
    for number in range(20):
        created = await running.api.post("/api/projects/", json={"title": f"Course {number}"})
        assert created.status_code == 201, created.text
        path = created.headers["Location"]
        assert (await running.api.put(path, json={"description": "Changed"})).status_code == 200
        assert (await running.api.get(path)).json()["description"] == "Changed"


async def test_progress_of_workers_reaches_the_status(running: Running, nats_connection: Client) -> None:
    course_id = (await running.api.post("/api/projects/", json={"title": "x"})).json()["course_id"]
    path = f"/api/courses/{course_id}"
    run = (await running.api.post(f"{path}/analyze-repository", json={"repo_url": "pallets/click"})).json()["task_id"]
    await running.workers.start_clone(course_id)
    while (await running.until(course_id, "stage1_running"))["stages"]["stage1"]["status"] != "STARTED":
        continue
    body = json.dumps({"run_id": run, "step": "Receiving objects 45 %", "percent": 45}).encode()
    async with running.api.stream("GET", f"{path}/events") as stream:
        lines = stream.aiter_lines()
        while await anext(lines) != "event: snapshot":
            continue
        await nats_connection.publish(f"progress.{course_id}.repo_clone", body)
        await nats_connection.publish("progress.nonsense", b"\xff")
        while await anext(lines) != "event: progress":
            continue
        assert json.loads((await anext(lines)).removeprefix("data: "))["percent"] == 45
    assert (await running.api.get(f"{path}/stage1/status")).json()["progress"] == 45


async def test_two_processes_are_one_gateway(
    running: Running, nats_server: Server, tables: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stream goes on at the other process with the facts since, live ones too, and both count a caller's requests."""
    async with served(nats_server.url, tables, tmp_path, monkeypatch, serve_only) as other:
        course_id = (await running.api.post("/api/projects/", json={"title": "0"})).json()["course_id"]
        async with follower(running, course_id) as before:
            seen = await before.snapshot()
        facts = []
        for number, writer in enumerate((running, other, running), start=1):
            answer = await writer.api.put(f"/api/projects/{course_id}", json={"title": f"{number}"})
            facts.append(int(answer.headers["ETag"].strip('"')))
        async with asyncio.timeout(20), follower(other, course_id, last_event_id=seen) as after:
            await after.until(facts[-1])
            answer = await running.api.put(f"/api/projects/{course_id}", json={"title": "4"})
            facts.append(int(answer.headers["ETag"].strip('"')))
            await after.until(facts[-1])
        assert after.seqs == facts
        async with asyncio.timeout(20):
            of_this = 2  # a title and a stream
            while _taken(await other.api.get("/api/projects/")) <= of_this + 1:
                of_this += 1
                await asyncio.sleep(0.05)  # the processes tell each other once a second


def _taken(answer: httpx.Response) -> int:
    """The requests of the caller that the process knows of."""
    most, left = (answer.headers[name].split(";")[1][2:] for name in ("RateLimit-Policy", "RateLimit"))
    return int(most) - int(left)


async def test_many_writers_on_one_course_leave_one_run(running: Running) -> None:
    course_id = (await running.api.post("/api/projects/", json={"title": "x"})).json()["course_id"]
    path = f"/api/courses/{course_id}/analyze-repository"
    answers = await asyncio.gather(
        *(running.api.post(path, json={"repo_url": "pallets/click"}) for _ in range(16))
    )  # fmt: skip
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["task_id"] for answer in answers}) == 1
    assert len(await running.log.read(course_id)) == 2
