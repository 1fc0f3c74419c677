"""A gateway that serves within a test's own process, on the real event log and database."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.local.ports import free_port
from services.gateway.host import serve
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.kernel.blobs import Blobs, open_backend
from tests.integration.gateway.workers import Workers

TOKEN = "integration-token-of-one-user"


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


@contextlib.asynccontextmanager
async def served(
    nats_url: str,
    database_url: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    process: Callable[[asyncio.Event], Awaitable[None]] = serve,
) -> AsyncIterator[Running]:
    """The gateway's process, in this one; or one of the kinds that share its work."""
    port = free_port()
    environment = {
        "NATS_URL": nats_url, "DATABASE_URL": database_url, "BLOB_STORE_URL": f"file://{folder / 'blobs'}",
        "LOCAL_TOKEN": TOKEN, "GATEWAY_PORT": str(port),
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    stopping = asyncio.Event()
    serving = asyncio.ensure_future(process(stopping))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    nc = await connect(nats_url, "test")
    log = JetStreamLog(nc)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=10) as api:
            await until_ready(api, serving)
            yield Running(api, log, Workers(log, Blobs(open_backend(environment["BLOB_STORE_URL"]))))
    finally:
        stopping.set()
        async with asyncio.timeout(10):
            await serving
        await nc.close()


async def until_ready(api: httpx.AsyncClient, serving: "asyncio.Future[None]") -> None:
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
