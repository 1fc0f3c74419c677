"""The classroom's process: its REST API, and the same with its connections for whoever hosts it elsewhere."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial

from fastapi import FastAPI
from nats.aio.client import Client
from nats.errors import Error as NatsError

from services.classroom.api.calls import Services
from services.classroom.app import build
from services.classroom.settings import ClassroomSettings
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.event_log.names import TUTOR
from shared.events.registry import PERSON, REGISTRY
from shared.kernel.errors import TransientError
from shared.kernel.http_edge import EdgeConfig, EdgeLimits
from shared.kernel.probe import HostedServer
from shared.readmodels.engine import open_engine
from shared.web.shared_counts import share_counts

_STOP_SECONDS = 3
_SPARE_SECONDS = 5.0  # the tutor says itself that it is late


@contextlib.asynccontextmanager
async def connected(settings: ClassroomSettings) -> AsyncIterator[FastAPI]:
    """The application, while its connections are open."""
    nc = await connect(settings.classroom_nats_url or settings.nats_url, "classroom")
    try:
        async with open_engine(settings.as_classroom()) as engine:
            log = JetStreamFollowed(nc, aggregate=PERSON, known=REGISTRY)
            ask = None if settings.tutor_engine == "offline" else partial(_ask_tutor, nc, settings.tutor_answer_seconds)
            app = build(settings, log=log, engine=engine, ask=ask)
            services: Services = app.state.services
            beside = [
                asyncio.create_task(services.projected.run()),
                asyncio.create_task(share_counts(nc, services.request_counts)),
            ]
            if services.making is not None:
                beside.append(asyncio.create_task(services.making.run()))
            try:
                yield app
            finally:
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
                await services.hearing.close()
                await services.workers.close()
    finally:
        await nc.close()


async def _ask_tutor(nc: Client, seconds: float, question: bytes) -> bytes:
    """Raises TransientError when no tutor answers."""
    try:
        return (await nc.request(TUTOR, question, timeout=seconds + _SPARE_SECONDS)).data
    except (NatsError, OSError) as error:
        raise TransientError(
            "The tutor does not answer; try again", code="tutor_away", retry_after_seconds=5
        ) from error


async def serve(stopping: asyncio.Event) -> None:
    """Serve until `stopping` is set."""
    settings = ClassroomSettings()
    async with connected(settings) as app:
        config = EdgeConfig(
            app, host=settings.classroom_host, port=settings.classroom_port,
            limits=EdgeLimits(settings.connection_limit), stop_seconds=_STOP_SECONDS,
        )  # fmt: skip
        server = HostedServer(config)
        serving, ending = asyncio.create_task(server.serve()), asyncio.create_task(stopping.wait())
        await asyncio.wait({serving, ending}, return_when=asyncio.FIRST_COMPLETED)
        server.should_exit = True
        ending.cancel()
        await serving
