"""Table `app.erasures`: deleted aggregates that may have left something. A row is made with the deletion.

The row is removed when the erasure is done. The table is not a read model: a rebuild from the log would make a row for
every deletion there ever was.
"""

from collections.abc import Sequence

from sqlalchemy import Column, Delete, Insert, Table, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.events.courses import COURSE
from shared.readmodels.base import APP_METADATA

erasures = Table(
    "erasures",
    APP_METADATA,
    Column("aggregate", Text, primary_key=True),
    Column("aggregate_id", Text, primary_key=True),
)


REMOVED = "removed files"
"""The row of a course that has lost a file and has not lost all that was made from it."""


def request(aggregate: str, ids: Sequence[str]) -> Insert:
    """Note that what is left of these has to go; at least one."""
    rows = [{"aggregate": aggregate, "aggregate_id": one} for one in ids]
    return insert(erasures).values(rows).on_conflict_do_nothing()


async def pending(connection: AsyncConnection, aggregate: str = COURSE.prefix) -> list[str]:
    """The aggregates of which something may still be there."""
    query = select(erasures.c.aggregate_id).where(erasures.c.aggregate == aggregate)
    return list(await connection.scalars(query.order_by(erasures.c.aggregate_id)))


def done(aggregate: str, aggregate_id: str) -> Delete:
    """Nothing of it is left."""
    return erasures.delete().where(erasures.c.aggregate == aggregate, erasures.c.aggregate_id == aggregate_id)
