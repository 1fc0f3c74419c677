"""Empty tables filled from the log: courses stay in memory while events come for them, and go by COPY when quiet."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

import structlog
from asyncpg import DataError, PostgresError
from sqlalchemy import Table, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.course.state import CourseState
from services.gateway.project.projection import Projection, is_refusal
from services.gateway.project.working_set import Batch, Course, WorkingSet, course_of
from services.gateway.readmodels.base import put
from services.gateway.readmodels.checkpoint import Place, advance, place_of
from services.gateway.readmodels.courses import load_states
from services.gateway.readmodels.projection_defects import projection_defects
from services.gateway.readmodels.rows import CourseRows
from services.gateway.readmodels.store import COURSE_TABLES, load_rows, save_rows, shape, storable
from shared.event_log.port import EventLog

log = structlog.get_logger(__name__)

_ROWS_IN_MEMORY = 50_000


class Loader:
    """Fills the tables of one schema that nobody reads. Each flush is a transaction of its own: a crash leaves a schema
    that the next rebuild drops. `schema` is where COPY goes; the connection means it too.
    """

    def __init__(
        self, connection: AsyncConnection, schema: str, event_log: EventLog, projection: Projection,
        *, rows_in_memory: int = _ROWS_IN_MEMORY,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._schema = schema
        self._log = event_log
        self._projection = projection
        self._rows_in_memory = rows_in_memory
        self._set = WorkingSet(product=projection.product)
        self._weights: OrderedDict[str, int] = OrderedDict()  # rows by course, the quietest first
        self._written: set[str] = set()
        self._reached = Place()

    async def take(self, batch: Batch) -> None:
        """Fold a batch; write courses that were quiet for longest when there are many rows."""
        await self._bring_back([one for one in self._set.missing(batch) if one in self._written])
        for course_id in self._set.missing(batch):
            self._set.courses[course_id] = Course(CourseState(), CourseRows(is_new=True))
        steps = self._set.advance(batch)
        self._set.project(batch, steps, await self._projection.contents.fetch(steps), {})
        self._reached = place_of(batch[-1])
        for course_id in dict.fromkeys(map(course_of, batch)):
            self._weights[course_id] = self._set.courses[course_id].rows.count_changed() + 1
            self._weights.move_to_end(course_id)
        if sum(self._weights.values()) > self._rows_in_memory:
            await self._write(self._quietest())

    async def end(self, place: Place) -> None:
        """Write what is left, and up to where the tables are."""
        await self._write(list(self._weights))
        async with self._connection.begin():
            await self._connection.execute(advance(self._reached))
            await self._connection.execute(advance(place))

    def _quietest(self) -> list[str]:
        chosen, rows = [], 0
        for course_id, weight in self._weights.items():
            if rows > self._rows_in_memory // 2:
                break
            chosen.append(course_id)
            rows += weight
        return chosen

    async def _bring_back(self, course_ids: Collection[str]) -> None:
        """Courses that were written and go on, with all their rows: nothing here cascades by itself."""
        if not course_ids:
            return
        async with self._connection.begin():
            states = await load_states(self._connection, list(course_ids))
            loaded = await load_rows(self._connection, dict.fromkeys(COURSE_TABLES, course_ids))
        for course_id in course_ids:
            rows = CourseRows(loaded[course_id])
            self._set.courses[course_id] = Course(states.get(course_id, CourseState()), rows)

    async def _write(self, course_ids: list[str]) -> None:
        self._set.settle(course_ids)
        leaving = {course_id: self._set.courses.pop(course_id).rows for course_id in course_ids}
        for course_id in course_ids:
            del self._weights[course_id]
        self._written.update(course_ids)
        try:
            await self._save(leaving)
        except DBAPIError as error:
            if not is_refusal(error):
                raise
            for course_id, rows in leaving.items():
                await self._save_alone(course_id, rows)

    async def _save(self, courses: Mapping[str, CourseRows]) -> None:
        async with self._connection.begin():
            await self._connection.execute(select(1))  # begins the transaction, which the driver's own COPY does not
            await save_rows(self._connection, {key: rows for key, rows in courses.items() if not rows.is_new})
            for table in COURSE_TABLES:
                rows = [row for one in courses.values() if one.is_new for row in one.changed_rows(table)]
                if rows:
                    await self._copy(table, rows)

    async def _save_alone(self, course_id: str, rows: CourseRows) -> None:
        """A course whose rows the database may refuse: then fact by fact, as the projector does it."""
        try:
            await self._save({course_id: rows})
        except DBAPIError as error:
            if not is_refusal(error):
                raise
            log.warning("course_loaded_fact_by_fact", course_id=course_id)
            recorded = await self._log.read(course_id, to_seq=self._reached.seq)
            unreadable = CourseRows(is_new=True)
            unreadable.apply(put(projection_defects, *rows.of(projection_defects)))
            async with self._connection.begin():
                for table in reversed(COURSE_TABLES):
                    await self._connection.execute(table.delete().where(table.c.course_id == course_id))
                await save_rows(self._connection, {course_id: unreadable})
                await self._projection.fold_one_by_one(self._connection, recorded)

    async def _copy(self, table: Table, rows: list[dict[str, Any]]) -> None:
        records = [storable(table, row) for row in rows]
        raw = await self._connection.get_raw_connection()
        driver: Any = raw.driver_connection
        columns = [name for name, _ in shape(table)]
        try:
            await driver.copy_records_to_table(table.name, schema_name=self._schema, columns=columns, records=records)
        except PostgresError as error:
            raise DBAPIError(f"COPY {table.name}", None, error) from error
        except (OverflowError, ValueError, TypeError) as error:  # a value the driver cannot put into its column
            raise DBAPIError(f"COPY {table.name}", None, DataError(str(error))) from error
