"""Table `app.deleted_use`: the use of models in courses that were deleted, so that a deletion gives no budget back.

The log does not hold the use any more once a course is erased. A row names the owner and a day, and not the course. It
goes when its month is over, which no budget counts any more.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import BigInteger, Column, Date, Delete, Float, Index, Table, Text, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.course.state import CourseState, Spent
from shared.readmodels.base import APP_METADATA

deleted_use = Table(
    "deleted_use",
    APP_METADATA,
    Column("seq", BigInteger, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("usd", Float, nullable=False),
    Index("ix_deleted_use_owner", "owner", "day"),
)


async def keep_use(connection: AsyncConnection, deleted: Sequence[CourseState]) -> None:
    """Note the use of courses with their deletion. A deletion that is seen again changes nothing."""
    if not (rows := [row for state in deleted for row in _rows(state)]):
        return
    await connection.execute(insert(deleted_use).values(rows).on_conflict_do_nothing())


def forget_use_of(today: date) -> Delete:
    """Remove the use of months that are over."""
    yesterday = today - timedelta(days=1)  # the clocks of two machines are not one
    return delete(deleted_use).where(deleted_use.c.day < yesterday.replace(day=1))


def _rows(state: CourseState) -> Iterator[dict[str, object]]:
    for day, spent in state.spent.items():
        yield {
            "seq": state.seq, "day": date.fromisoformat(day), "owner": state.owner,
            "tokens": spent.tokens, "usd": spent.usd,
        }  # fmt: skip


async def sum_deleted_use(connection: AsyncConnection, owner: str, since: date) -> Spent:
    """The use of models in the owner's deleted courses since a day."""
    query = select(func.coalesce(func.sum(deleted_use.c.tokens), 0), func.coalesce(func.sum(deleted_use.c.usd), 0.0))
    found = await connection.execute(query.where(deleted_use.c.owner == owner, deleted_use.c.day >= since))
    tokens, usd = found.one()
    return Spent(int(tokens), float(usd))
