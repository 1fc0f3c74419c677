"""Compares two schemas of read tables: a hash of each table first, then the rows of tables that differ."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncConnection

_EXAMPLES = 10


@dataclass(frozen=True)
class TableDifference:
    """A table that differs. `keys`: the first keys of rows that only one schema has, or that differ, as JSON arrays."""

    table: str
    rows: tuple[int, int]
    keys: tuple[str, ...]


async def compare(
    connection: AsyncConnection, first: str, second: str, tables: Iterable[Table]
) -> list[TableDifference]:
    """The tables that differ. Call it in a transaction with one snapshot, or nothing it says is true."""
    return [
        TableDifference(table.name, (before[0], after[0]), await _keys(connection, table, first, second))
        for table in tables
        if (before := await _digest(connection, table, first)) != (after := await _digest(connection, table, second))
    ]


async def _digest(connection: AsyncConnection, table: Table, schema: str) -> tuple[int, str]:
    """Number of rows, and a sum of their hashes, which does not depend on their order. Each column's text is a whole
    value: numbers, times and JSON have one form each.
    """
    total = f"coalesce(sum(hashtextextended({_row(table)}, 0)), 0)::text"
    query = f'SELECT count(*), {total} FROM "{schema}".{table.name} t'  # noqa: S608 - names of our own tables
    count, digest = (await connection.execute(text(query))).one()
    return int(count), str(digest)


async def _keys(connection: AsyncConnection, table: Table, first: str, second: str) -> tuple[str, ...]:
    key = ", ".join(column.name for column in table.primary_key)
    row = _row(table)
    query = f"""
        SELECT DISTINCT keys FROM (
          (SELECT jsonb_build_array({key})::text AS keys, {row} AS whole FROM "{first}".{table.name} t
           EXCEPT ALL SELECT jsonb_build_array({key})::text, {row} FROM "{second}".{table.name} t)
          UNION ALL
          (SELECT jsonb_build_array({key})::text, {row} FROM "{second}".{table.name} t
           EXCEPT ALL SELECT jsonb_build_array({key})::text, {row} FROM "{first}".{table.name} t)
        ) AS differing ORDER BY keys LIMIT {_EXAMPLES}
    """  # noqa: S608 - names of our own tables
    found: Sequence[str] = (await connection.scalars(text(query))).all()
    return tuple(found)


def _row(table: Table) -> str:
    """The row as text, its columns by name: tables that were altered have another order than new ones."""
    return f"ROW({', '.join(f't.{column.name}' for column in table.c)})::text"
