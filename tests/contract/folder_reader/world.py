"""The gateway with five stages, and the fifth one's workers, on the log in memory."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.client import Client
from services.gateway.api.progress import parse_progress
from shared.event_log.port import Recorded
from shared.stage.retries import RetryPolicy, Verdict
from shared.stage.shell import StageShell
from tests.contract.folder_reader.core import CORE, Outcome, ReadFolder, State
from tests.contract.folder_reader.effects import FolderReaderEffects
from tests.contract.folder_reader.events import FolderReadRequested
from tests.contract.folder_reader.product import FIVE, KNOWN
from tests.contract.folder_reader.row import ROW
from tests.integration.gateway.conftest import OPERATOR_TOKEN, Gateway, running_gateway
from tests.integration.gateway.test_stream import Message, parse
from tests.support.workers import inline_workers
from tests.unit.stage.world import Letters, LogInterrupts


class AppTransport(httpx.BaseTransport):
    """Carries what the command line asks, in a thread, to the application in the test's own loop."""

    def __init__(self, app: FastAPI, loop: asyncio.AbstractEventLoop) -> None:
        self._inner, self._loop = httpx.ASGITransport(app), loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._send(request), self._loop).result(30)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        sent = httpx.Request(request.method, request.url, headers=request.headers, content=request.read())
        answer = await self._inner.handle_async_request(sent)
        return httpx.Response(answer.status_code, headers=answer.headers, content=await answer.aread())


@dataclass
class World:
    """`now` is the clock of the stage's workers."""

    gateway: Gateway
    effects: FolderReaderEffects
    letters: Letters
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def client(self, token: str = "ann") -> Client:
        """The command line's client, for use in a thread."""
        return Client("http://testserver", token, AppTransport(self.gateway.app, asyncio.get_running_loop()))

    def shell(self) -> StageShell[State, ReadFolder, Outcome]:
        return StageShell(
            ROW, CORE, self.effects, event_log=self.gateway.log, interrupts=LogInterrupts(self.gateway.log),
            dead_letters=self.letters, publish_progress=self._progress, workers=inline_workers, worker="w",
            retries=RetryPolicy(2, 5.0, 600.0, 3900.0), clock=lambda: self.now,
        )  # fmt: skip

    async def _progress(self, course_id: str, stage: str, run_id: str, step: str, percent: int) -> None:
        body = json.dumps({"run_id": run_id, "step": step, "percent": percent}).encode()
        told = parse_progress(f"progress.{course_id}.{stage}", body, FIVE.pipeline)
        assert told is not None
        self.gateway.hub.publish(told)

    async def request(self, course_id: str) -> Recorded:
        found = await self.gateway.log.read(course_id)
        return [item for item in found if isinstance(item.event, FolderReadRequested)][-1]

    def work(self, request: Recorded) -> Coroutine[Any, Any, Verdict]:
        return self.shell().handle(request, b"the request")

    async def follow(self, course_id: str, after: int) -> list[Message]:
        answer = await self.gateway.api.get(f"/api/courses/{course_id}/events", headers={"Last-Event-ID": str(after)})
        return parse(answer.text)


@contextlib.asynccontextmanager
async def five_stages(engine: AsyncEngine) -> AsyncIterator[World]:
    async with running_gateway(engine, FIVE, KNOWN, operator_token=OPERATOR_TOKEN) as gateway:
        yield World(gateway, FolderReaderEffects(gateway.blobs), Letters())
