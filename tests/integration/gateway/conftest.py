"""The gateway on a real PostgreSQL and the in-memory log, with workers a test drives by hand."""

import asyncio
import base64
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from obstore.store import MemoryStore
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.gateway.api.metrics import Metrics
from services.gateway.api.progress import ProgressHub
from services.gateway.api.services import Services
from services.gateway.app import build
from services.gateway.course.product import Product
from services.gateway.erase.eraser import Eraser
from services.gateway.migrate import migrate
from services.gateway.project.chores import Chores
from services.gateway.project.course_projector import course_projector
from services.gateway.project.engine_checks import Ask, believe
from services.gateway.readmodels.registry import METADATA
from services.gateway.settings import GatewaySettings
from services.gateway.stages.product import PRODUCT
from shared.event_log.consumers import ConsumerState, LogPulse
from shared.events import Event, Registry
from shared.events.registry import REGISTRY
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.readmodels.base import APP_METADATA
from shared.sources.sealed_tokens import OpeningKeys
from shared.web.tokens import Unauthenticated
from tests.integration.gateway.workers import Workers
from tests.support.empty_tables import empty
from tests.support.memory_log import MemoryLog
from tests.support.servers import Server

OPERATOR_TOKEN = "of-who-runs-the-gateway-" + "o" * 16


def client_of(app: FastAPI, token: str) -> httpx.AsyncClient:
    """A client with this bearer token."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers)


@dataclass(frozen=True)
class TwoUsers:
    """Tokens by name, so that a test can be somebody else."""

    names: frozenset[str] = frozenset({"ann", "bob"})

    async def subject(self, token: str) -> str:
        if token not in self.names:
            raise Unauthenticated
        return token


@dataclass
class Gateway:
    """One gateway; `api` is Ann's client, `bob` another user's."""

    app: FastAPI
    log: MemoryLog
    blobs: Blobs
    hub: ProgressHub
    engine: AsyncEngine
    workers: Workers
    api: httpx.AsyncClient
    bob: httpx.AsyncClient
    chores: Chores
    eraser: Eraser
    lookup: "FakeLookup"
    projecting: "asyncio.Task[None] | None" = None

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    async def project(self) -> None:
        """Return when everything in the log is in the tables and nothing follows by itself.

        The round of chores is one more than the projector's own: doing them twice must do no harm.
        """
        while True:
            before = len(self.log._stored)
            assert await self.services.projected.wait(before, 5.0)
            await self.chores.work()
            await self.eraser.work()
            if len(self.log._stored) == before:
                return

    async def create(self, title: str = "My Course") -> str:
        answer = await self.api.post("/api/projects/", json={"title": title})
        assert answer.status_code in {201, 202}, answer.text  # 202: stored, and not yet to be seen
        return str(answer.json()["course_id"])

    async def post(self, course_id: str, path: str, body: Any = None, status: int = 202) -> Any:
        answer = await self.api.post(f"/api/courses/{course_id}/{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def get(self, course_id: str, path: str, status: int = 200) -> Any:
        answer = await self.api.get(f"/api/courses/{course_id}/{path}")
        assert answer.status_code == status, answer.text
        return answer.json()

    async def course(self, course_id: str) -> Any:
        return (await self.api.get(f"/api/projects/{course_id}")).json()

    async def pathway(self, course_id: str, pathway_id: str = "p-quickstart") -> Any:
        found = (await self.get(course_id, "pathways"))["pathways"]
        return next(one for one in found if one["id"] == pathway_id)

    async def events(self, course_id: str) -> list[Event]:
        return [one.event for one in await self.log.read(course_id)]

    async def stop_projecting(self) -> None:
        assert self.projecting is not None
        self.projecting.cancel()
        await asyncio.gather(self.projecting, return_exceptions=True)

    async def cloned(self) -> str:
        """A course after stage 1."""
        course_id = await self.create()
        await self.post(course_id, "analyze-repository", {"repo_url": "https://github.com/pallets/click"})
        await self.workers.clone(course_id)
        await self.project()
        return course_id

    async def analysed(self) -> str:
        """A course after stage 2."""
        course_id = await self.cloned()
        await self.post(course_id, "analyze-documents", {"complexity_level": "beginner"})
        await self.workers.analyse(course_id)
        await self.project()
        return course_id

    async def offered(self) -> str:
        """A course after stage 3."""
        course_id = await self.analysed()
        await self.post(course_id, "generate-pathways", {})
        await self.workers.propose(course_id)
        await self.project()
        return course_id

    async def generated(self) -> str:
        """A course after stage 4."""
        course_id = await self.offered()
        await self.post(course_id, "stage3-selections", {"selected_pathway_id": "p-complete"}, 200)
        await self.post(course_id, "generate-course")
        await self.workers.write(course_id)
        await self.project()
        return course_id


def all_well(log: MemoryLog) -> Callable[[], Awaitable[LogPulse]]:
    """A log whose durables are all there and idle."""

    async def pulse() -> LogPulse:
        return LogPulse(await log.end(), consumers=tuple(ConsumerState(row.durable, pulls=1) for row in PIPELINE))

    return pulse


@dataclass(frozen=True)
class FakeLookup:
    """A resolver that knows these names; every other name lies in the public network. An error is raised."""

    names: dict[str, list[str] | Exception] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def addresses(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        found = self.names.get(host, ["93.184.216.34"])
        if isinstance(found, Exception):
            raise found
        return found


KEYS = OpeningKeys({"k1": bytes(range(32))})


def settings(**changed: Any) -> GatewaySettings:
    values: dict[str, Any] = {
        "blob_store_url": "memory:", "local_token": SecretStr("t" * 32), "gateway_allowed_hosts": ["testserver"],
        "stream_seconds": 0.4, "projection_wait_seconds": 20.0, "answer_seconds": 25.0,
        "operator_token": SecretStr(OPERATOR_TOKEN),
    }  # fmt: skip
    values["secret_keys"] = SecretStr(f"test:{base64.b64encode(bytes(32)).decode()}")
    values["credential_sealing_key"] = f"k1:{base64.b64encode(KEYS.sealing.key).decode()}"
    return GatewaySettings(**{**values, **changed})


@pytest.fixture(scope="session")
def database_url(postgres_server: Server) -> str:
    """A database with the tables of this version."""
    migrate(postgres_server.url)
    return postgres_server.url


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The tables, empty."""
    made = create_async_engine(database_url, pool_size=10)
    await empty(made, (*METADATA.sorted_tables, *APP_METADATA.sorted_tables))
    yield made
    await made.dispose()


class UntouchedStreams:
    """A LogEraser for a log in memory, whose events no test looks for in files."""

    async def erase(self, course_id: str) -> int:
        return 0

    async def blobs_named(self, course_id: str) -> tuple[dict[str, bool], list[Event]] | None:
        return None

    async def with_dead_letters(self) -> list[str]:
        return []


@contextlib.asynccontextmanager
async def running_gateway(
    engine: AsyncEngine, product: Product = PRODUCT, known: Registry = REGISTRY, ask: Ask = believe, **changed: Any
) -> AsyncIterator[Gateway]:
    """A gateway whose projector runs, on migrated tables. `ask`: of a stage, whether a model can be asked; `changed`
    are settings.
    """
    log, blobs, hub = MemoryLog(known=known), Blobs(ObjectBackend(MemoryStore())), ProgressHub()
    metrics = Metrics(product.pipeline)
    app = build(
        settings(**changed),
        log=log,
        engine=engine,
        blobs=blobs,
        progress=hub,
        authenticator=TwoUsers(),
        pulse=all_well(log),
        metrics=metrics,
        product=product,
        lookup=(lookup := FakeLookup()),
    )
    clients = [client_of(app, name) for name in ("ann", "bob")]
    ann, bob = clients
    eraser = Eraser(engine, log, blobs, UntouchedStreams(), settle_seconds=0.0, sweep_seconds=0.0)
    places = app.state.services.settings.places
    chores = Chores(engine, log, blobs, product, places, app.state.services.budget, ask)
    made = Gateway(app, log, blobs, hub, engine, Workers(log, blobs), ann, bob, chores, eraser, lookup)
    listening = asyncio.create_task(made.services.projected.run())
    projector = course_projector(
        engine,
        log,
        blobs,
        observe=metrics.facts.observe,
        product=product,
        places=places,
        budget=app.state.services.budget,
        ask=ask,
    )
    made.projecting = asyncio.create_task(projector.run())
    yield made
    tasks = (listening, made.projecting)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, made.services.streams.close(), return_exceptions=True)
    made.services.reads.close()
    for client in clients:
        await client.aclose()


@pytest.fixture
async def gateway(engine: AsyncEngine) -> AsyncIterator[Gateway]:
    """A gateway whose projector runs."""
    async with running_gateway(engine) as made:
        yield made


@pytest.fixture
async def hasty_gateway(engine: AsyncEngine) -> AsyncIterator[Gateway]:
    """A gateway that hardly waits until a write is visible."""
    async with running_gateway(engine, projection_wait_seconds=0.05) as made:
        yield made
