"""The gateway's process: the REST API with the projector beside it, or each by itself."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nats.aio.client import Client
from nats.aio.msg import Msg
from prometheus_client import CollectorRegistry
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import ASGIApp

from services.gateway.api.live import MESSAGE_BYTES
from services.gateway.api.metrics import Metrics
from services.gateway.api.progress import ProgressHub, parse_progress
from services.gateway.api.services import Services
from services.gateway.app import build, build_budget
from services.gateway.credentials.answering import answer_stages
from services.gateway.erase.eraser import ERASURES, Eraser, Erasure
from services.gateway.erase.orphans import Orphans
from services.gateway.project.course_projector import course_projector
from services.gateway.project.engine_checks import asking
from services.gateway.project.fact_metrics import FactMetrics
from services.gateway.project.projector import Beside, Projector
from services.gateway.readmodels.recordings import RECORDING_SIDE
from services.gateway.readmodels.registry import SIDES
from services.gateway.recordings.answering import answer_fetching
from services.gateway.recordings.keeper import Keeper
from services.gateway.recordings.links import Links
from services.gateway.settings import GatewaySettings
from services.gateway.stages.product import PRODUCT
from services.gateway.webhooks.worker import Limits, WebhookWorker
from shared.event_log.connection import connect
from shared.event_log.consumers import read_pulse
from shared.event_log.erasing import JetStreamEraser
from shared.event_log.following import JetStreamFollowed
from shared.events import Stream
from shared.events.courses import COURSES
from shared.events.registry import REGISTRY
from shared.kernel.beside import beside
from shared.kernel.blob_stores import BlobBackend
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.http_edge import EdgeConfig, EdgeLimits
from shared.kernel.loop_watch import LoopWatch
from shared.kernel.probe import HostedServer, serve_probe
from shared.kernel.web_sockets import EdgeSocket
from shared.pipeline import Pipeline
from shared.readmodels.engine import open_engine
from shared.readmodels.side import Sides, streams_of
from shared.sources.posting import Posting
from shared.web.shared_counts import share_counts

_STOP_SECONDS = 3


@dataclass(frozen=True)
class _Connections:
    nc: Client
    engine: AsyncEngine
    backend: BlobBackend

    @property
    def blobs(self) -> Blobs:
        """The contents of courses."""
        return Blobs(self.backend)


async def serve(stopping: asyncio.Event, around: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> None:
    """Serve and project until `stopping` is set. `around`: what stands between the server and the REST API."""
    await _serve(stopping, around, projects=True)


async def serve_only(stopping: asyncio.Event, around: Callable[[ASGIApp], ASGIApp] = lambda app: app) -> None:
    """Serve only: for a deployment where the projector has a process of its own."""
    await _serve(stopping, around, projects=False)


async def _serve(stopping: asyncio.Event, around: Callable[[ASGIApp], ASGIApp], *, projects: bool) -> None:
    settings = GatewaySettings()
    async with _connected(settings, "gateway") as found:
        log = JetStreamFollowed(found.nc, known=REGISTRY)
        hub, metrics = ProgressHub(), Metrics()
        await _hear_progress(found.nc, hub, PRODUCT.pipeline)
        await answer_stages(found.nc, found.engine)
        await answer_fetching(found.nc, Links(log, "gateway"))
        app = build(
            settings, log=log, engine=found.engine, blobs=found.blobs, progress=hub, metrics=metrics,
            pulse=partial(read_pulse, found.nc.jetstream()),
        )  # fmt: skip
        config = EdgeConfig(
            around(app), host=settings.gateway_host, port=settings.gateway_port,
            limits=EdgeLimits(settings.connection_limit), stop_seconds=_STOP_SECONDS, sockets=EdgeSocket,
            message_bytes=MESSAGE_BYTES,
        )  # fmt: skip
        server = HostedServer(config)
        others = [
            asyncio.create_task(_webhook_worker(settings, app.state.services, found).run()),
            asyncio.create_task(stopping.wait()),
            asyncio.create_task(share_counts(found.nc, app.state.services.request_counts)),
        ]
        if projects:
            others.append(asyncio.create_task(project(stopping, metrics.facts)))
        serving = asyncio.create_task(server.serve())
        await asyncio.wait({serving, *others}, return_when=asyncio.FIRST_COMPLETED)
        app.state.services.streams.end()  # else the server waits for them
        server.should_exit = True
        for task in others:
            task.cancel()
        for result in await asyncio.gather(serving, *others, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


async def project(stopping: asyncio.Event, facts: FactMetrics | None = None) -> None:
    """Project only, with connections of its own: the projector's rights are not those of the REST API.

    Without `facts` it is a process of its own, and serves its own figures.
    """
    settings = GatewaySettings()
    async with _connected(settings.as_projector(), "projector") as found, contextlib.AsyncExitStack() as opened:
        if facts is None:
            facts = FactMetrics(registry := CollectorRegistry())
            watch = LoopWatch()
            await opened.enter_async_context(watch.running())
            await opened.enter_async_context(serve_probe(settings, watch, _projector_checks(found.engine), registry))
        erasing = await opened.enter_async_context(_erasing(settings))
        projectors = [
            _projector(one, sides, settings, found, erasing, facts) for one, sides in streams_of(SIDES).items()
        ]
        async with beside(*(projector.run() for projector in projectors)):
            await stopping.wait()


def _projector(
    stream: Stream, sides: Sides, settings: GatewaySettings, found: _Connections, erasing: Client, facts: FactMetrics
) -> Projector:
    log = JetStreamFollowed(found.nc, aggregate=sides[0].aggregate, known=REGISTRY)
    mine = [erasure for erasure in ERASURES if erasure.side in sides]
    besides: list[Beside] = [one for erasure in mine for one in _cleaning(erasure, settings, found, erasing)]
    if RECORDING_SIDE in sides:
        besides.append(Keeper(found.engine, Links(log, "projector"), settings.erasure_settle_seconds))
    if stream == COURSES:
        return course_projector(
            found.engine,
            log,
            found.blobs,
            besides,
            observe=facts.observe,
            places=settings.places,
            budget=build_budget(settings, found.engine),
            ask=asking(found.nc),
        )
    return Projector(found.engine, log, found.blobs, besides, sides=sides)


def _webhook_worker(settings: GatewaySettings, services: Services, found: _Connections) -> WebhookWorker:
    posting = Posting(settings.webhook_timeout_seconds, settings.allow_private_webhooks)
    limits = Limits(settings.webhook_retry_seconds, posting)
    return WebhookWorker(found.nc, found.engine, services.projected, services.sealer, limits)


@contextlib.asynccontextmanager
async def _erasing(settings: GatewaySettings) -> AsyncIterator[Client]:
    """The only connection that may delete what is stored."""
    nc = await connect(settings.eraser_nats_url or settings.as_projector().nats_url, "eraser")
    try:
        yield nc
    finally:
        await nc.close()


def _cleaning(erasure: Erasure, settings: GatewaySettings, found: _Connections, erasing: Client) -> tuple[Beside, ...]:
    """The parts that take away the rest of deleted aggregates, and contents that no event names."""
    aggregate = erasure.side.aggregate
    streams, blobs = JetStreamEraser(erasing, aggregate), Blobs(found.backend, aggregate.blobs)
    eraser = Eraser(
        found.engine, JetStreamFollowed(found.nc, aggregate=aggregate, known=REGISTRY), blobs, streams, erasure=erasure,
        settle_seconds=settings.erasure_settle_seconds, sweep_seconds=settings.erasure_sweep_seconds,
    )  # fmt: skip
    return (eraser, Orphans(blobs, streams)) if aggregate.blobs else (eraser,)


def _projector_checks(engine: AsyncEngine) -> Callable[[], Awaitable[dict[str, str]]]:
    async def checks() -> dict[str, str]:
        try:
            async with engine.connect() as connection:
                await connection.execute(select(1))
        except (SQLAlchemyError, OSError):
            return {"database": "away"}
        return {"database": "ok"}

    return checks


@contextlib.asynccontextmanager
async def _connected(settings: GatewaySettings, name: str) -> AsyncIterator[_Connections]:
    nc = await connect(settings.nats_url, name)
    try:
        async with open_engine(settings) as engine:
            yield _Connections(nc, engine, open_backend(settings.blob_store_url))
    finally:
        await nc.close()


async def _hear_progress(nc: Client, hub: ProgressHub, pipeline: Pipeline) -> None:
    async def hear(message: Msg) -> None:
        progress = parse_progress(message.subject, message.data, pipeline)
        if progress is not None:
            hub.publish(progress)

    await nc.subscribe("progress.*.*", cb=hear)
