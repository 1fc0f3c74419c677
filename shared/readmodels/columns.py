"""Whether the live read tables are of this version: by their columns."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.kernel.errors import TransientError
from shared.readmodels.base import SCHEMA
from shared.readmodels.side import Sides, tables_of

_COLUMNS_NAMED = 3


class TablesOfBefore(TransientError):
    """The live tables are older than this version, so nothing of the log can be shown."""

    code = "tables_missing"

    def __init__(self, columns: Sequence[str]) -> None:
        named = ", ".join(columns[:_COLUMNS_NAMED]) + (", …" if len(columns) > _COLUMNS_NAMED else "")
        super().__init__(
            f"The read tables are older than this version: they lack {named}. Whoever runs this has to run the"
            " migration or `coursewright replay`; everything in the log is kept"
        )


async def require_columns(connection: AsyncConnection, sides: Sides) -> None:
    """Raise TablesOfBefore when the live tables lack a column of this version. The connection has no transaction."""
    async with connection.begin():
        there = await columns_in(connection, SCHEMA)
    if lacking := sorted(columns_of(sides) - there):
        raise TablesOfBefore(lacking)


async def columns_in(connection: AsyncConnection, schema: str) -> frozenset[str]:
    """The columns of a schema, each after its table."""
    query = text(
        "SELECT relname || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relnamespace = to_regnamespace(:schema) AND attnum > 0 AND NOT attisdropped"
    )
    return frozenset(await connection.scalars(query, {"schema": schema}))


def columns_of(sides: Sides) -> set[str]:
    """The columns that these aggregates need, each after its table."""
    return {f"{table.name}.{column.name}" for table in tables_of(sides) for column in table.columns}
