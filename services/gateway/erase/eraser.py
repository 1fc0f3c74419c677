"""Erases deleted aggregates: blobs, model answers, events, rows. `app.erasures` has a row for each erasure.

Every step can be repeated, and each look begins with the first step. The row of an erasure goes when a look finds
nothing more. An interrupted worker may have written until a moment after the deletion, so an aggregate is looked at
again once the worker had time to end. A worker that was frozen for longer may leave a blob or a dead letter without a
row of work, and the sweep finds that.

Nothing is erased before the tombstone was read. A log that was put back as it was earlier may hold the aggregate alive,
while the tables have an erasure from later.
"""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime

import structlog
from sqlalchemy import Delete, Table, delete, func, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.gateway.database.locks import DELIVERIES
from services.gateway.database.read_schemas import LIVE, in_schema
from services.gateway.erase import erasures
from services.gateway.erase.removed import erase_removed
from services.gateway.readmodels.recordings import RECORDING_SIDE
from services.gateway.readmodels.registry import COURSE_SIDE
from services.gateway.webhooks.store import forget_course as forget_deliveries
from services.gateway.webhooks.tables import deliveries
from services.gateway.write.deleted_use import deleted_use, forget_use_of
from shared.classroom.model_budget import forget_spending, model_spending
from shared.classroom.model_keys import forget_model_key, org_model_keys
from shared.classroom.orgs import ORG_SIDE
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.erasing import LogEraser
from shared.event_log.port import EventLog
from shared.kernel.blobs import Blobs
from shared.kernel.errors import TransientError
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.logging import error_facts
from shared.kernel.work import end_if_cancelled
from shared.readmodels.missing import tells_of_missing_tables
from shared.readmodels.side import ReadSide
from shared.web.idempotency import forget_course, idempotency_keys

log = structlog.get_logger(__name__)


_LOOK_EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class Erasure:
    """The remains of an aggregate beside its events and contents: the rows of its read side, and rows that `forget`
    takes out of `others`, tables that no log brings back. `outlived`: rows there that go by a day (UTC).
    """

    side: ReadSide
    forget: tuple[Callable[[str], Delete], ...] = ()
    others: tuple[Table, ...] = ()
    outlived: tuple[Callable[[date], Delete], ...] = ()


COURSE_ERASURE = Erasure(
    COURSE_SIDE, (forget_course, forget_deliveries), (idempotency_keys, deliveries, deleted_use), (forget_use_of,)
)
ERASURES = (
    COURSE_ERASURE,
    *(Erasure(side) for side in CLASSROOM_SIDES if side is not ORG_SIDE),
    Erasure(ORG_SIDE, (forget_model_key, forget_spending), (org_model_keys, model_spending)),
    Erasure(RECORDING_SIDE),
)


class Eraser:
    """`run()` until cancelled, or `work()` does what is due. `streams` takes events away; `settle_seconds` after a look
    that found something comes the next one; every `sweep_seconds` leftovers are looked for.
    """

    def __init__(
        self, engine: AsyncEngine, event_log: EventLog, blobs: Blobs, streams: LogEraser,
        *, settle_seconds: float, sweep_seconds: float, erasure: Erasure = COURSE_ERASURE,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._erasure, self._side, self._aggregate = erasure, erasure.side, erasure.side.aggregate
        self._log = event_log.of(self._aggregate)
        self._blobs = blobs
        self._streams = streams
        self._settle_seconds = settle_seconds
        self._sweep_seconds = sweep_seconds
        self._next_look: dict[str, float] = {}
        self._looked: set[str] = set()
        self._next_sweep = 0.0

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            try:
                await self.work()
            except (SQLAlchemyError, OSError, TransientError) as error:
                log.warning("eraser_interrupted", **error_facts(error))
            except Exception:  # the boundary of this loop: the rows of work are looked at again
                log.exception("eraser_failed")
            end_if_cancelled()
            await asyncio.sleep(_LOOK_EVERY_SECONDS)

    async def work(self) -> None:
        """Look at every deleted aggregate whose time has come."""
        now = asyncio.get_running_loop().time()
        if now >= self._next_sweep:
            await self._sweep_safely(now)
        async with self._engine.connect() as connection:
            pending = await erasures.pending(connection, self._aggregate.prefix)
        self._next_look = {one: self._next_look.get(one, now) for one in pending}
        self._looked &= self._next_look.keys()
        due = [one for one in pending if self._next_look[one] <= now]
        finished = [one for one in due if await self._look_safely(one)]
        if finished:
            await self._vacuum()
            log.info("erased", aggregate=self._aggregate.prefix, ids=finished)
        if self._side is COURSE_SIDE:
            await self._erase_removed()

    async def _erase_removed(self) -> None:
        """What a process left that died as it answered to the removal of a file. The daily sweep finds what a worker
        left.
        """
        async with self._engine.connect() as connection:
            pending = await erasures.pending(connection, erasures.REMOVED)
        for course_id in pending:
            events = (await self._log.load(course_id)).events
            removed = await erase_removed(self._blobs, course_id, [item.event for item in events])
            async with self._engine.begin() as connection:
                await connection.execute(erasures.done(erasures.REMOVED, course_id))
            await self._vacuum()
            log.info("removed_files_erased", course_id=course_id, blobs=removed)

    async def _sweep_safely(self, now: float) -> None:
        """Leftovers that cannot be looked for now keep nothing that is deleted waiting."""
        try:
            await self.sweep()
        except (SQLAlchemyError, OSError, TransientError) as error:
            end_if_cancelled()
            log.warning("sweep_interrupted", **error_facts(error))
            self._next_sweep = now + self._settle_seconds
        else:
            self._next_sweep = now + self._sweep_seconds

    async def sweep(self) -> None:
        """Make a row of work for every deleted aggregate that has something left outside the tables."""
        async with self._engine.connect() as connection, connection.begin():
            for outlived in self._erasure.outlived:
                await connection.execute(outlived(datetime.now(UTC).date()))
        found = {*await self._blobs.ids(), *await self._streams.with_dead_letters()}
        async with self._engine.connect() as connection:
            known = set(await connection.scalars(select(self._side.root.c[self._side.key])))
        left = [one for one in sorted(found - known) if await self._is_deleted(one)]
        if left:
            async with self._engine.begin() as connection:
                await connection.execute(erasures.request(self._aggregate.prefix, left))
            log.warning("leftovers_found", aggregate=self._aggregate.prefix, ids=left)

    async def _is_deleted(self, aggregate_id: str) -> bool:
        # Loaded, not read: a server that is behind would show what is deleted as living.
        events = (await self._log.load(aggregate_id)).events
        return any(isinstance(item.event, self._aggregate.tombstone) for item in events)

    async def _look_safely(self, aggregate_id: str) -> bool:
        """The same as `_look`; one that cannot be erased now is looked at later, and keeps no other waiting."""
        try:
            return await self._look(aggregate_id)
        except Exception as error:  # noqa: BLE001 - the boundary of one aggregate: the row of work stays
            end_if_cancelled()
            log.warning("erasure_interrupted", aggregate_id=aggregate_id, **error_facts(error))
            self._next_look[aggregate_id] = asyncio.get_running_loop().time() + self._settle_seconds
            return False

    async def _look(self, aggregate_id: str) -> bool:
        """Erase what is there; whether nothing was, some time after the first look."""
        if not await self._is_deleted(aggregate_id):
            log.warning("erasure_without_tombstone", aggregate_id=aggregate_id)
            async with self._engine.begin() as connection:
                await connection.execute(erasures.done(self._aggregate.prefix, aggregate_id))
            return False
        is_first = aggregate_id not in self._looked
        found = await self._blobs.delete_all(aggregate_id)
        reached(KillPoint.part_erased, "blobs")
        found += await self._streams.erase(aggregate_id)
        reached(KillPoint.part_erased, "streams")
        found += await self._forget_rows(aggregate_id)
        reached(KillPoint.part_erased, "rows")
        self._looked.add(aggregate_id)
        if found or is_first:
            self._next_look[aggregate_id] = asyncio.get_running_loop().time() + self._settle_seconds
            return False
        async with self._engine.begin() as connection:
            await connection.execute(erasures.done(self._aggregate.prefix, aggregate_id))
        return True

    async def _forget_rows(self, aggregate_id: str) -> int:
        """Erase the rows that no log brings back, and rows in tables that are kept beside the live ones."""
        async with self._engine.begin() as connection:
            removed = 0
            # A process that is still writing deliveries may have found the aggregate alive.
            await connection.execute(select(func.pg_advisory_xact_lock(DELIVERIES)))
            for forget in self._erasure.forget:
                removed += (await connection.execute(forget(aggregate_id))).rowcount
            for schema in await connection.scalars(_WRITABLE, {"live": LIVE}):
                have = set(await connection.scalars(_TABLES, {"schema": schema}))
                removed += await _remove_rows(await in_schema(connection, schema), self._side, have, aggregate_id)
        return removed

    async def _vacuum(self) -> None:
        """Deleted rows stay in their pages until a vacuum, which small tables would never get by themselves."""
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            for name in await connection.scalars(_ALL_TABLES, {"live": LIVE}):
                await self._vacuum_one(connection, name)
            for table in self._erasure.others:
                await self._vacuum_one(connection, str(table))

    @staticmethod
    async def _vacuum_one(connection: AsyncConnection, name: str) -> None:
        try:
            await connection.execute(text(f"VACUUM {name}"))
        except DBAPIError as error:
            if not tells_of_missing_tables(error):  # a replay may have dropped or renamed it since
                raise


# One that is being built may still be another role's. It is filled from a log that has the tombstone.
_IS_WRITABLE = "(nspname = :live OR starts_with(nspname, :live || '_')) AND pg_has_role(nspowner, 'USAGE')"
_WRITABLE = text(f"SELECT nspname FROM pg_namespace WHERE {_IS_WRITABLE}")  # noqa: S608
_ALL_TABLES = text(
    "SELECT format('%I.%I', nspname, relname) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"  # noqa: S608
    f" WHERE relkind = 'r' AND {_IS_WRITABLE} ORDER BY 1"
)

# Tables kept by an earlier version lack those that came after it.
_TABLES = text("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(:schema) AND relkind = 'r'")


async def _remove_rows(connection: AsyncConnection, side: ReadSide, have: Collection[str], aggregate_id: str) -> int:
    removed = 0
    for table in (one for one in reversed(side.tables) if one.name in have):
        removed += (await connection.execute(delete(table).where(table.c[side.key] == aggregate_id))).rowcount
    return removed
