"""A batch of events becomes rows: load the touched rows, fold in memory, write whole sets of rows, in one transaction.

The fold is in `working_set`. Tables that are being read are written here only. Tables that are built beside them are
filled by `rebuild` first and brought up to now by this module.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from sqlalchemy import Table, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.course.state import CourseState
from services.gateway.database.locks import TABLES
from services.gateway.erase import erasures
from services.gateway.project.contents import Contents
from services.gateway.project.working_set import Batch, Folded, WorkingSet, by_side, id_of
from services.gateway.readmodels.registry import SIDES
from services.gateway.readmodels.rows import AggregateRows
from services.gateway.readmodels.store import load_rows, save_rows
from services.gateway.write.deleted_use import keep_use
from shared.event_log.port import Recorded, Unreadable
from shared.events import subject_of
from shared.events.base import FileRemoved
from shared.kernel.blobs import Blobs
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.logging import error_facts
from shared.readmodels import checkpoint
from shared.readmodels.side import ReadSide, Sides
from shared.readmodels.silence import with_signs_of_life

log = structlog.get_logger(__name__)

# What PostgreSQL says of a row it will not take, by the first two characters of its code: data, integrity, limits.
# Anything else is the server's trouble, not the row's.
_REFUSALS = {"22", "23", "54"}


_Fold = Callable[[AsyncConnection, Batch], Awaitable[None]]


class TablesChanged(Exception):
    """Other tables took the place of those this batch follows on, and they are behind."""


class _RowRefused(Exception):
    def __init__(self, error: DBAPIError) -> None:
        self.reason = f"refused by the database, code {getattr(error.orig, 'sqlstate', '')}"
        self.facts = error_facts(error)


class Projection:
    """Writes on a connection that is given; which tables are meant is the connection's. `sides`: those of one stream.

    `is_live=False` for tables nobody reads yet: their progress is not announced, and what follows from a deletion is
    left to the live ones.
    """

    def __init__(self, blobs: Blobs, sides: Sides = SIDES, *, is_live: bool = True) -> None:
        self.contents = Contents(blobs)
        self._sides, self._stream = sides, sides[0].aggregate.stream
        self._is_live = is_live

    async def apply(self, connection: AsyncConnection, batch: Batch, after: int = 0) -> None:
        """Project one batch in one transaction, and move the checkpoint with it.

        `after`: the sequence the tables must have reached; raises TablesChanged if they have not.
        """
        try:
            await self._apply(connection, batch, after, self.fold)
        except DBAPIError as error:
            if not is_refusal(error):
                raise
            await self._apply(connection, batch, after, self.fold_one_by_one)

    async def _apply(self, connection: AsyncConnection, batch: Batch, after: int, fold: _Fold) -> None:
        async with connection.begin():
            await connection.execute(select(func.pg_advisory_xact_lock_shared(TABLES)))
            seen = await checkpoint.read_checkpoint(connection, self._stream)
            if seen < after:
                raise TablesChanged(f"The tables are at {seen}, not at {after}")
            # In order and once each, however the batch came: a fold passes over what is older than what it has seen.
            unseen = {item.seq: item for item in batch if item.seq > seen}
            fresh = [unseen[seq] for seq in sorted(unseen)]
            if fresh:
                await fold(connection, fresh)
                await connection.execute(checkpoint.advance(checkpoint.place_of(fresh[-1]), self._stream))
                if self._is_live:
                    await connection.execute(checkpoint.announce(fresh[-1].seq, self._stream))
                reached(KillPoint.before_commit, "projector")
        reached(KillPoint.after_commit, "projector")

    async def fold(self, connection: AsyncConnection, batch: Batch, refused: Mapping[int, str] | None = None) -> None:
        """Rows of a batch, in the caller's transaction. `refused`: see WorkingSet.project."""
        for side, mine in by_side(batch, self._sides):
            await self._fold(connection, side, mine, refused or {})

    async def _fold(
        self, connection: AsyncConnection, side: ReadSide, batch: Batch, refused: Mapping[int, str]
    ) -> None:
        working_set = await _load(connection, side, batch)
        steps = working_set.advance(batch)
        payloads = await with_signs_of_life(connection, self.contents.fetch(side, steps))
        # In a thread: one fact can stand for fifty thousand rows, and callers of this process are answered meanwhile.
        await asyncio.to_thread(working_set.project, batch, steps, payloads, refused)
        gone = working_set.settle(working_set.aggregates)
        await save_rows(connection, side, {one: folded.rows for one, folded in working_set.aggregates.items()})
        events = [item.event for item in batch if isinstance(item, Recorded)]
        lost = {event.course_id for event in events if isinstance(event, FileRemoved)}
        if lost and self._is_live:
            await connection.execute(erasures.request(erasures.REMOVED, sorted(lost)))
        if gone and self._is_live:
            await connection.execute(erasures.request(side.aggregate.prefix, gone))
            states = [working_set.aggregates[one].state for one in gone]
            await keep_use(connection, [state for state in states if isinstance(state, CourseState)])

    async def fold_one_by_one(self, connection: AsyncConnection, batch: Batch) -> None:
        """The same, after the database refused a row: that costs the rows of its fact, no other. Only when it refuses
        the aggregate's own row as well is the event passed over altogether.
        """
        for item in batch:
            try:
                await self._fold_one(connection, item, {})
            except _RowRefused as refusal:
                log.error("projection_refused", seq=item.seq, aggregate_id=id_of(item), **refusal.facts)  # noqa: TRY400 - no contents in logs
                try:
                    await self._fold_one(connection, item, {item.seq: refusal.reason})
                except _RowRefused:
                    subject = subject_of(item.event) if isinstance(item, Recorded) else item.subject
                    note = Unreadable(item.seq, subject, "", refusal.reason)
                    await self._fold_one(connection, note, {})

    async def _fold_one(
        self, connection: AsyncConnection, item: Recorded | Unreadable, refused: Mapping[int, str]
    ) -> None:
        try:
            async with connection.begin_nested():
                await self.fold(connection, [item], refused)
        except DBAPIError as error:
            if not is_refusal(error):
                raise
            raise _RowRefused(error) from error


async def _load(connection: AsyncConnection, side: ReadSide, batch: Batch) -> WorkingSet:
    ids = sorted({id_of(item) for item in batch})
    states = await side.load(connection, ids)
    wanted: dict[Table, set[str]] = {}
    for item in batch:
        if isinstance(item, Recorded) and item.event.aggregate_id in states:
            for table in side.looks_at(item.event):
                wanted.setdefault(table, set()).add(item.event.aggregate_id)
    loaded = await load_rows(connection, side, wanted)
    return WorkingSet(
        side,
        {
            one: Folded(states.get(one, side.begin), AggregateRows(side, loaded.get(one), is_new=one not in states))
            for one in ids
        },
    )


def is_refusal(error: DBAPIError) -> bool:
    """Whether a row was at fault, not the server or the way to it."""
    return str(getattr(error.orig, "sqlstate", None) or "")[:2] in _REFUSALS
