"""Read tables as text, row by row in the order of their keys: what "equal" means, independent of our own comparison."""

import hashlib
from collections.abc import Callable, Coroutine, Iterable
from typing import Any

from sqlalchemy import Table
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.gateway.readmodels.registry import METADATA


async def dump_digests(engine: AsyncEngine, schema: str) -> dict[str, str]:
    """The sha256 of each table's dump, all in one snapshot, after its number of rows."""
    digests: dict[str, str] = {}
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        for table in METADATA.sorted_tables:
            digest, lines = hashlib.sha256(), 0

            async def take(data: bytes) -> None:
                nonlocal lines
                digest.update(data)  # noqa: B023 - used within this turn only
                lines += data.count(b"\n")

            await _copy_out(connection, table, schema, take)
            digests[table.name] = f"{lines} {digest.hexdigest()}"
    return digests


async def dump_rows(
    engine: AsyncEngine, schema: str, tables: Iterable[Table] = METADATA.sorted_tables
) -> dict[str, list[str]]:
    """The lines of each table's dump."""
    lines: dict[str, list[str]] = {}
    async with engine.connect() as connection:
        for table in tables:
            parts: list[bytes] = []

            async def take(data: bytes) -> None:
                parts.append(data)  # noqa: B023 - used within this turn only

            await _copy_out(connection, table, schema, take)
            lines[table.name] = b"".join(parts).decode().splitlines()
    return lines


async def _copy_out(
    connection: AsyncConnection, table: Table, schema: str, take: Callable[[bytes], Coroutine[Any, Any, None]]
) -> None:
    columns = ", ".join(column.name for column in table.c)
    keys = ", ".join(f'{column.name}::text COLLATE "C"' for column in table.primary_key)
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    await driver.copy_from_query(f'SELECT {columns} FROM "{schema}".{table.name} ORDER BY {keys}', output=take)
