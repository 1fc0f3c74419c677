"""A log of many courses projected live, dropped, and built again: how fast, beside a bare pipe, and whether anything
differs.
"""

import asyncio
import contextlib
import resource
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.local.nats_server import NatsServer
from cli.local.postgres_server import PostgresServer
from services.gateway.database.read_schemas import LIVE
from services.gateway.migrate import migrate
from services.gateway.project.projection import Projection
from services.gateway.readmodels.registry import SIDES
from services.gateway.rebuild.rebuild import Rebuild
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.event_log.topology import apply_topology
from shared.events.registry import CLASSROOM, REGISTRY
from shared.kernel.blobs import Blobs, open_backend
from shared.readmodels.side import streams_of
from tests.faults import bare_pipe
from tests.support.school_year import Pupil, year_events
from tests.support.synthetic_log import publish_all, store_contents, synthetic_events
from tests.support.table_dump import dump_digests


@dataclass(frozen=True)
class Parts:
    """A real log and database with tables, and blobs in a folder."""

    nats_url: str
    nc: Client
    log: JetStreamFollowed
    engine: AsyncEngine
    blobs: Blobs


@contextlib.asynccontextmanager
async def filled(folder: Path, events: int, learners: int = 0) -> AsyncIterator[tuple[Parts, float]]:
    """Servers with so many events of courses and a year of so many learners in the log, which syncs lazily here; and
    how many events were stored in a second.
    """
    nats, postgres = NatsServer(folder, sync="10s", unrestricted=True), PostgresServer(folder, durable=False)
    nats.start()
    postgres.start()
    try:
        await asyncio.to_thread(nats.wait)
        await asyncio.to_thread(postgres.wait)
        await asyncio.to_thread(migrate, postgres.url)
        nc = await connect(nats.url, "faults")
        await apply_topology(nc.jetstream())
        blobs = Blobs(open_backend(f"file://{folder / 'blobs'}"))
        engine = create_async_engine(postgres.url)
        began = time.monotonic()
        stored = await publish_all(nc, synthetic_events(events, await store_contents(blobs)))
        if learners:
            stored += await publish_all(nc, year_events([Pupil(one) for one in range(learners)]), CLASSROOM)
        rate = stored / (time.monotonic() - began)
        yield Parts(nats.url, nc, JetStreamFollowed(nc, known=REGISTRY), engine, blobs), rate
        await engine.dispose()
        await nc.close()
    finally:
        nats.process.stop()
        postgres.process.stop()
        postgres.remove()


async def project(parts: Parts) -> float:
    """Write the live tables as the projectors do, up to the end of the log; the seconds it took."""
    began = time.monotonic()
    for sides in streams_of(SIDES).values():
        log, projection, seq = parts.log.of(sides[0].aggregate), Projection(parts.blobs, sides), 0
        end = await log.end()
        if end == 0:  # a follower of an empty stream waits for its first event
            continue
        async with parts.engine.connect() as connection, contextlib.aclosing(log.follow(1)) as batches:
            async for batch in batches:
                if batch:
                    await projection.apply(connection, batch, after=seq)
                    seq = batch[-1].seq
                if seq >= end:
                    break
    return time.monotonic() - began


@dataclass(frozen=True)
class Evidence:
    """The result of dropping the tables and building them again. `differing`: tables whose dumps are not the same."""

    differing: tuple[str, ...]
    figures: dict[str, Any]


async def drop_and_rebuild(parts: Parts) -> Evidence:
    """Live tables, their dump, beside them new ones that are compared; then the live ones dropped, and the new ones in
    their place dumped.
    """
    live_seconds = await project(parts)
    before = await dump_digests(parts.engine, LIVE)
    rebuild = Rebuild(parts.engine, parts.log, parts.blobs)
    async with rebuild.open():
        beside = await rebuild.build(_silent)
        compared = await rebuild.compare()
        differing = {difference.table for difference in compared.differences}
        async with parts.engine.begin() as connection:
            await connection.execute(text(f"DROP SCHEMA {LIVE} CASCADE"))
        swapped = await rebuild.swap()
    differing |= _differing(before, await dump_digests(parts.engine, LIVE))
    # Of this process, which has filled, projected and rebuilt: no less than what a rebuild alone takes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    bare = await bare_pipe.pipe(parts.nc, parts.engine, await parts.log.end())
    rebuilt = beside.events / (beside.seconds + beside.finishing_seconds)
    figures = {
        "events": beside.events,
        "courses": int(before["courses"].split()[0]),
        "answers": int(before["learner_attempts"].split()[0]),
        "rows": sum(int(digest.split()[0]) for digest in before.values()),
        "projected_per_second": round(beside.events / live_seconds),
        "rebuilt_per_second": round(rebuilt),
        "bare_pipe_per_second": round(bare),
        "rebuilt_of_bare_pipe": round(rebuilt / bare, 3),
        "swap_ms": round(1000 * swapped.seconds, 1),
        "peak_mib": peak,
    }
    return Evidence(tuple(sorted(differing)), figures)


def _differing(first: dict[str, str], second: dict[str, str]) -> set[str]:
    return {name for name in first if first[name] != second[name]}


def _silent(*_: int) -> None:
    return None
