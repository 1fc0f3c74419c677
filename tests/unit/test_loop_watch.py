"""A process whose event loop was busy says so, as a figure and where it is asked whether it is ready."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
from prometheus_client import CollectorRegistry, generate_latest

from cli.local.ports import free_port
from shared.kernel import loop_watch
from shared.kernel.loop_watch import LoopWatch
from shared.kernel.probe import serve_probe
from shared.kernel.settings import ProcessSettings

_BUSY_SECONDS = 0.5


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_watch, "_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(loop_watch, "_LAGGING_SECONDS", _BUSY_SECONDS / 2)


@contextlib.asynccontextmanager
async def watching() -> AsyncIterator[LoopWatch]:
    watch = LoopWatch()
    async with watch.running():
        await asyncio.sleep(0)
        yield watch


async def test_a_loop_that_was_held_up_is_late_and_stays_so_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_watch, "_REMEMBERED_SECONDS", 2 * _BUSY_SECONDS)
    async with watching() as watch:
        assert not watch.lags
        time.sleep(_BUSY_SECONDS)  # noqa: ASYNC251 - holds the loop up, as heavy work would
        assert watch.lags, "before it has measured anything"
        await asyncio.sleep(0.05)
        assert watch.lags
        assert watch.seconds() >= _BUSY_SECONDS - 0.05
        async with asyncio.timeout(20):
            while watch.lags:  # noqa: ASYNC110 - forgetting tells nobody
                await asyncio.sleep(0.05)


async def test_the_port_listens_from_the_beginning() -> None:
    settings = ProcessSettings(blob_store_url="memory:", metrics_port=free_port())

    async def checks() -> dict[str, str]:
        return {}

    async with watching() as watch, serve_probe(settings, watch, checks, CollectorRegistry()):
        with socket.create_connection((settings.metrics_host, settings.metrics_port)):  # the loop has not run meanwhile
            pass


async def test_a_worker_whose_loop_lags_is_not_ready() -> None:
    registry = CollectorRegistry()
    settings = ProcessSettings(blob_store_url="memory:", metrics_port=free_port())

    async def checks() -> dict[str, str]:
        return {"event_log": "ok"}

    async with watching() as watch, serve_probe(settings, watch, checks, registry), httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{settings.metrics_port}/readyz"
        async with asyncio.timeout(20):  # other tests may hold the loop up before
            while (await client.get(url)).json()["checks"] != {"event_loop": "ok", "event_log": "ok"}:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        time.sleep(_BUSY_SECONDS)  # noqa: ASYNC251 - holds the loop up, as heavy work would
        answer = await client.get(url)
        assert (answer.status_code, answer.json()["checks"]["event_loop"]) == (503, "lagging")
        assert b"coursewright_event_loop_lag_seconds 0." in generate_latest(registry)


async def test_a_lag_is_one_line_of_the_log_once_it_is_over() -> None:
    with structlog.testing.capture_logs() as lines:
        async with watching():
            time.sleep(_BUSY_SECONDS)  # noqa: ASYNC251 - holds the loop up, as heavy work would
            await asyncio.sleep(0.05)
    (lag,) = [line["seconds"] for line in lines if line["event"] == "event_loop_lagged"]
    assert lag >= _BUSY_SECONDS - 0.05
