"""`coursewright replay`: read tables built again from the log, beside the live ones, while requests go on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy.ext.asyncio import create_async_engine

from cli.operate.access import Target
from cli.progress import Counting
from services.gateway.read_schemas import BEFORE, NEXT
from services.gateway.rebuild import Built, Rebuild
from shared.blobs import Blobs, open_backend
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog

R = TypeVar("R")


@dataclass(frozen=True)
class Asked:
    """What to do with the tables. `confirm` is asked before tables that differ are taken."""

    until: int | None
    course: str
    verify: bool
    back: bool
    confirm: Callable[[list[dict[str, Any]]], bool]


def run(target: Target, asked: Asked) -> dict[str, Any]:
    """Do it; what was done, as `--json` shows it. `action` is put_back, course_replaced, built, compared, kept or
    swapped.
    """
    return asyncio.run(_with_rebuild(target, lambda rebuild: _work(rebuild, asked)))


async def _with_rebuild(target: Target, work: Callable[[Rebuild], Awaitable[R]]) -> R:
    async with _rebuild(target) as rebuild, rebuild.open():
        return await work(rebuild)


@contextlib.asynccontextmanager
async def _rebuild(target: Target) -> AsyncIterator[Rebuild]:
    nc = await connect(target.nats_url, "operator")
    engine = create_async_engine(target.require_database(), connect_args={"timeout": 5})
    try:
        yield Rebuild(engine, JetStreamLog(nc), Blobs(open_backend(target.require_blobs())))
    finally:
        await engine.dispose()
        await nc.close()


async def _work(rebuild: Rebuild, asked: Asked) -> dict[str, Any]:
    if asked.back:
        return {"action": "put_back", **asdict(await rebuild.swap(BEFORE))}
    if asked.course:
        events = await rebuild.replace_course(asked.course)
        return {"action": "course_replaced", "course_id": asked.course, "events": events}
    with Counting("Building") as counting:
        built = await rebuild.build(counting.show, asked.until)
    if asked.until is not None:
        return {"action": "built", **asdict(built)}
    return await _compare_and_swap(rebuild, built, asked)


async def _compare_and_swap(rebuild: Rebuild, built: Built, asked: Asked) -> dict[str, Any]:
    comparison = await rebuild.compare()
    differences = [asdict(one) for one in comparison.differences]
    done = {**asdict(built), "differences": differences}
    if asked.verify or (differences and not asked.confirm(differences)):
        await rebuild.drop(NEXT)
        return {"action": "compared" if asked.verify else "kept", **done, "seq": comparison.seq}
    swapped = await rebuild.swap()
    return {"action": "swapped", **done, "seq": swapped.seq, "swap_seconds": swapped.seconds}
