"""Rows of the tables, as all queries answer."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncConnection

Record = Mapping[str, Any]


async def every(connection: AsyncConnection, query: Select[Any]) -> list[Record]:
    """All rows, by the names of their columns."""
    return [dict(row) for row in (await connection.execute(query)).mappings()]


async def one_of(connection: AsyncConnection, query: Select[Any]) -> Record | None:
    """The first row, if there is one."""
    return next(iter(await every(connection, query.limit(1))), None)
