"""kill -9 of the leader of the event stream, again and again, while writers append through the one append."""

import asyncio
from pathlib import Path

from nats.aio.client import Client

from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.kernel.ids import new_id
from tests.faults.appending import Tally, Writer, audit
from tests.faults.cluster import Cluster
from tests.faults.promise import Outcome, Promise, Scale

_KILLS = {Scale.quick: 2, Scale.full: 20}
_EVENTS = {Scale.quick: 2_000, Scale.full: 50_000}
_WRITERS = 24
_COURSES = 400


async def _kill_leaders(cluster: Cluster, nc: Client, tally: Tally, scale: Scale) -> list[str]:
    """Kill a leader each time another part of the events is acknowledged; the names of the killed."""
    killed = []
    for number in range(_KILLS[scale]):
        await tally.reach((number + 1) * _EVENTS[scale] // (_KILLS[scale] + 1))
        name = await cluster.leader(nc)
        cluster.nodes[name].kill()
        killed.append(name)
        await tally.reach(tally.events + 50)  # the others go on without it
        cluster.nodes[name].start()
        await cluster.healthy(nc)
    await tally.reach(_EVENTS[scale])
    return killed


async def _prove(scale: Scale, folder: Path) -> Outcome:
    cluster = Cluster(folder)
    tally = Tally()
    courses = [new_id() for _ in range(_COURSES)]
    async with cluster.running() as nc:
        connections = [await connect(cluster.url_of(name), "writer") for name in cluster.nodes]
        logs = [JetStreamFollowed(connection) for connection in connections]
        writers = [Writer(f"w{n}", logs[n % len(logs)], courses, tally) for n in range(_WRITERS)]
        done = asyncio.Event()
        writing = [asyncio.create_task(writer.run(done.is_set)) for writer in writers]
        killed = await _kill_leaders(cluster, nc, tally, scale)
        done.set()
        await asyncio.gather(*writing)
        seen = await audit(logs[0], tally)
        for connection in connections:
            await connection.close()
    figures = {
        "kills": len(killed), "acknowledged": tally.events, "stored": seen.stored, "conflicts": tally.conflicts,
        "unclear": tally.unclear, "longest_gap_seconds": round(tally.longest_gap_seconds, 1),
    }  # fmt: skip
    return Outcome(len(killed), seen.lost, seen.doubled, seen.failures, figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    return asyncio.run(_prove(scale, folder))


PROMISE = Promise("P1", "an acknowledged event survives the death of a node", prove)
