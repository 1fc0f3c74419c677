"""Connections to the log are cut in the middle of appends, answers are swallowed, the server is frozen.

Each leaves writers who do not know whether their append was stored; none of them may guess.
"""

import asyncio
import os
import random
import signal
from pathlib import Path

from cli.local.nats_server import NatsServer
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.event_log.topology import apply_topology
from shared.kernel.ids import new_id
from tests.faults.appending import Tally, Writer, audit
from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.proxy import Proxy
from tests.support.servers import running_nats

_BREAKS = {Scale.quick: 15, Scale.full: 400}
_EVENTS_BETWEEN = 30
_WRITERS = 12
_COURSES = 20
_FROZEN_SECONDS = 1.5  # longer than one try of an append
_SEED = 7
_WAYS = ("cut", "cut_after", "cut_after", "swallow", "freeze")


async def _break(way: str, proxy: Proxy, server: NatsServer, choice: random.Random) -> None:
    match way:
        case "cut":
            proxy.cut()
        case "cut_after":
            proxy.cut_after(choice.randrange(1, 600))
        case "swallow":
            proxy.swallow_answers()
            await asyncio.sleep(choice.uniform(0.01, 0.3))
            proxy.cut()
        case _:
            os.kill(server.process.pid, signal.SIGSTOP)
            await asyncio.sleep(_FROZEN_SECONDS)
            os.kill(server.process.pid, signal.SIGCONT)


async def _prove(scale: Scale, server: NatsServer) -> Outcome:
    direct = await connect(server.url, "faults")
    await apply_topology(direct.jetstream())
    tally, choice, done = Tally(), random.Random(_SEED), asyncio.Event()
    courses = [new_id() for _ in range(_COURSES)]
    async with Proxy(server.port).running() as proxy:
        url = server.url.replace(f":{server.port}", f":{proxy.port}")
        connections = [await connect(url, f"w{number}") for number in range(_WRITERS)]
        writers = [Writer(f"w{n}", JetStreamFollowed(nc), courses, tally) for n, nc in enumerate(connections)]
        writing = [asyncio.create_task(writer.run(done.is_set)) for writer in writers]
        for number in range(_BREAKS[scale]):
            await tally.reach(tally.events + _EVENTS_BETWEEN)
            await _break(_WAYS[number % len(_WAYS)], proxy, server, choice)
        done.set()
        await asyncio.gather(*writing)
        for nc in connections:
            await nc.close()
    seen = await audit(JetStreamFollowed(direct), tally)
    await direct.close()
    failures = list(seen.failures)
    if not proxy.cuts or not proxy.swallowed_bytes:
        failures.append("the proxy broke nothing")
    figures = {
        "cut_connections": proxy.cuts, "swallowed_bytes": proxy.swallowed_bytes, "acknowledged": tally.events,
        "stored": seen.stored, "conflicts": tally.conflicts, "unclear": tally.unclear,
    }  # fmt: skip
    return Outcome(_BREAKS[scale], seen.lost, seen.doubled, tuple(failures), figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    with running_nats(folder) as server:
        return asyncio.run(_prove(scale, server))


PROMISE = Promise("P3", "cut connections and pauses neither lose nor double an append", prove)
