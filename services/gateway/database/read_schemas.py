"""The schemas read tables live in: the live one, one that is being built, the one before, and looks into the past.

Which is live is a matter of its name alone: a schema takes the live one's place by being renamed in one transaction,
and every query finds the new tables at its next start, prepared or not.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ForeignKeyConstraint, MetaData, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import AddConstraint, CreateIndex, CreateTable

from services.gateway.database.privileges import own_read_tables
from services.gateway.database.statistics import without_statistics
from services.gateway.readmodels.registry import SIDES
from shared.readmodels.base import METADATA
from shared.readmodels.checkpoint import announce
from shared.readmodels.columns import columns_in, columns_of
from shared.readmodels.side import Sides, tables_of

LIVE = METADATA.schema or ""
NEXT = f"{LIVE}_next"
BEFORE = f"{LIVE}_before"


async def in_schema(connection: AsyncConnection, schema: str) -> AsyncConnection:
    """The connection, meaning the tables of another schema from now on."""
    return await connection.execution_options(schema_translate_map={LIVE: schema})


async def find_schemas(connection: AsyncConnection) -> list[str]:
    """Every schema of read tables that is there."""
    query = text("SELECT nspname FROM pg_namespace WHERE nspname = :live OR starts_with(nspname, :live || '_')")
    return sorted(await connection.scalars(query, {"live": LIVE}))


async def has_live(connection: AsyncConnection) -> bool:
    """Whether there are live tables; somebody may have dropped them."""
    return LIVE in await find_schemas(connection)


async def make_live(connection: AsyncConnection) -> None:
    """Live tables of this version, empty, unless they are there; the projector fills them from the log's beginning.
    Tables of another version go: the log holds what is in them.
    """
    if not await is_of_this_version(connection, LIVE):
        await connection.execute(text(f'DROP SCHEMA IF EXISTS "{LIVE}" CASCADE'))
        await create(connection, LIVE)
        await finish(connection, LIVE)
        await connection.execute(announce(0))  # gateways that run do not show them before they are filled


async def is_of_this_version(connection: AsyncConnection, schema: str, sides: Sides = SIDES) -> bool:
    """Whether a schema has the tables of this version, with the columns of this version and no others."""
    wanted = columns_of(sides)
    tables = {column.partition(".")[0] for column in wanted}
    return wanted == {one for one in await columns_in(connection, schema) if one.partition(".")[0] in tables}


async def create(connection: AsyncConnection, schema: str, sides: Sides = SIDES) -> None:
    """Tables to be filled: unlogged, with keys, without foreign keys and other indexes."""
    await connection.execute(text(f'CREATE SCHEMA "{schema}"'))
    for table in _tables(schema, sides):
        await connection.execute(CreateTable(table, include_foreign_key_constraints=[]))
        await connection.execute(text(f"ALTER TABLE {table} SET UNLOGGED"))
        if statement := without_statistics(table):
            await connection.execute(text(statement))


async def finish(connection: AsyncConnection, schema: str, sides: Sides = SIDES) -> None:
    """Make filled tables what live ones are: logged, indexed, with foreign keys, for the same roles."""
    tables = _tables(schema, sides)
    for table in tables:
        await connection.execute(text(f"ALTER TABLE {table} SET LOGGED"))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            await connection.execute(CreateIndex(index))
    for table in tables:
        for constraint in sorted(table.constraints, key=lambda constraint: str(constraint.name)):
            if isinstance(constraint, ForeignKeyConstraint):
                await connection.execute(AddConstraint(constraint))
        await connection.execute(text(f"ANALYZE {table}"))
    await _copy_rights(connection, schema, [table.name for table in tables])


async def drop(connection: AsyncConnection, schema: str) -> None:
    """Throw a schema away; not the live one."""
    if schema == LIVE:
        raise ValueError("the live tables are replaced, never dropped")
    await connection.execute(text(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'))


async def rename(connection: AsyncConnection, old: str, new: str) -> None:
    """Rename a schema if it is there."""
    if old in await find_schemas(connection):
        await connection.execute(text(f'ALTER SCHEMA "{old}" RENAME TO "{new}"'))


def _tables(schema: str, sides: Sides) -> tuple[Table, ...]:
    """The read tables as another schema has them, in the order they refer to each other."""
    made = MetaData(schema=schema, naming_convention=METADATA.naming_convention)

    def to_same_schema(*_: Any) -> str:
        return schema

    for table in tables_of(sides):
        table.to_metadata(made, schema=schema, referred_schema_fn=to_same_schema)
    return tuple(made.sorted_tables)


async def _copy_rights(connection: AsyncConnection, schema: str, names: Sequence[str]) -> None:
    """Owner and grants as the live schema and its tables have them, whoever builds these; where these are the live
    ones, or there are none to copy from, those of `privileges`.
    """
    if schema == LIVE or not await has_live(connection):
        await connection.run_sync(own_read_tables)
        return
    for statement in await connection.scalars(_RIGHTS, {"live": LIVE, "made": schema, "names": list(names)}):
        await connection.execute(text(statement))


# Statements as text, made by the server that knows how to quote. Owners first: a grant is its grantor's.
_RIGHTS = text("""
WITH relations AS (
  SELECT relname, relowner, relacl FROM pg_class
  WHERE relnamespace = to_regnamespace(:live) AND relname = ANY(CAST(:names AS text[]))
), statements AS (
  SELECT 2 AS place, format('ALTER SCHEMA %I OWNER TO %I', CAST(:made AS text), nspowner::regrole) AS statement
  FROM pg_namespace WHERE nspname = :live AND nspowner <> current_user::regrole
  UNION ALL
  SELECT 1, format('ALTER TABLE %I.%I OWNER TO %s', CAST(:made AS text), relname, relowner::regrole) FROM relations
  WHERE relowner <> current_user::regrole
  UNION ALL
  SELECT 0, format('GRANT %s ON SCHEMA %I TO %s', privilege_type, CAST(:made AS text),
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
  FROM pg_namespace, aclexplode(nspacl) WHERE nspname = :live
  UNION ALL
  SELECT 0, format('GRANT %s ON %I.%I TO %s', privilege_type, CAST(:made AS text), relname,
    CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
  FROM relations, aclexplode(relacl)
)
SELECT statement FROM statements ORDER BY place, statement
""")
