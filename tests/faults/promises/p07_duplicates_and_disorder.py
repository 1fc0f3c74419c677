"""Everything is delivered up to three times and shuffled, by seed: to the projector and to the shells of the stages."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from nats.aio.client import Client
from sqlalchemy import text

from services.gateway.projection import Projection
from services.gateway.read_schemas import LIVE
from services.gateway.readmodels.registry import METADATA
from shared.blobs import Blobs, open_backend
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.ids import event_id, new_id
from shared.pipeline import PIPELINE, StageRow
from shared.settings import StageSettings
from shared.stage import Abandoned, Finished, RetryPolicy, StageShell
from shared.stage_app import NatsDeadLetters, NatsInterrupts, StageSpec
from tests.faults.instant_stages import empty_request, instant_specs
from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.rebuilt_tables import Parts, filled, project
from tests.support.table_dump import dump_digests

_EVENTS = {Scale.quick: 600, Scale.full: 5_000}
_SEEDS = {Scale.quick: 4, Scale.full: 60}
_RUNS = {Scale.quick: 6, Scale.full: 100}
_WINDOW = 50
_WORKERS = 3

Delivered = list[Recorded | Unreadable]


def shuffled(events: Sequence[Recorded | Unreadable], seed: int) -> list[Delivered]:
    """Windows of the log in order; within one every event one to three times in any order, and now and then an older
    window once more.
    """
    choice = random.Random(seed)
    windows: list[Delivered] = []
    start = 0
    while start < len(events):
        size = choice.randrange(1, _WINDOW + 1)
        window = [event for event in events[start : start + size] for _ in range(choice.randrange(1, 4))]
        choice.shuffle(window)
        windows.append(window)
        start += size
        if choice.random() < 0.3:
            windows.append(choice.choice(windows))
    return windows


async def _project_shuffled(parts: Parts, events: Sequence[Recorded | Unreadable], seed: int) -> list[str]:
    """Tables that differ from those of a projection in order."""
    expected = await dump_digests(parts.engine, LIVE)
    async with parts.engine.begin() as connection:
        names = ", ".join(f"{LIVE}.{table.name}" for table in METADATA.sorted_tables)
        await connection.execute(text(f"TRUNCATE {names}"))
    projection = Projection(parts.blobs)
    async with parts.engine.connect() as connection:
        for batch in shuffled(events, seed):
            await projection.apply(connection, batch)
    found = await dump_digests(parts.engine, LIVE)
    return [f"seed {seed}: table {name} differs" for name in expected if found[name] != expected[name]]


async def _tables(scale: Scale, folder: Path) -> list[str]:
    async with filled(folder, _EVENTS[scale]) as (parts, _):
        await project(parts)
        events: Delivered = []
        async for batch in parts.log.follow(1):
            events += batch
            if not batch:
                break
        failures = []
        for seed in range(_SEEDS[scale]):
            failures += await _project_shuffled(parts, events, seed)
        return failures + await _stages(scale, parts.nc)


async def _no_progress(*_: object) -> None:
    return None


def _shells(spec: StageSpec, nc: Client) -> list[StageShell[object, object, object]]:
    settings, blobs = StageSettings(blob_store_url="memory:"), Blobs(open_backend("memory:"))
    return [
        StageShell(
            spec.row, spec.core, spec.effects(settings, blobs), event_log=JetStreamLog(nc),
            interrupts=NatsInterrupts(nc), dead_letters=NatsDeadLetters(nc), publish_progress=_no_progress,
            worker=f"w{number}", retries=RetryPolicy(),
        )
        for number in range(_WORKERS)
    ]  # fmt: skip


async def _ask(log: JetStreamLog, row: StageRow) -> Recorded:
    course_id = new_id()
    event = empty_request(row, course_id)
    await log.append([NewEvent(event, event_id(event.run_id, "asked", ""), "faults", "", "")], 0)
    (recorded,) = await log.read(course_id)
    return recorded


async def _stages(scale: Scale, nc: Client) -> list[str]:
    """Runs that were not done, or done twice, when every request came one to three times, at once and again later."""
    log, choice, failures = JetStreamLog(nc), random.Random(0), []
    for spec in instant_specs():
        shells = _shells(spec, nc)
        requests = [await _ask(log, spec.row) for _ in range(_RUNS[scale])]
        for _ in range(2):
            deliveries = [request for request in requests for _ in range(choice.randrange(1, 4))]
            choice.shuffle(deliveries)
            verdicts = await asyncio.gather(*(choice.choice(shells).handle(one, b"{}") for one in deliveries))
            failures += [f"{spec.row.name}: {one}" for one in verdicts if not isinstance(one, (Finished, Abandoned))]
        for request in requests:
            events = [type(item.event).__name__ for item in await log.read(request.event.course_id)]
            once = Counter(name for name in events if name != spec.row.started.__name__)
            if once != Counter([spec.row.request.__name__, spec.row.finished.__name__]):
                failures.append(f"{spec.row.name}: {events}")
    return failures


def prove(scale: Scale, folder: Path) -> Outcome:
    failures = asyncio.run(_tables(scale, folder))
    runs = _SEEDS[scale] + _RUNS[scale] * len(PIPELINE)
    figures = {"events": _EVENTS[scale], "seeds": _SEEDS[scale], "runs_of_stages": _RUNS[scale] * len(PIPELINE)}
    return Outcome(runs, failures=tuple(failures[:20]), figures=figures)


PROMISE = Promise("P7", "duplicates and disorder do no harm", prove)
