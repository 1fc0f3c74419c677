"""Bad requests by number, and whatever the description of the API allows to make up, over HTTP."""

import asyncio
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.result import Ok

from cli.local.nats_server import NatsServer
from cli.local.ports import free_port
from cli.local.postgres_server import PostgresServer
from cli.local.process import Process, wait_until
from services.gateway.migrate import migrate
from shared.event_log.connection import connect
from shared.event_log.topology import apply_topology
from tests.faults.bad_requests import BadRequest, list_bad_requests
from tests.faults.promise import Outcome, Promise, Scale

_HANG_SECONDS = 10.0
_EXAMPLES = {Scale.quick: 4, Scale.full: 100}
_MEMORY_GROWTH_MIB = 200
_STREAMS = "/events"  # answers that do not end are not made up for: they have tests of their own


@contextmanager
def _gateway(folder: Path) -> Iterator[tuple[str, str, int]]:
    """A gateway as it is deployed: no local paths, no private addresses. Its address, token and process id."""
    nats, postgres = NatsServer(folder), PostgresServer(folder, durable=False)
    port, token = free_port(), secrets.token_urlsafe(32)
    process: Process | None = None
    try:
        for server in (nats, postgres):
            server.start()
        for server in (nats, postgres):
            server.wait()

        async def provision() -> None:
            nc = await connect(nats.url_of("provision"), "test")
            await apply_topology(nc.jetstream())
            await nc.close()

        asyncio.run(provision())
        migrate(postgres.url)
        environment = {
            **os.environ, "NATS_URL": nats.url_of("gateway"), "PROJECTOR_NATS_URL": nats.url_of("projector"),
            "ERASER_NATS_URL": nats.url_of("eraser"), "DATABASE_URL": postgres.url,
            "BLOB_STORE_URL": f"file://{folder / 'blobs'}", "GATEWAY_PORT": str(port), "LOCAL_TOKEN": token,
            "REQUEST_LIMIT": "0",
            "SECRET_KEYS": "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH")])),
        }  # fmt: skip
        process = Process(
            "gateway", [sys.executable, "-m", "cli.local.host", "gateway"], folder / "gateway.log", environment,
            hold_stdin=True,
        )  # fmt: skip
        process.start()
        assert process.popen is not None
        assert process.popen.stdin is not None
        process.popen.stdin.write(b"go\n")
        process.popen.stdin.flush()
        url = f"http://127.0.0.1:{port}"

        def ready() -> bool:
            try:
                return httpx.get(f"{url}/readyz", timeout=2).status_code == 200
            except httpx.HTTPError:
                return False

        wait_until(ready, process, 60.0)
        yield url, token, process.pid
    finally:
        for one in (process, nats.process, postgres.process):
            if one is not None:
                one.stop()
        postgres.remove()


def _complaint(name: str, status: int, seconds: float, expected: tuple[int, ...] = ()) -> str:
    if status >= 500 or (expected and status not in expected):
        return f"{name}: {status}"
    return f"{name}: answered only after {seconds:.1f} s" if seconds > _HANG_SECONDS else ""


def _send(client: httpx.Client, bad: BadRequest) -> tuple[int, float]:
    began = time.monotonic()
    headers = {name: value for name, value in bad.headers.items() if value or name != "Authorization"}
    own = {} if "Authorization" in bad.headers else {"Authorization": client.headers["X-Token"]}
    request = client.build_request(bad.method, bad.path, content=bad.body, headers={**own, **headers})
    try:
        with client.stream(request.method, request.url, content=bad.body, headers=request.headers) as answer:
            return answer.status_code, time.monotonic() - began
    except (httpx.RemoteProtocolError, httpx.WriteError):
        return 400, time.monotonic() - began  # closed in the middle of what was too large to read


def _made_up(url: str, token: str, examples: int) -> Iterator[tuple[str, int, float]]:
    """Requests the description allows, one operation after another, by a fixed seed."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    seen: list[tuple[str, int, float]] = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path.endswith(_STREAMS):
            continue

        @seed(1)
        @settings(
            max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case[Any]) -> None:
            began = time.monotonic()
            answer = case.call(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
            seen.append((f"{case.method} {case.path}", answer.status_code, time.monotonic() - began))  # noqa: B023

        ask()
        yield from seen
        seen = []


def prove(scale: Scale, folder: Path) -> Outcome:
    failures: list[str] = []
    slowest, runs, made_up = 0.0, 0, 0
    with _gateway(folder) as (url, token, pid):
        before = psutil.Process(pid).memory_info().rss
        with httpx.Client(base_url=url, headers={"X-Token": f"Bearer {token}"}, timeout=30) as client:
            for bad in list_bad_requests():
                status, seconds = _send(client, bad)
                failures.append(_complaint(bad.name, status, seconds, bad.expected))
                slowest, runs = max(slowest, seconds), runs + 1
        for name, status, seconds in _made_up(url, token, _EXAMPLES[scale]):
            failures.append(_complaint(name, status, seconds))
            slowest, made_up = max(slowest, seconds), made_up + 1
        grown = (psutil.Process(pid).memory_info().rss - before) // 2**20
        if grown > _MEMORY_GROWTH_MIB:
            failures.append(f"the gateway grew by {grown} MiB")
        if httpx.get(f"{url}/readyz", timeout=5).status_code != 200:
            failures.append("the gateway is not ready any more")
    figures = {"corpus": runs, "made_up": made_up, "slowest_s": round(slowest, 2), "grown_mib": grown}
    return Outcome(runs + made_up, failures=tuple(filter(None, failures)), figures=figures)


PROMISE = Promise("P29", "bad input gets a clear 4xx, never a 5xx, never a hang", prove)
