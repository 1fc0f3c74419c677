"""The gateway's own process on the real event log and database: REST, projection, autopilot and stream together."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from cli.local.nats_server import NatsServer
from cli.local.ports import free_port
from cli.local.postgres_server import PostgresServer
from services.gateway.host import serve
from services.gateway.migrate import migrate
from services.gateway.readmodels.registry import METADATA
from shared.blobs import Blobs, open_backend
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.topology import apply_topology
from tests.support.servers import Server
from tests.unit.gateway.workers import Workers

TOKEN = "integration-token-of-one-user"
REQUEST = {"repo_url": "https://github.com/pallets/click", "complexity_level": "beginner"}


@dataclass
class Running:
    """A gateway that serves, and workers that write to its log."""

    api: httpx.AsyncClient
    log: JetStreamLog
    workers: Workers

    async def until(self, course_id: str, status: str) -> Any:
        """Follow the course's stream until it has this status."""
        async with self.api.stream("GET", f"/api/courses/{course_id}/events") as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data: ") and '"generation"' in line:
                    snapshot = json.loads(line.removeprefix("data: "))
                    if snapshot["course"]["status"] == status:
                        return snapshot
        raise AssertionError(f"the stream ended before {status}")


@pytest.fixture(scope="session")
def tables(postgres_server: Server) -> str:
    migrate(postgres_server.url)
    return postgres_server.url


@pytest.fixture
async def empty_tables(tables: str) -> None:
    engine = create_async_engine(tables)
    async with engine.begin() as connection:
        names = ", ".join(f"{table.schema}.{table.name}" for table in METADATA.sorted_tables)
        await connection.execute(text(f"TRUNCATE {names}"))
    await engine.dispose()


@pytest.fixture
async def running(
    nats_server: Server,
    nats_connection: Client,
    tables: str,
    empty_tables: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Running]:
    async with _served(nats_server.url, tables, tmp_path, monkeypatch) as made:
        yield made


@contextlib.asynccontextmanager
async def _served(
    nats_url: str, database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    """The gateway's process, in this one."""
    port = free_port()
    environment = {
        "NATS_URL": nats_url, "DATABASE_URL": database_url, "BLOB_STORE_URL": f"file://{folder / 'blobs'}",
        "LOCAL_TOKEN": TOKEN, "GATEWAY_PORT": str(port),
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stopping = asyncio.Event()
    serving = asyncio.create_task(serve(stopping))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    nc = await connect(nats_url, "test")
    log = JetStreamLog(nc)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10) as api:
            await _until_ready(api, serving)
            yield Running(api, log, Workers(log, Blobs(open_backend(environment["BLOB_STORE_URL"]))))
    finally:
        stopping.set()
        async with asyncio.timeout(10):
            await serving
        await nc.close()


async def _until_ready(api: httpx.AsyncClient, serving: "asyncio.Future[None]") -> None:
    async with asyncio.timeout(20):
        while not serving.done():
            try:
                answer = await api.get("/readyz")
            except httpx.TransportError:
                await asyncio.sleep(0.02)
                continue
            if answer.status_code == 200 and answer.json()["checks"]["projector"] == "active":
                return
    serving.result()


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
    await running.until(course_id, "stage1_running")
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
        async with _served(nats_server.url, database.url, tmp_path, monkeypatch) as running:
            first = (await running.api.post("/api/projects/", json={"title": "Before"})).json()["course_id"]
            await asyncio.to_thread(database.process.stop)
            away = await running.api.get(f"/api/projects/{first}")
            assert (away.status_code, away.json()["code"]) == (503, "database_unavailable")
            await asyncio.to_thread(_start, database)
            await _until_ready(running.api, asyncio.get_running_loop().create_future())
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
        async with _served(server.url, tables, tmp_path, monkeypatch) as running:
            first = (await running.api.post("/api/projects/", json={"title": "Before"})).json()["course_id"]
            await asyncio.to_thread(server.process.stop)
            began = asyncio.get_running_loop().time()
            away = await running.api.post("/api/projects/", json={"title": "Lost"})
            assert (away.status_code, away.json()["code"]) == (503, "log_unavailable")
            assert asyncio.get_running_loop().time() - began < 4
            assert (await running.api.get(f"/api/projects/{first}")).status_code == 200
            await asyncio.to_thread(server.start)
            await asyncio.to_thread(server.wait)
            await _until_ready(running.api, asyncio.get_running_loop().create_future())
            again = await running.api.post("/api/projects/", json={"title": "After"})
            assert again.status_code in {201, 202}
            course_id = again.json()["course_id"]
            await _until_shown(running.api, course_id)
            await running.until(course_id, "draft")
    finally:
        await nc.close()
        await asyncio.to_thread(server.process.stop)
