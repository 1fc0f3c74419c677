"""A server behind the whole stack goes away under load, in three ways, and comes back; nobody helps."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from unittest.mock import patch

import httpx
import psutil

from cli.local.nats_server import NatsServer
from cli.local.postgres_server import PostgresServer
from cli.local.process import Process
from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.event_log.port import Recorded
from shared.events.modules import CourseGenerated
from shared.kernel.settings import ACK_WAIT_SECONDS
from tests.faults.appending import read_all
from tests.faults.calling import Callers, lost_and_doubled
from tests.faults.promise import Outcome, Scale
from tests.support.follow import follow_facts
from tests.support.sample_repository import make_repository

_AWAY_SECONDS = {Scale.quick: 4.5, Scale.full: 30.0}
_ROUNDS = {Scale.quick: 1, Scale.full: 3}
_ACK_WAIT_SECONDS = {Scale.quick: 5.0, Scale.full: ACK_WAIT_SECONDS}
_CALLERS = 6
_UNDER_WAY = "RepoCloned"  # with three stages to come
_BACK_SECONDS = 30.0
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Servers:
    """The two servers, outside the stack's supervision, so that they stay away as long as the test wants."""

    nats: NatsServer
    postgres: PostgresServer


@dataclass(frozen=True)
class Outage:
    """A server went away, or could not write, at `gone_at`, while courses were being made and callers were `refused` so
    often. `back_seconds` is how long the service took once all was well again, None if it did not come back in time.
    """

    way: str
    course_ids: tuple[str, ...]
    gone_at: datetime
    refused: int
    back_seconds: float | None


@contextlib.asynccontextmanager
async def stack_on(
    servers: Servers, folder: Path, ack_wait_seconds: float = ACK_WAIT_SECONDS
) -> AsyncIterator[LocalStack]:
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
            "ACK_WAIT_SECONDS": str(ack_wait_seconds),
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
    await asyncio.to_thread(process.start)


async def _kill(process: Process, away_seconds: float) -> None:
    await asyncio.to_thread(process.kill)
    await asyncio.sleep(away_seconds)
    await asyncio.to_thread(process.start)


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


async def _back_again(callers: Callers) -> float:
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


async def _generate(callers: Callers, repository: Path) -> str:
    """Ask for a whole course; its id. The inputs are its own: the same again would be given the run under way."""
    async with callers.client() as client:
        created = await client.post("/api/projects/", json={"title": "unattended"})
        course_id = str(created.json()["course_id"])
        body = {"repo_url": str(repository), "additional_info": f"This is for {course_id}."}
        (await client.post(f"/api/courses/{course_id}/generate", json=body)).raise_for_status()
    return course_id


def _follow_to_the_end(stack: LocalStack, course_id: str) -> None:
    for _ in follow_facts(stack, course_id):
        pass


async def outage(
    stack: LocalStack, callers: Callers, repository: Path, way: str, pass_by: Callable[[], Awaitable[None]]
) -> Outage:
    """Two courses are being made, and callers call, while something goes wrong in a way and passes by."""
    stopping, answered = asyncio.Event(), len(callers.answers)
    calling = asyncio.create_task(callers.run(stopping, _CALLERS))
    begun = await _generate(callers, repository)
    await asyncio.to_thread(lambda: list(follow_facts(stack, begun, stop_at=(_UNDER_WAY,))))
    # On a busy machine one can be finished before that is heard; another one, just asked for, is not.
    course_ids = (begun, await _generate(callers, repository))
    gone_at = datetime.now(UTC)
    await pass_by()
    back: float | None = None
    with contextlib.suppress(TimeoutError):
        back = await _back_again(callers)
    stopping.set()
    await calling
    for course_id in course_ids:
        await asyncio.to_thread(partial(_follow_to_the_end, stack, course_id))
    refused = sum(answer.status == 503 for answer in callers.answers[answered:])
    return Outage(way, course_ids, gone_at, refused, back)


def problems(
    outage: Outage, stored: Sequence[Recorded], away_seconds: float, *, refuses: bool = True, delays: bool = True
) -> Iterator[str]:
    """The promises that were broken or not tried: `refuses` says that nothing can be accepted meanwhile, `delays` that
    a course cannot be finished.
    """
    if outage.back_seconds is None:
        yield f"{outage.way}: not back after {_BACK_SECONDS:.0f} s"
    if refuses and not outage.refused:
        yield f"{outage.way}: nobody was refused"
    ends = [[item for item in stored if item.event.aggregate_id == one][-1] for one in outage.course_ids]
    for end in ends:
        if not isinstance(end.event, CourseGenerated):
            yield f"{outage.way}: a course being made ended as {type(end.event).__name__}"
    if delays and (max(end.time for end in ends) - outage.gone_at).total_seconds() < away_seconds:
        yield f"{outage.way}: no course was being made meanwhile"


def by_way(outages: Sequence[Outage]) -> dict[str, dict[str, float]]:
    """The slowest return in seconds, and how many were refused, of each way."""
    ways = {one.way: [other for other in outages if other.way == one.way] for one in outages}
    return {
        "seconds_until_back": {
            way: round(max(_BACK_SECONDS if one.back_seconds is None else one.back_seconds for one in these), 2)
            for way, these in ways.items()
        },
        "refused_meanwhile": {way: sum(one.refused for one in these) for way, these in ways.items()},
    }


async def prove_outages(scale: Scale, folder: Path, choose: Callable[[Servers], Process]) -> Outcome:
    """Take one server away in each way while callers call and a course is being made."""
    servers = Servers(NatsServer(folder / "nats", unrestricted=True), PostgresServer(folder))
    repository, away = make_repository(folder / "jobs", topics=("queues", "workers")), _AWAY_SECONDS[scale]
    async with stack_on(servers, folder, _ACK_WAIT_SECONDS[scale]) as stack:
        callers = Callers(stack.url, stack.token)
        outages = [
            await outage(stack, callers, repository, way, partial(_WAYS[way], choose(servers), away))
            for way in list(_WAYS) * _ROUNDS[scale]
        ]
        await callers.repeat_refused()
        nc = await connect(servers.nats.url, "faults")
        stored = await read_all(JetStreamFollowed(nc))
        lost, doubled = lost_and_doubled(callers, stored, await titles_shown(callers))
        await nc.close()
    failures = [problem for one in outages for problem in problems(one, stored, away)] + callers.problems()
    figures = {**callers.figures(), **by_way(outages), "seconds_away": away}
    return Outcome(len(outages), lost, doubled, tuple(failures), figures)
