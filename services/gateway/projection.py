"""Batches of events into read tables: load what is touched, fold in memory, write set-wise, in one transaction.

The fold itself is `working_set`. This is the one way tables are written while they are read; tables that are built
beside them start with `rebuild`, and end with this.
"""

import asyncio
from collections.abc import Collection, Mapping

import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import Table, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway import erasures
from services.gateway.locks import TABLES
from services.gateway.readmodels import checkpoint
from services.gateway.readmodels.courses import load_states
from services.gateway.readmodels.payloads import needed
from services.gateway.readmodels.registry import looks_at
from services.gateway.readmodels.rows import CourseRows
from services.gateway.readmodels.store import load_rows, save_rows
from services.gateway.state import CourseState
from services.gateway.working_set import Batch, Course, Payloads, Step, WorkingSet, course_of
from shared.blobs import Blobs
from shared.errors import NotFound
from shared.event_log.port import Recorded, Unreadable
from shared.events import BlobRef

log = structlog.get_logger(__name__)

_BLOBS_AT_ONCE = 16
# What PostgreSQL says of a row it will not take, by the first two characters of its code: data, integrity, limits.
# Anything else is the server's trouble, not the row's.
_REFUSALS = {"22", "23", "54"}


class TablesChanged(Exception):
    """Other tables took the place of those this batch follows on, and they are behind."""


class Projection:
    """Writes on a connection that is given; which tables are meant is the connection's."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._fetching = asyncio.Semaphore(_BLOBS_AT_ONCE)

    async def apply(self, connection: AsyncConnection, batch: Batch, after: int = 0) -> None:
        """Project one batch; rows and checkpoint move together. A row the database refuses costs its fact, no other.

        `after`: the sequence the tables must have reached; raises TablesChanged if they have not.
        """
        try:
            await self._apply(connection, batch, after, {})
        except DBAPIError as error:
            if not is_refusal(error):
                raise
            for item in batch:
                await self._apply_one(connection, item, after)

    async def _apply_one(self, connection: AsyncConnection, item: Recorded | Unreadable, after: int) -> None:
        try:
            await self._apply(connection, [item], after, {})
        except DBAPIError as error:
            if not is_refusal(error):
                raise
            reason = f"refused by the database: {type(error.orig).__name__} {getattr(error.orig, 'sqlstate', '')}"
            log.error("projection_refused", seq=item.seq, course_id=course_of(item), error=str(error.orig)[:300])  # noqa: TRY400 - no contents in logs
            await self._apply(connection, [item], after, {item.seq: reason})

    async def _apply(self, connection: AsyncConnection, batch: Batch, after: int, refused: Mapping[int, str]) -> None:
        async with connection.begin():
            await connection.execute(select(func.pg_advisory_xact_lock_shared(TABLES)))
            reached = await checkpoint.read_checkpoint(connection)
            if reached < after:
                raise TablesChanged(f"The tables are at {reached}, not at {after}")
            fresh = [item for item in batch if item.seq > reached]
            if not fresh:
                return
            working_set = await self._load(connection, fresh)
            steps = working_set.advance(fresh)
            working_set.project(fresh, steps, await self.fetch(steps), refused)
            gone = working_set.settle(working_set.courses)
            await save_rows(connection, {course_id: one.rows for course_id, one in working_set.courses.items()})
            if gone:
                await connection.execute(erasures.request(gone))
            for statement in checkpoint.advance(fresh[-1].seq):
                await connection.execute(statement)

    async def _load(self, connection: AsyncConnection, batch: Batch) -> WorkingSet:
        course_ids = sorted({course_of(item) for item in batch})
        states = await load_states(connection, course_ids)
        wanted: dict[Table, set[str]] = {}
        for item in batch:
            if isinstance(item, Recorded) and item.event.course_id in states:
                for table in looks_at(item.event):
                    wanted.setdefault(table, set()).add(item.event.course_id)
        loaded = await load_rows(connection, wanted)
        return WorkingSet(
            {
                course_id: Course(
                    states.get(course_id, CourseState()),
                    CourseRows(loaded.get(course_id), is_new=course_id not in states),
                )
                for course_id in course_ids
            }
        )

    async def fetch(self, steps: Collection[Step]) -> Payloads:
        """The contents the rows of these facts are made of; None for what is gone or not what it should be."""
        wanted = {ref.key: (ref, model) for step in steps for ref, model in needed(step.recorded.event, step.state)}
        fetched = await asyncio.gather(*(self._fetch(ref, model) for ref, model in wanted.values()))
        return dict(zip(wanted, fetched, strict=True))

    async def _fetch(self, ref: BlobRef, model: type[BaseModel]) -> BaseModel | None:
        async with self._fetching:
            try:
                return await self._blobs.get_model(ref, model)
            except NotFound:
                # Ordinary in a rebuild: the course was deleted later on, and its blobs with it.
                log.warning("blob_missing", key=ref.key)
            except ValidationError as error:
                log.error("blob_unreadable", key=ref.key, errors=error.error_count())  # noqa: TRY400 - no contents in logs
            return None


def is_refusal(error: DBAPIError) -> bool:
    """Whether a row was at fault, not the server or the way to it."""
    return str(getattr(error.orig, "sqlstate", None) or "")[:2] in _REFUSALS
