"""The disks of the log, of the blobs and of PostgreSQL run full under load, one after the other and all at once.

The whole local stack, with its own servers and its supervisor, on small tmpfs disks.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from tests.faults.appending import read_all
from tests.faults.calling import Callers, lost_and_doubled
from tests.faults.outage import back_again, follow_to_end, generate, titles_shown
from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.small_disk import SmallDisk, can_mount
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
    stack: LocalStack, callers: Callers, disks: Sequence[SmallDisk], repository: Path, seconds: float
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


async def _prove(scale: Scale, folder: Path) -> Outcome:
    data = folder / "data"
    data.mkdir()
    disks = _disks(data)
    repository = make_repository(folder / "jobs")
    failures: list[str] = []
    back: dict[str, float] = {}
    every: dict[str, list[SmallDisk]] = {**{name: [disk] for name, disk in disks.items()}, "all": list(disks.values())}
    ways = {name: every[name] for name in _WAYS[scale]}
    with contextlib.ExitStack() as mounts:
        for disk in disks.values():
            mounts.enter_context(disk.mounted())
        stack = LocalStack(data)
        await asyncio.to_thread(stack.start)
        try:
            callers = Callers(stack.url, stack.token)
            for name, full in list(ways.items()) * _ROUNDS[scale]:
                try:
                    back[name], end = await _fill(stack, callers, full, repository, _FULL_SECONDS[scale])
                    failures += [f"{name}: the course being made ended as {end}"] if end != "CourseGenerated" else []
                except TimeoutError:
                    failures.append(f"{name}: not back after the disk was freed")
            await callers.repeat_refused()
            nc = await connect(stack.nats_url("projector"), "faults")
            lost, doubled = lost_and_doubled(callers, await read_all(JetStreamLog(nc)), await titles_shown(callers))
            await nc.close()
        finally:
            await asyncio.to_thread(stack.stop)
    figures = {"disks": "tmpfs", **callers.figures(), "seconds_until_back": {n: round(s, 2) for n, s in back.items()}}
    runs = len(ways) * _ROUNDS[scale]
    return Outcome(runs, lost, doubled, (*failures, *callers.problems()), figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    if not can_mount():
        return Outcome(0, failures=("a small disk can only be mounted by root",))
    return asyncio.run(_prove(scale, folder))


PROMISE = Promise("P14", "a full disk: refused clearly, nothing accepted is lost, recovery by itself", prove)
