"""Facts that could not be shown: events nobody can read, and facts whose rows could not be made or stored.

They are passed over, because the same fact would fail for ever and must not stop others; here they stay visible until
the tables are built again by a version that can.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.readmodels.base import Changes, put

_LONGEST = 300


def defects_table(name: str, metadata: MetaData, key: str) -> Table:
    """Such a table of one aggregate; `key` is the column with its id."""
    return Table(
        name,
        metadata,
        Column(key, Text, primary_key=True),
        Column("seq", BigInteger, primary_key=True),
        Column("type", Text, nullable=False),
        Column("reason", Text, nullable=False),
    )


@dataclass(frozen=True)
class Defect:
    """The part of the fact at sequence `seq` that could not be shown, and why."""

    seq: int
    type: str
    reason: str


def note(table: Table, aggregate_id: str, seq: int, type_name: str, reason: str) -> Changes:
    """One defect of an aggregate; it goes with the aggregate."""
    texts = {next(iter(table.primary_key)).name: aggregate_id, "type": type_name, "reason": reason}
    # Whatever was wrong with the event, this row can be stored.
    plain = {name: text.encode("ascii", "backslashreplace").decode()[:_LONGEST] for name, text in texts.items()}
    return put(table, {**plain, "seq": seq})


async def read_defects(connection: AsyncConnection, aggregate_id: str, table: Table) -> list[Defect]:
    """The defects of one aggregate, in the log's order."""
    is_its = next(iter(table.primary_key)) == aggregate_id
    query = select(table.c.seq, table.c.type, table.c.reason).where(is_its).order_by(table.c.seq)
    return [Defect(*row) for row in await connection.execute(query)]
