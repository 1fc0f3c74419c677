"""Fills empty tables from the log. An aggregate stays in memory while its events come; then its rows go by COPY."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

import structlog
from asyncpg import DataError, PostgresError
from sqlalchemy import Table, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.project.projection import Projection, is_refusal
from services.gateway.project.working_set import Batch, Folded, WorkingSet, id_of
from services.gateway.readmodels.registry import COURSE_SIDE
from services.gateway.readmodels.rows import AggregateRows
from services.gateway.readmodels.store import delete_rows, load_rows, save_rows, shape, storable
from shared.event_log.port import EventLog
from shared.readmodels.base import put
from shared.readmodels.side import ReadSide

log = structlog.get_logger(__name__)

_ROWS_IN_MEMORY = 50_000


class Loader:
    """Fills the tables of one aggregate in a schema that nobody reads. Each flush is a transaction of its own: a crash
    leaves a schema that the next rebuild drops. `schema` is where COPY goes; the connection means it too.
    """

    def __init__(
        self, connection: AsyncConnection, schema: str, event_log: EventLog, projection: Projection,
        *, side: ReadSide = COURSE_SIDE, rows_in_memory: int = _ROWS_IN_MEMORY,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._schema = schema
        self._side = side
        self._log = event_log.of(side.aggregate)
        self._projection = projection
        self._rows_in_memory = rows_in_memory
        self._set = WorkingSet(side)
        self._weights: OrderedDict[str, int] = OrderedDict()  # rows by aggregate, the quietest first
        self._written: set[str] = set()
        self._reached = 0

    async def take(self, batch: Batch) -> None:
        """Fold a batch; write aggregates that were quiet for longest when there are many rows."""
        await self._bring_back([one for one in self._set.missing(batch) if one in self._written])
        for aggregate_id in self._set.missing(batch):
            self._set.aggregates[aggregate_id] = Folded(self._side.begin, AggregateRows(self._side, is_new=True))
        steps = self._set.advance(batch)
        self._set.project(batch, steps, await self._projection.contents.fetch(self._side, steps), {})
        self._reached = batch[-1].seq
        for aggregate_id in dict.fromkeys(map(id_of, batch)):
            changed = self._set.aggregates[aggregate_id].rows.changed
            self._weights[aggregate_id] = sum(map(len, changed.values())) + 1
            self._weights.move_to_end(aggregate_id)
        if sum(self._weights.values()) > self._rows_in_memory:
            await self._write(self._quietest())

    async def end(self) -> None:
        """Write what is left."""
        await self._write(list(self._weights))

    def _quietest(self) -> list[str]:
        chosen, rows = [], 0
        for aggregate_id, weight in self._weights.items():
            if rows > self._rows_in_memory // 2:
                break
            chosen.append(aggregate_id)
            rows += weight
        return chosen

    async def _bring_back(self, ids: Collection[str]) -> None:
        """Aggregates that were written and go on, with all their rows: nothing here cascades by itself."""
        if not ids:
            return
        side = self._side
        async with self._connection.begin():
            states = await side.load(self._connection, list(ids))
            loaded = await load_rows(self._connection, side, dict.fromkeys(side.tables, ids))
        for one in ids:
            self._set.aggregates[one] = Folded(states.get(one, side.begin), AggregateRows(side, loaded[one]))

    async def _write(self, ids: list[str]) -> None:
        self._set.settle(ids)
        leaving = {one: self._set.aggregates.pop(one).rows for one in ids}
        for one in ids:
            del self._weights[one]
        self._written.update(ids)
        try:
            await self._save(leaving)
        except DBAPIError as error:
            if not is_refusal(error):
                raise
            for aggregate_id, rows in leaving.items():
                await self._save_alone(aggregate_id, rows)

    async def _save(self, leaving: Mapping[str, AggregateRows]) -> None:
        async with self._connection.begin():
            await self._connection.execute(select(1))  # begins the transaction, which the driver's own COPY does not
            known = {key: rows for key, rows in leaving.items() if not rows.is_new}
            await save_rows(self._connection, self._side, known)
            for table in self._side.tables:
                rows = [row for one in leaving.values() if one.is_new for row in one.changed_rows(table)]
                if rows:
                    await self._copy(table, rows)

    async def _save_alone(self, aggregate_id: str, rows: AggregateRows) -> None:
        """An aggregate whose rows the database may refuse: then fact by fact, as the projector does it."""
        side = self._side
        try:
            await self._save({aggregate_id: rows})
        except DBAPIError as error:
            if not is_refusal(error):
                raise
            log.warning("loaded_fact_by_fact", aggregate_id=aggregate_id)
            recorded = await self._log.read(aggregate_id, to_seq=self._reached)
            unreadable = AggregateRows(side, is_new=True)
            unreadable.apply(put(side.defects, *rows.of(side.defects)))
            async with self._connection.begin():
                await delete_rows(self._connection, side, aggregate_id)
                await save_rows(self._connection, side, {aggregate_id: unreadable})
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
