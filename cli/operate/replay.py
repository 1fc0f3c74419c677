"""`coursewright replay`: read tables built again from the log, beside the live ones, while requests go on."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from nats.aio.client import Client

from cli.operate.access import Target
from cli.operate.sessions import database, with_log
from cli.progress import Counting
from services.gateway.database.read_schemas import BEFORE, NEXT
from services.gateway.rebuild.rebuild import Built, Rebuild
from shared.event_log.following import JetStreamFollowed
from shared.events.courses import COURSES
from shared.events.registry import REGISTRY
from shared.kernel.blobs import Blobs, open_backend


@dataclass(frozen=True)
class Asked:
    """The user's choice for the tables. `confirm` is asked before tables that differ are taken."""

    until: int | None
    course: str
    verify: bool
    back: bool
    confirm: Callable[[list[dict[str, Any]]], bool]


def run(target: Target, asked: Asked) -> dict[str, Any]:
    """Do it; what was done, as `--json` shows it. `action` is put_back, course_replaced, built, compared, kept or
    swapped.
    """
    database_url, blobs = target.require_database(), Blobs(open_backend(target.require_blobs()))

    async def session(nc: Client) -> dict[str, Any]:
        async with database(database_url) as engine:
            rebuild = Rebuild(engine, JetStreamFollowed(nc, known=REGISTRY), blobs)
            async with rebuild.open():
                return await _work(rebuild, asked)

    return with_log(target, session)


async def _work(rebuild: Rebuild, asked: Asked) -> dict[str, Any]:
    if asked.back:
        return {"action": "put_back", **asdict(await rebuild.swap(BEFORE))}
    if asked.course:
        replaced = await rebuild.replace(asked.course)
        return {"action": "course_replaced", "course_id": asked.course, **asdict(replaced)}
    if asked.verify:
        await rebuild.require_live()
    until = None if asked.until is None else {COURSES.name: asked.until}
    with Counting("Building") as counting:
        built = await rebuild.build(counting.show, until)
    if asked.until is not None:
        return {"action": "built", **asdict(built)}
    return await _compare_and_swap(rebuild, built, asked)


async def _compare_and_swap(rebuild: Rebuild, built: Built, asked: Asked) -> dict[str, Any]:
    if not await rebuild.has_live():
        return await _swap(rebuild, asdict(built))
    comparison = await rebuild.compare()
    differences = [asdict(one) for one in comparison.differences]
    done = {**asdict(built), "differences": differences}
    if asked.verify or (differences and not asked.confirm(differences)):
        await rebuild.drop(NEXT)
        return {"action": "compared" if asked.verify else "kept", **done, "seqs": comparison.seqs}
    return await _swap(rebuild, done)


async def _swap(rebuild: Rebuild, done: dict[str, Any]) -> dict[str, Any]:
    swapped = await rebuild.swap()
    return {"action": "swapped", **done, "seqs": swapped.seqs, "swap_seconds": swapped.seconds}
