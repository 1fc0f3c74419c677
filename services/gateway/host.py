"""The gateway's process: the REST API and, unless told otherwise, the projector beside it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import uvicorn
from nats.aio.client import Client
from nats.aio.msg import Msg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.gateway.app import build
from services.gateway.progress import ProgressHub, parse_progress
from services.gateway.projector import Projector
from services.gateway.settings import GatewaySettings
from shared.blobs import Blobs, open_backend
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog

_STOP_SECONDS = 3


@dataclass(frozen=True)
class _Connections:
    nc: Client
    engine: AsyncEngine
    blobs: Blobs


async def serve(stopping: asyncio.Event) -> None:
    """Serve and project until `stopping` is set."""
    settings = GatewaySettings()
    async with _connected(settings, "gateway") as found:
        log = JetStreamLog(found.nc)
        hub = ProgressHub()
        await _hear_progress(found.nc, hub)
        app = build(settings, log=log, engine=found.engine, blobs=found.blobs, progress=hub)
        server = _Server(
            uvicorn.Config(
                app, host=settings.gateway_host, port=settings.gateway_port, log_level="warning", access_log=False,
                server_header=False, http="h11", timeout_graceful_shutdown=_STOP_SECONDS, timeout_keep_alive=5,
                h11_max_incomplete_event_size=65536,
            )
        )  # fmt: skip
        projecting = asyncio.create_task(project(stopping))
        serving = asyncio.create_task(server.serve())
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait({projecting, serving, stop}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        projecting.cancel()
        stop.cancel()
        results = await asyncio.gather(serving, projecting, stop, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result


async def project(stopping: asyncio.Event) -> None:
    """Project only, with connections of its own: the projector's rights are not those of the REST API."""
    settings = GatewaySettings()
    own = settings.model_copy(update={"nats_url": settings.projector_nats_url or settings.nats_url})
    async with _connected(own, "projector") as found:
        projecting = asyncio.create_task(Projector(found.engine, JetStreamLog(found.nc), found.blobs).run())
        try:
            await stopping.wait()
        finally:
            projecting.cancel()
            await asyncio.gather(projecting, return_exceptions=True)


class _Server(uvicorn.Server):
    """Signals belong to the process that hosts the server."""

    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        """See uvicorn."""
        yield


@contextlib.asynccontextmanager
async def _connected(settings: GatewaySettings, name: str) -> AsyncIterator[_Connections]:
    nc = await connect(settings.nats_url, name)
    engine = create_async_engine(
        settings.database_url.get_secret_value(), pool_size=settings.database_pool_size, max_overflow=5,
        pool_timeout=3, pool_pre_ping=True, connect_args={"timeout": 3, "command_timeout": 30},
    )  # fmt: skip
    try:
        yield _Connections(nc, engine, Blobs(open_backend(settings.blob_store_url)))
    finally:
        await engine.dispose()
        await nc.close()


async def _hear_progress(nc: Client, hub: ProgressHub) -> None:
    async def hear(message: Msg) -> None:
        progress = parse_progress(message.subject, message.data)
        if progress is not None:
            hub.publish(progress)

    await nc.subscribe("progress.*.*", cb=hear)
