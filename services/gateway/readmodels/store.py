"""Rows of aggregates between memory and the database, many at once.

Which schema is meant is the connection's: a translation of the live schema's name leads to tables that are being built.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Insert, Table, Text, and_, bindparam, cast, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.readmodels.rows import AggregateRows
from shared.readmodels.base import Row, key_names
from shared.readmodels.side import ReadSide

T = TypeVar("T")

_ROWS_AT_ONCE = 1000


async def load_rows(
    connection: AsyncConnection, side: ReadSide, wanted: Mapping[Table, Iterable[str]]
) -> dict[str, dict[Table, list[Row]]]:
    """The rows of some tables for some aggregates, by id; one without rows in a table has an empty list."""
    found: dict[str, dict[Table, list[Row]]] = {}
    for table, ids in wanted.items():
        listed, names = sorted(ids), table.columns.keys()
        for aggregate_id in listed:
            found.setdefault(aggregate_id, {})[table] = []
        for values in await connection.execute(select(table).where(table.c[side.key].in_(listed))):
            row = dict(zip(names, values, strict=True))
            found[row[side.key]][table].append(row)
    return found


async def save_rows(connection: AsyncConnection, side: ReadSide, changed: Mapping[str, AggregateRows]) -> None:
    """Save the changes table by table: rows that refer to others are removed first and written last."""
    stored = {aggregate_id: rows for aggregate_id, rows in changed.items() if not rows.is_new}
    for table in reversed(side.tables):
        cleared = sorted(aggregate_id for aggregate_id, rows in stored.items() if table in rows.cleared)
        if cleared:
            await connection.execute(table.delete().where(table.c[side.key].in_(cleared)))
        names = key_names(table)
        keys = [key for rows in stored.values() for key in rows.removed.get(table, ())]
        if keys:
            this = and_(*(table.c[name] == bindparam(f"key_{name}") for name in names))
            for part in _parts(keys):
                values = [{f"key_{name}": value for name, value in zip(names, key, strict=True)} for key in part]
                await connection.execute(table.delete().where(this), values)
    for table in side.tables:
        columns = [name for name, _ in shape(table)]
        rows = [row for one in changed.values() for row in one.changed_rows(table)]
        for piece in _parts(rows):
            await connection.execute(
                _upsert(table), [dict(zip(columns, storable(table, row), strict=True)) for row in piece]
            )


def _parts(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """A thousand at a time: callers of the same process are answered in between."""
    return (items[start : start + _ROWS_AT_ONCE] for start in range(0, len(items), _ROWS_AT_ONCE))


async def delete_rows(connection: AsyncConnection, side: ReadSide, aggregate_id: str) -> None:
    """Everything of one aggregate."""
    for table in reversed(side.tables):
        await connection.execute(table.delete().where(table.c[side.key] == aggregate_id))


@cache
def _upsert(table: Table) -> Insert:
    statement = insert(table).values(
        {
            name: cast(bindparam(name, type_=Text), JSONB) if is_json else bindparam(name)
            for name, is_json in shape(table)
        }
    )
    keys = key_names(table)
    changed = {column.name: statement.excluded[column.name] for column in table.c if column.name not in keys}
    if not changed:  # the key is all there is
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=changed)


@cache
def shape(table: Table) -> tuple[tuple[str, bool], ...]:
    """The columns in order, and whether each holds JSON."""
    return tuple((column.name, isinstance(column.type, JSONB)) for column in table.c)


def storable(table: Table, row: Row) -> tuple[Any, ...]:
    """The values as PostgreSQL takes them: JSON as text, and no NUL, which a document may well hold."""
    return tuple([_json(row[name]) if is_json else _plain(row[name]) for name, is_json in shape(table)])


def _plain(value: Any) -> Any:
    return value.replace("\x00", "\ufffd") if isinstance(value, str) and "\x00" in value else value


def _json(value: Any) -> str:
    text = json.dumps(value)
    return json.dumps(_without_nul(value)) if "\\u0000" in text else text


def _without_nul(value: Any) -> Any:
    match value:
        case dict():
            return {name: _without_nul(item) for name, item in value.items()}
        case list():
            return [_without_nul(item) for item in value]
        case _:
            return _plain(value)
