"""Eight writers on connections of their own want to be next on one course, round after round."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from cli.local.nats_server import NatsServer
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent
from shared.event_log.topology import apply_topology
from shared.events.gateway import CourseUpdated
from shared.kernel.errors import Conflict, LogUnavailable
from shared.kernel.ids import event_id, new_id
from tests.faults.cluster import Cluster
from tests.faults.promise import Outcome, Promise, Scale

_WRITERS = 8
_ROUNDS = {Scale.quick: 40, Scale.full: 200}
_ROUNDS_OF_CLUSTER = {Scale.quick: 10, Scale.full: 200}


@contextlib.asynccontextmanager
async def _logs(urls: Sequence[str]) -> AsyncIterator[list[JetStreamLog]]:
    """One log per writer, over the addresses in turn."""
    connections = [await connect(urls[number % len(urls)], f"w{number}") for number in range(_WRITERS)]
    yield [JetStreamLog(connection) for connection in connections]
    for connection in connections:
        await connection.close()


async def _attempt(log: JetStreamLog, course_id: str, name: str, size: int, expected_seq: int) -> int | None:
    """The sequence of the winner's last event, None for who lost."""
    titles = [f"{name} part {part}" for part in range(size)]
    events = [
        NewEvent(CourseUpdated(course_id=course_id, title=title), event_id(title, "CourseUpdated", ""), "w", name, name)
        for title in titles
    ]
    while True:
        try:
            return await log.append(events, expected_seq)
        except Conflict:
            return None
        except LogUnavailable:
            continue  # not known yet: the same again


async def _rounds(logs: Sequence[JetStreamLog], rounds: int, place: str) -> list[str]:
    """The failures of so many rounds; half of the writers write single events, half batches."""
    course_id, last = new_id(), 0
    failures: list[str] = []
    for number in range(rounds):
        attempts = (
            _attempt(log, course_id, f"{place} round {number} writer {writer}", 1 + 2 * (writer % 2), last)
            for writer, log in enumerate(logs)
        )
        winners = [seq for seq in await asyncio.gather(*attempts) if seq is not None]
        events = await logs[0].read(course_id, last + 1)
        writers = {event.correlation_id for event in events}
        if len(winners) != 1 or len(writers) != 1 or events[-1].seq != winners[0]:
            failures.append(f"{place} round {number}: {len(winners)} told they won, {len(writers)} stored")
        last = events[-1].seq
    return failures


async def _prove(scale: Scale, folder: Path) -> Outcome:
    server = NatsServer(folder, unrestricted=True)
    server.start()
    try:
        await asyncio.to_thread(server.wait)
        nc = await connect(server.url, "faults")
        await apply_topology(nc.jetstream())
        await nc.close()
        async with _logs([server.url]) as logs:
            failures = await _rounds(logs, _ROUNDS[scale], "one server")
    finally:
        server.process.stop()
    cluster = Cluster(folder)
    async with cluster.running(), _logs([cluster.url_of(name) for name in cluster.nodes]) as logs:
        failures += await _rounds(logs, _ROUNDS_OF_CLUSTER[scale], "cluster")
    rounds = _ROUNDS[scale] + _ROUNDS_OF_CLUSTER[scale]
    figures = {"writers": _WRITERS, "rounds": _ROUNDS[scale], "rounds_of_cluster": _ROUNDS_OF_CLUSTER[scale]}
    return Outcome(rounds, failures=tuple(failures), figures=figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    return asyncio.run(_prove(scale, folder))


PROMISE = Promise("P9", "two writers cannot both win", prove)
