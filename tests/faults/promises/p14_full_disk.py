"""The disks of the log, of the blobs and of PostgreSQL run full under load, one after the other and all at once.

The whole local stack, with its own servers and its supervisor, on small tmpfs disks. Without root only the blobs' turn
comes, by a limit on what the stages write; `figures` says so.
"""

import asyncio
import contextlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.events.stage import StageRetryScheduled
from tests.faults.appending import read_all
from tests.faults.calling import Callers, lost_and_doubled
from tests.faults.outage import back_again, follow_to_end, generate, titles_shown
from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.small_disk import Disk, SmallDisk, WriteLimit, can_mount
from tests.support.sample_repository import make_repository

_FULL_SECONDS = {Scale.quick: 3.0, Scale.full: 20.0}
_WAYS = {Scale.quick: ("log", "all"), Scale.full: ("log", "blobs", "database", "all")}
_ROUNDS = {Scale.quick: 1, Scale.full: 3}
_CALLERS = 4


def _disks(data: Path) -> dict[str, SmallDisk]:
    """The disk of the data folder holds PostgreSQL; those of the log and of the blobs are mounted inside it."""
    return {
        "database": SmallDisk(data, 256),
        "log": SmallDisk(data / "jetstream", 64),
        "blobs": SmallDisk(data / "blobs", 64),
    }


async def _fill(
    stack: LocalStack, callers: Callers, disks: Sequence[Disk], repository: Path, seconds: float
) -> tuple[float, str]:
    """Seconds until the service was back after the disks were freed, and how the course being made ended."""
    course_id = await generate(callers, repository)
    for disk in disks:
        await asyncio.to_thread(disk.fill)
    stopping = asyncio.Event()
    calling = asyncio.create_task(callers.run(stopping, _CALLERS))
    await asyncio.sleep(seconds)
    for disk in disks:
        disk.free()
    took = await back_again(callers)
    stopping.set()
    await calling
    return took, await follow_to_end(stack, course_id)


async def _fill_in_turn(
    stack: LocalStack, ways: Mapping[str, Sequence[Disk]], repository: Path, scale: Scale
) -> Outcome:
    callers = Callers(stack.url, stack.token)
    failures: list[str] = []
    back: dict[str, float] = {}
    for name, full in list(ways.items()) * _ROUNDS[scale]:
        try:
            back[name], end = await _fill(stack, callers, full, repository, _FULL_SECONDS[scale])
            failures += [f"{name}: the course being made ended as {end}"] if end != "CourseGenerated" else []
        except TimeoutError:
            failures.append(f"{name}: not back after the disk was freed")
    await callers.repeat_refused()
    nc = await connect(stack.nats_url("projector"), "faults")
    stored = await read_all(JetStreamLog(nc))
    await nc.close()
    lost, doubled = lost_and_doubled(callers, stored, await titles_shown(callers))
    retries = Counter(item.event.error for item in stored if isinstance(item.event, StageRetryScheduled))
    figures = {
        **callers.figures(),
        "retries": dict(retries),
        "seconds_until_back": {name: round(took, 2) for name, took in back.items()},
    }
    return Outcome(len(ways) * _ROUNDS[scale], lost, doubled, (*failures, *callers.problems()), figures)


async def _prove(scale: Scale, folder: Path) -> Outcome:
    data = folder / "data"
    data.mkdir()
    repository = make_repository(folder / "jobs")
    stack = LocalStack(data)
    with contextlib.ExitStack() as mounts, patch.dict(os.environ, {"RETRY_FIRST_SECONDS": "0.5"}):
        if can_mount():
            disks = {name: mounts.enter_context(disk.mounted()) for name, disk in _disks(data).items()}
            every: dict[str, list[Disk]] = {**{name: [disk] for name, disk in disks.items()}, "all": [*disks.values()]}
            ways = {name: every[name] for name in _WAYS[scale]}
        else:
            ways = {"blobs": [WriteLimit(lambda: stack.services["stages"].pid)]}
        await asyncio.to_thread(stack.start)
        try:
            outcome = await _fill_in_turn(stack, ways, repository, scale)
        finally:
            await asyncio.to_thread(stack.stop)
    return replace(outcome, figures={"by": "tmpfs" if can_mount() else "RLIMIT_FSIZE", **outcome.figures})


def prove(scale: Scale, folder: Path) -> Outcome:
    return asyncio.run(_prove(scale, folder))


PROMISE = Promise("P14", "a full disk: refused clearly, nothing accepted is lost, recovery by itself", prove)
