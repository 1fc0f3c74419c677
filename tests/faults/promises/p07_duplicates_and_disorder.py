"""Everything is delivered up to three times and shuffled, by seed: to the projection in its batches, to the projector
over the network, across the whole stream, and to the shells of the stages.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

from nats.aio.client import Client
from sqlalchemy import text

from services.gateway.database.read_schemas import LIVE
from services.gateway.project.projection import Projection
from services.gateway.readmodels.registry import METADATA
from shared.event_log.following import JetStreamFollowed
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.events.registry import REGISTRY
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.ids import event_id, new_id
from shared.kernel.settings import StageSettings
from shared.pipeline import PIPELINE, StageRow
from shared.stage.app import StageSpec
from shared.stage.nats_ports import NatsDeadLetters, NatsInterrupts
from shared.stage.retries import Abandoned, Finished, RetryPolicy
from shared.stage.shell import StageShell
from tests.faults.appending import read_all
from tests.faults.disorder import Disordered
from tests.faults.instant_stages import empty_request, instant_specs
from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.rebuilt_tables import Parts, filled, project
from tests.support.table_dump import dump_digests
from tests.support.workers import inline_workers

_EVENTS = {Scale.quick: 600, Scale.full: 5_000}
_SEEDS = {Scale.quick: 4, Scale.full: 60}
_RUNS = {Scale.quick: 6, Scale.full: 100}
_WINDOW = 50
_PATIENCE_SECONDS = 600.0  # slow is not lost
_WORKERS = 3

Delivered = list[Recorded | Unreadable]


def shuffled(events: Sequence[Recorded | Unreadable], seed: int) -> list[Delivered]:
    """Windows of the log in order, of up to fifty events or of all; within one every event one to three times in any
    order, and now and then an older window once more.
    """
    choice = random.Random(seed)
    most = len(events) if seed % 2 else _WINDOW
    windows: list[Delivered] = []
    start = 0
    while start < len(events):
        size = choice.randrange(1, most + 1) if seed else len(events)
        window = [event for event in events[start : start + size] for _ in range(choice.randrange(1, 4))]
        choice.shuffle(window)
        windows.append(window)
        start += size
        if choice.random() < 0.3:
            windows.append(choice.choice(windows))
    return windows


async def _project_shuffled(parts: Parts, events: Sequence[Recorded | Unreadable], seed: int) -> None:
    """Give the projection what nobody has put in order."""
    projection = Projection(parts.blobs)
    async with parts.engine.connect() as connection:
        for batch in shuffled(events, seed):
            await projection.apply(connection, batch)


class _AllPushed(JetStreamFollowed):
    """Has all of the log pushed, as new messages are, and reads nothing of it."""

    async def _behind(self, from_seq: int) -> AsyncGenerator[list[Recorded | Unreadable], None]:
        nothing: list[list[Recorded | Unreadable]] = []
        for batch in nothing:
            yield batch


async def _project_disordered(parts: Parts, seed: int) -> int:
    """Project as the projector does, over a network that mixes up the whole stream; how often it did. What never
    arrives shows in the tables.
    """
    nc = await Disordered(seed).open(parts.nats_url)
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await project(replace(parts, nc=nc, log=_AllPushed(nc, known=REGISTRY)))
    finally:
        await nc.close()
    return nc.mixed_up


async def _differing(parts: Parts, expected: dict[str, str]) -> list[str]:
    """Tables that are not as expected; afterwards they are empty."""
    found = await dump_digests(parts.engine, LIVE)
    async with parts.engine.begin() as connection:
        names = ", ".join(f"{LIVE}.{table.name}" for table in METADATA.sorted_tables)
        await connection.execute(text(f"TRUNCATE {names}"))
    return [name for name in expected if found[name] != expected[name]]


async def _tables(scale: Scale, folder: Path) -> tuple[list[str], int]:
    """The failures, and how often the network mixed something up."""
    failures: list[str] = []
    mixed_up = 0
    async with filled(folder, _EVENTS[scale]) as (parts, _):
        await project(parts)
        expected = await dump_digests(parts.engine, LIVE)
        await _differing(parts, expected)
        events = await read_all(parts.log)
        for seed in range(_SEEDS[scale]):
            await _project_shuffled(parts, events, seed)
            failures += [f"seed {seed}: table {name} differs" for name in await _differing(parts, expected)]
            mixed_up += await _project_disordered(parts, seed)
            failures += [f"network {seed}: table {name} differs" for name in await _differing(parts, expected)]
        failures += await _stages(scale, parts.nc)
    return failures + ([] if mixed_up else ["the network mixed nothing up"]), mixed_up


async def _no_progress(*_: object) -> None:
    return None


def _shells(spec: StageSpec, nc: Client) -> list[StageShell[object, object, object]]:
    settings, blobs = StageSettings(blob_store_url="memory:"), Blobs(open_backend("memory:"))
    return [
        StageShell(
            spec.row, spec.core, spec.effects(settings, blobs), event_log=JetStreamLog(nc),
            interrupts=NatsInterrupts(nc), dead_letters=NatsDeadLetters(nc), publish_progress=_no_progress,
            workers=inline_workers,
            worker=f"w{number}", retries=RetryPolicy(5, 5.0, 600.0, 3900.0),
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
    log, choice, failures = JetStreamFollowed(nc, known=REGISTRY), random.Random(0), []
    for spec in instant_specs():
        shells = _shells(spec, nc)
        requests = [await _ask(log, spec.row) for _ in range(_RUNS[scale])]
        for _ in range(2):
            deliveries = [request for request in requests for _ in range(choice.randrange(1, 4))]
            choice.shuffle(deliveries)
            verdicts = await asyncio.gather(*(choice.choice(shells).handle(one, b"{}") for one in deliveries))
            failures += [f"{spec.row.name}: {one}" for one in verdicts if not isinstance(one, (Finished, Abandoned))]
        for request in requests:
            events = [type(item.event).__name__ for item in await log.read(request.event.aggregate_id)]
            once = Counter(name for name in events if name != spec.row.started.__name__)
            if once != Counter([spec.row.request.__name__, spec.row.finished.__name__]):
                failures.append(f"{spec.row.name}: {events}")
    return failures


def prove(scale: Scale, folder: Path) -> Outcome:
    failures, mixed_up = asyncio.run(_tables(scale, folder))
    runs = 2 * _SEEDS[scale] + _RUNS[scale] * len(PIPELINE)
    figures = {
        "events": _EVENTS[scale], "seeds": _SEEDS[scale], "mixed_up_by_the_network": mixed_up,
        "runs_of_stages": _RUNS[scale] * len(PIPELINE),
    }  # fmt: skip
    return Outcome(runs, failures=tuple(failures[:20]), figures=figures)


PROMISE = Promise("P7", "duplicates and disorder do no harm", prove)
