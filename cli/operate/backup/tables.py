"""Schema `app`, which no log can bring back: every table there is, found by looking, not by a list."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from cli.operate.backup.manifest import TablePart, file_part
from shared.kernel.errors import PermanentError

SCHEMA = "app"
_REVISIONS = "alembic_version"


async def app_tables(connection: AsyncConnection) -> list[Table]:
    """In the order rows depend on each other."""

    def reflect(plain: Connection) -> list[Table]:
        metadata = MetaData(schema=SCHEMA)
        metadata.reflect(plain)
        return [table for table in metadata.sorted_tables if table.schema == SCHEMA and table.name != _REVISIONS]

    return await connection.run_sync(reflect)


async def revision(connection: AsyncConnection) -> str:
    """Of the tables."""
    return str(await connection.scalar(text(f"SELECT version_num FROM {SCHEMA}.{_REVISIONS}")))  # noqa: S608 - constants


async def save_tables(engine: AsyncEngine, folder: Path, wanted: Callable[[str], bool]) -> dict[str, TablePart]:
    """Write the wanted tables as they are at one moment, below `tables/`."""
    (folder / "tables").mkdir(exist_ok=True)
    saved = {}
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="REPEATABLE READ")
        for table in await app_tables(connection):
            if not wanted(table.name):
                continue
            path, columns = f"tables/{table.name}.copy", _columns(table)
            raw = await _driver(connection)
            with (folder / path).open("xb") as file:
                done = await raw.copy_from_table(
                    table.name, schema_name=SCHEMA, columns=columns, output=file, format="text"
                )  # fmt: skip
            saved[table.name] = TablePart(
                file=file_part(folder, path), columns=columns, rows=int(str(done).removeprefix("COPY "))
            )
    return saved


async def load_tables(engine: AsyncEngine, folder: Path, parts: dict[str, TablePart]) -> None:
    """Fill empty tables, all or none, and let numbered columns go on after the highest number.

    Raises PermanentError for a table the database does not have.
    """
    async with engine.begin() as connection:
        tables = await app_tables(connection)
        unknown = sorted(parts.keys() - {table.name for table in tables})
        if unknown:
            raise PermanentError(f"The backup holds table {SCHEMA}.{unknown[0]}, which the database does not have")
        for table in tables:
            part = parts.get(table.name)
            if part is None:
                continue
            raw = await _driver(connection)
            with (folder / part.file.path).open("rb") as file:
                await raw.copy_to_table(
                    table.name, schema_name=SCHEMA, columns=part.columns, source=file, format="text"
                )  # fmt: skip
            await _continue_numbers(connection, table)


async def count_rows(connection: AsyncConnection) -> dict[str, int]:
    """Rows by table."""
    return {
        table.name: int(await connection.scalar(select(func.count()).select_from(table)) or 0)
        for table in await app_tables(connection)
    }


async def find_courses(connection: AsyncConnection) -> set[str]:
    """Courses that have rows in any table."""
    found: set[str] = set()
    for table in await app_tables(connection):
        if (column := table.columns.get("course_id")) is not None:
            found.update(await connection.scalars(select(column).where(column.is_not(None)).distinct()))
    return found


async def _continue_numbers(connection: AsyncConnection, table: Table) -> None:
    for column in table.columns:
        name = await connection.scalar(
            select(func.pg_get_serial_sequence(f"{SCHEMA}.{table.name}", column.name))
        )  # fmt: skip
        highest = await connection.scalar(select(func.max(column))) if name else None
        if highest is not None:
            await connection.execute(select(func.setval(name, highest)))


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.computed is None]


async def _driver(connection: AsyncConnection) -> Any:
    """Asyncpg's own connection, inside the transaction that is open."""
    await connection.execute(select(1))
    return (await connection.get_raw_connection()).driver_connection
