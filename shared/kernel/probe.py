"""The HTTP side of a process that has no other: alive, ready, figures. Served only where `METRICS_PORT` is set."""

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.kernel.http_edge import EdgeConfig, EdgeLimits
from shared.kernel.loop_watch import LoopWatch
from shared.kernel.settings import ProcessSettings

_CONNECTIONS = 64
_QUEUE = 1024

Checks = Callable[[], Awaitable[Mapping[str, str]]]
Facts = Callable[[], Mapping[str, object]]


def probe_app(checks: Checks, registry: CollectorRegistry, facts: Facts) -> Starlette:
    """`/healthz`, `/readyz` (200 when every check says ok), `/health` (the same, with `facts`) and `/metrics`."""

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def judged(good: str, bad: str, more: Callable[[Mapping[str, str]], Mapping[str, object]]) -> Response:
        found = await checks()
        is_ready = set(found.values()) <= {"ok"}
        return JSONResponse({"status": good if is_ready else bad, **more(found)}, 200 if is_ready else 503)

    async def health(_: Request) -> Response:
        return await judged("healthy", "unhealthy", lambda _: facts())

    async def ready(_: Request) -> Response:
        return await judged("ready", "not ready", lambda found: {"checks": dict(found)})

    async def figures(_: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    pages = {"/healthz": alive, "/health": health, "/readyz": ready, "/metrics": figures}
    return Starlette(routes=[Route(path, answer) for path, answer in pages.items()])


@contextlib.asynccontextmanager
async def serve_probe(
    settings: ProcessSettings, watch: LoopWatch, checks: Checks, registry: CollectorRegistry, facts: Facts = dict
) -> AsyncIterator[None]:
    """Serve until the end of the block; without a port nothing is served. `watch` is run by the process.

    The port listens when the block begins: a caller that comes early waits for its answer and is not refused.
    """
    if not settings.metrics_port:
        yield
        return
    watch.show_in(registry)

    async def all_checks() -> dict[str, str]:
        return {"event_loop": "lagging" if watch.lags else "ok", **await checks()}

    config = EdgeConfig(
        probe_app(all_checks, registry, facts), host=settings.metrics_host, port=settings.metrics_port,
        limits=EdgeLimits(_CONNECTIONS), stop_seconds=1,
    )  # fmt: skip
    server = HostedServer(config)
    listener = config.bind_socket()
    listener.set_inheritable(False)  # a worker process that outlives this one must not hold the port
    listener.listen(_QUEUE)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)


class HostedServer(uvicorn.Server):
    """A server that leaves signals to the process that hosts it."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn. For asyncio the number of connections taken in at once and that of those that may queue are one;
        a crowd needs a longer queue.
        """
        await super().startup(sockets)
        for listener in (one for server in self.servers for one in server.sockets):
            with socket.socket(fileno=os.dup(listener.fileno())) as same:
                same.listen(_QUEUE)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
