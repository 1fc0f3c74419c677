"""Alembic's entry: run migrations online with asyncpg, one process at a time."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from services.gateway.credentials.tables import credentials
from services.gateway.database.locks import MIGRATION
from services.gateway.database.privileges import apply_privileges
from services.gateway.database.read_schemas import make_live
from services.gateway.readmodels.registry import METADATA
from services.gateway.webhooks.tables import webhooks

_LOCK = text("SELECT pg_advisory_xact_lock(:id)")


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=[METADATA, *{table.metadata for table in (webhooks, credentials)}],
        include_schemas=True,
        version_table_schema="app",
    )
    with context.begin_transaction():
        # A second process waits here until the first has committed, then finds nothing to do.
        connection.execute(_LOCK, {"id": MIGRATION})
        connection.execute(text("CREATE SCHEMA IF NOT EXISTS app"))
        context.run_migrations()
        apply_privileges(connection)


async def _connect_and_migrate(database_url: str) -> None:
    engine = create_async_engine(database_url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
        async with connection.begin():
            await connection.execute(_LOCK, {"id": MIGRATION})
            await make_live(connection)
    await engine.dispose()


asyncio.run(_connect_and_migrate(context.config.attributes["database_url"]))
