"""A server behind the whole stack goes away under load, in three ways, and comes back; nobody helps."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import httpx
import psutil

from cli.local.nats_server import NatsServer
from cli.local.postgres_server import PostgresServer
from cli.local.process import Process
from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from tests.faults.appending import read_all
from tests.faults.calling import Callers, lost_and_doubled
from tests.faults.promise import Outcome, Scale
from tests.support.follow import follow_facts
from tests.support.sample_repository import make_repository

_AWAY_SECONDS = {Scale.quick: 4.5, Scale.full: 30.0}
_ROUNDS = {Scale.quick: 1, Scale.full: 3}
_CALLERS = 6
_BEFORE_SECONDS = 0.5
_BACK_SECONDS = 30.0
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Servers:
    """The two servers, outside the stack's supervision, so that they stay away as long as the test wants."""

    nats: NatsServer
    postgres: PostgresServer


@dataclass
class _Round:
    """Seconds until the service was back, by the way the server had gone; and what went wrong."""

    back: dict[str, float] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


@contextlib.asynccontextmanager
async def stack_on(servers: Servers, folder: Path) -> AsyncIterator[LocalStack]:
    """The whole stack on servers of the test's own."""
    for server in (servers.nats, servers.postgres):
        await asyncio.to_thread(server.start)
    stack: LocalStack | None = None
    try:
        for server in (servers.nats, servers.postgres):
            await asyncio.to_thread(server.wait)
        own = {
            "COURSEWRIGHT_NATS_URL": servers.nats.url,
            "COURSEWRIGHT_DATABASE_URL": servers.postgres.url,
            "RETRY_FIRST_SECONDS": "0.5",
        }
        with patch.dict(os.environ, own):
            stack = LocalStack(folder / "data")
            await asyncio.to_thread(stack.start)
            yield stack
    finally:
        if stack is not None:
            await asyncio.to_thread(stack.stop)
        for process in (servers.nats.process, servers.postgres.process):
            if process.is_running():
                _signal_all(process, signal.SIGCONT)
            await asyncio.to_thread(process.stop)
        servers.postgres.remove()


async def _stop(process: Process, away_seconds: float) -> None:
    await asyncio.to_thread(process.stop)
    await asyncio.sleep(away_seconds)
    process.start()


async def _kill(process: Process, away_seconds: float) -> None:
    await asyncio.to_thread(process.kill)
    await asyncio.sleep(away_seconds)
    process.start()


async def _freeze(process: Process, away_seconds: float) -> None:
    _signal_all(process, signal.SIGSTOP)
    await asyncio.sleep(away_seconds)
    _signal_all(process, signal.SIGCONT)


def _signal_all(process: Process, number: signal.Signals) -> None:
    """The server and what serves its connections: PostgreSQL's are in sessions of their own."""
    server = psutil.Process(process.pid)
    for one in (server, *server.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            one.send_signal(number)


_WAYS = {"stopped": _stop, "killed": _kill, "frozen": _freeze}


async def back_again(callers: Callers) -> float:
    """Seconds until the gateway is ready and carries out a request."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with callers.client() as client, asyncio.timeout(_BACK_SECONDS):
        while True:
            with contextlib.suppress(httpx.HTTPError):
                ready = await client.get("/readyz")
                if ready.status_code == 200 and ready.json()["checks"]["projector"] == "active":
                    return loop.time() - began
            await asyncio.sleep(_LOOK_SECONDS)


async def titles_shown(callers: Callers) -> list[str]:
    """Of all courses in the tables."""
    titles: list[str] = []
    path: str | None = "/api/projects/?limit=200"
    async with callers.client() as client:
        while path is not None:
            page = await client.get(path)
            titles += [course["title"] for course in page.json()]
            path = page.links["next"]["url"] if "next" in page.links else None
    return titles


async def generate(callers: Callers, repository: Path) -> str:
    """Ask for a whole course; its id."""
    async with callers.client() as client:
        created = await client.post("/api/projects/", json={"title": "unattended"})
        course_id = str(created.json()["course_id"])
        body = {"repo_url": str(repository)}
        (await client.post(f"/api/courses/{course_id}/generate", json=body)).raise_for_status()
    return course_id


async def follow_to_end(stack: LocalStack, course_id: str) -> str:
    """The last fact of the course's run."""
    *_, last = await asyncio.to_thread(lambda: list(follow_facts(stack, course_id)))
    return last


async def _round(stack: LocalStack, callers: Callers, process: Process, repository: Path, away: float) -> _Round:
    """One course is being made while the server goes away in each way."""
    course_id = await generate(callers, repository)
    seen = _Round()
    for way, take_away in _WAYS.items():
        stopping = asyncio.Event()
        calling = asyncio.create_task(callers.run(stopping, _CALLERS))
        await asyncio.sleep(_BEFORE_SECONDS)
        await take_away(process, away)
        try:
            seen.back[way] = round(await back_again(callers), 2)
        except TimeoutError:
            seen.failures.append(f"{way}: not back after {_BACK_SECONDS:.0f} s")
        stopping.set()
        await calling
    last = await follow_to_end(stack, course_id)
    if last != "CourseGenerated":
        seen.failures.append(f"the course being made ended as {last}")
    return seen


async def prove_outages(scale: Scale, folder: Path, choose: Callable[[Servers], Process]) -> Outcome:
    """Take one server away in each way while callers call and a course is being made."""
    servers = Servers(NatsServer(folder / "nats", unrestricted=True), PostgresServer(folder))
    repository = make_repository(folder / "jobs")
    async with stack_on(servers, folder) as stack:
        callers = Callers(stack.url, stack.token)
        rounds = [
            await _round(stack, callers, choose(servers), repository, _AWAY_SECONDS[scale])
            for _ in range(_ROUNDS[scale])
        ]
        await callers.repeat_refused()
        nc = await connect(servers.nats.url, "faults")
        lost, doubled = lost_and_doubled(callers, await read_all(JetStreamLog(nc)), await titles_shown(callers))
        await nc.close()
    failures = [*(failure for one in rounds for failure in one.failures), *callers.problems()]
    back = {way: max(one.back.get(way, _BACK_SECONDS) for one in rounds) for way in _WAYS}
    figures = {**callers.figures(), "seconds_until_back": back, "seconds_away": _AWAY_SECONDS[scale]}
    return Outcome(len(rounds) * len(_WAYS), lost, doubled, tuple(failures), figures)
