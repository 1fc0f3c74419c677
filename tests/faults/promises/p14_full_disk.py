"""The disks of the log, of the blobs and of PostgreSQL run full under load, one after the other and all at once.

The whole local stack, with its own servers and its supervisor, on small tmpfs disks.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from tests.faults.appending import read_all
from tests.faults.calling import Callers, lost_and_doubled
from tests.faults.outage import by_way, outage, problems, titles_shown
from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.small_disk import SmallDisk, can_mount
from tests.support.sample_repository import make_repository

_FULL_SECONDS = {Scale.quick: 3.0, Scale.full: 20.0}
_WAYS = {Scale.quick: ("log", "all"), Scale.full: ("log", "blobs", "database", "all")}
_ROUNDS = {Scale.quick: 1, Scale.full: 3}


def _disks(data: Path) -> dict[str, SmallDisk]:
    """The disk of the data folder holds PostgreSQL; those of the log and of the blobs are mounted inside it."""
    return {
        "database": SmallDisk(data, 256),
        "log": SmallDisk(data / "jetstream", 64),
        "blobs": SmallDisk(data / "blobs", 64),
    }


async def _fill(disks: Sequence[SmallDisk], seconds: float) -> None:
    for disk in disks:
        await asyncio.to_thread(disk.fill)
    await asyncio.sleep(seconds)
    for disk in disks:
        disk.free()


async def _prove(scale: Scale, folder: Path) -> Outcome:
    data = folder / "data"
    data.mkdir()
    disks = _disks(data)
    repository = make_repository(folder / "jobs", topics=("queues", "workers"))
    every: dict[str, list[SmallDisk]] = {**{name: [disk] for name, disk in disks.items()}, "all": list(disks.values())}
    every["all"].reverse()  # the largest last: a course must not be done before the others are full
    ways = {name: every[name] for name in _WAYS[scale]}
    with contextlib.ExitStack() as mounts:
        for disk in disks.values():
            mounts.enter_context(disk.mounted())
        stack = LocalStack(data)
        await asyncio.to_thread(stack.start)
        try:
            callers = Callers(stack.url, stack.token)
            outages = [
                await outage(stack, callers, repository, name, partial(_fill, full, _FULL_SECONDS[scale]))
                for name, full in list(ways.items()) * _ROUNDS[scale]
            ]
            await callers.repeat_refused()
            nc = await connect(stack.nats_url("projector"), "faults")
            stored = await read_all(JetStreamFollowed(nc))
            lost, doubled = lost_and_doubled(callers, stored, await titles_shown(callers))
            await nc.close()
        finally:
            await asyncio.to_thread(stack.stop)
    failures = callers.problems()
    for one in outages:
        # What is accepted goes to the log; and a course goes on without its tables.
        refuses, delays = one.way in {"log", "all"}, one.way != "database"
        failures += problems(one, stored, _FULL_SECONDS[scale], refuses=refuses, delays=delays)
    figures = {"disks": "tmpfs", **callers.figures(), **by_way(outages)}
    return Outcome(len(outages), lost, doubled, tuple(failures), figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    if not can_mount():
        return Outcome(0, failures=("a small disk can only be mounted by root",))
    return asyncio.run(_prove(scale, folder))


PROMISE = Promise(
    "P14", "a full disk: refused clearly, nothing accepted is lost, recovery by itself", prove, alone=True
)
