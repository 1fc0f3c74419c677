"""The HTTP side of a process that has no other: alive, ready, figures. Served only where `METRICS_PORT` is set."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.settings import ProcessSettings

Checks = Callable[[], Awaitable[Mapping[str, str]]]


def probe_app(checks: Checks, registry: CollectorRegistry) -> Starlette:
    """`/healthz`, `/readyz` (200 when every check says ok) and `/metrics`."""

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        found = await checks()
        is_ready = set(found.values()) <= {"ok"}
        body = {"status": "ready" if is_ready else "not ready", "checks": dict(found)}
        return JSONResponse(body, 200 if is_ready else 503)

    async def figures(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/healthz", health), Route("/readyz", ready), Route("/metrics", figures)])


@contextlib.asynccontextmanager
async def serve_probe(settings: ProcessSettings, checks: Checks, registry: CollectorRegistry) -> AsyncIterator[None]:
    """Serve until the end of the block; without a port nothing is served."""
    if not settings.metrics_port:
        yield
        return
    config = uvicorn.Config(
        probe_app(checks, registry), host=settings.metrics_host, port=settings.metrics_port, log_config=None,
        access_log=False, server_header=False, http="h11", timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = HostedServer(config)
    serving = asyncio.create_task(server.serve())
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)


class HostedServer(uvicorn.Server):
    """A server that leaves signals to the process that hosts it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See uvicorn."""
        yield
