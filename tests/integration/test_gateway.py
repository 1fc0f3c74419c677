"""The gateway's own process on the real event log and database: REST, projection, autopilot and stream together."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client

from cli.local.nats_server import NatsServer
from cli.local.postgres_server import PostgresServer
from services.gateway.host import serve_only
from services.gateway.migrate import migrate
from shared.event_log.connection import connect
from shared.event_log.topology import apply_topology
from tests.integration.served import Running, served, until_ready
from tests.integration.test_many_followers import follower
from tests.support.servers import Server

REQUEST = {"repo_url": "https://github.com/pallets/click", "complexity_level": "beginner"}


async def _until_shown(api: httpx.AsyncClient, course_id: str) -> None:
    """A course answered with 202 is in the log, and not yet in the tables."""
    async with asyncio.timeout(20):
        answer = await api.get(f"/api/projects/{course_id}")
        while answer.status_code == httpx.codes.NOT_FOUND:
            await asyncio.sleep(0.02)
            answer = await api.get(f"/api/projects/{course_id}")
    assert answer.status_code == httpx.codes.OK


async def test_from_one_request_to_a_course_over_the_real_log(running: Running) -> None:
    course_id = (await running.api.post("/api/projects/", json={"title": "Learn Click"})).json()["course_id"]
    started = await running.api.post(f"/api/courses/{course_id}/generate", json=REQUEST)
    assert started.status_code == 202
    await running.until(course_id, "stage1_running")
    await running.workers.clone(course_id)
    await running.until(course_id, "stage2_running")
    await running.workers.analyse(course_id)
    await running.until(course_id, "stage3_running")
    await running.workers.propose(course_id)
    await running.until(course_id, "stage4_running")
    await running.workers.write(course_id)
    snapshot = await running.until(course_id, "stage4_complete")
    assert snapshot["generation"]["progress_percentage"] == 100
    exports = (await running.api.get(f"/api/courses/{course_id}/exports")).json()
    assert [one["kind"] for one in exports] == ["json", "site"]
    site = await running.api.get(exports[1]["url"])
    assert site.content == b"PK site"
    assert site.headers["Content-Disposition"] == 'attachment; filename="learn-click-site.zip"'
    again = await running.api.get(exports[1]["url"], headers={"If-None-Match": site.headers["ETag"]})
    assert again.status_code == 304
    assert (await running.api.get(f"/api/courses/{course_id}/quality")).json() == {"Q1": {"ok": True}}


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


async def test_the_database_may_go_away_and_come_back(
    nats_server: Server, nats_connection: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = PostgresServer(tmp_path, durable=False)
    await asyncio.to_thread(_start, database)
    await asyncio.to_thread(migrate, database.url)
    try:
        async with served(nats_server.url, database.url, tmp_path, monkeypatch) as running:
            first = (await running.api.post("/api/projects/", json={"title": "Before"})).json()["course_id"]
            await asyncio.to_thread(database.process.stop)
            away = await running.api.get(f"/api/projects/{first}")
            assert (away.status_code, away.json()["code"]) == (503, "database_unavailable")
            await asyncio.to_thread(_start, database)
            await until_ready(running.api, asyncio.get_running_loop().create_future())
            again = await running.api.post("/api/projects/", json={"title": "After"})
            assert again.status_code == 201
            assert [one["title"] for one in (await running.api.get("/api/projects/")).json()] == ["After", "Before"]
    finally:
        await asyncio.to_thread(database.process.stop)
        database.remove()


def _start(database: PostgresServer) -> None:
    database.start()
    database.wait()


async def test_the_event_log_may_go_away_and_come_back(
    tables: str, empty_tables: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = NatsServer(tmp_path / "nats", sync="10s", unrestricted=True)
    await asyncio.to_thread(server.start)
    await asyncio.to_thread(server.wait)
    nc = await connect(server.url, "test")
    await apply_topology(nc.jetstream())
    try:
        async with served(server.url, tables, tmp_path, monkeypatch) as running:
            first = (await running.api.post("/api/projects/", json={"title": "Before"})).json()["course_id"]
            await asyncio.to_thread(server.process.stop)
            began = asyncio.get_running_loop().time()
            away = await running.api.post("/api/projects/", json={"title": "Lost"})
            assert (away.status_code, away.json()["code"]) == (503, "log_unavailable")
            assert asyncio.get_running_loop().time() - began < 4
            assert (await running.api.get(f"/api/projects/{first}")).status_code == 200
            await asyncio.to_thread(server.start)
            await asyncio.to_thread(server.wait)
            await until_ready(running.api, asyncio.get_running_loop().create_future())
            again = await running.api.post("/api/projects/", json={"title": "After"})
            assert again.status_code in {201, 202}
            course_id = again.json()["course_id"]
            await _until_shown(running.api, course_id)
            await running.until(course_id, "draft")
    finally:
        await nc.close()
        await asyncio.to_thread(server.process.stop)
