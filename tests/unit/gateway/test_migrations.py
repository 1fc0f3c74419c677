"""The migrations make exactly the tables the code has."""

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.idempotency import APP_METADATA
from services.gateway.migrate import config, migrate
from services.gateway.readmodels.registry import METADATA
from tests.support.servers import Server


async def test_tables_and_code_do_not_differ(engine: AsyncEngine) -> None:
    def compare(connection: Connection) -> list[Any]:
        options = {"include_schemas": True, "include_name": _ours, "version_table_schema": "app"}
        context = MigrationContext.configure(connection, opts=options)
        found: list[Any] = compare_metadata(context, [METADATA, APP_METADATA])  # type: ignore[arg-type]
        return found

    async with engine.connect() as connection:
        assert await connection.run_sync(compare) == []


def _ours(name: str | None, kind: str, _: object) -> bool:
    return kind != "schema" or name in {"read_v1", "app"}


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(database_url)


async def test_every_row_belongs_to_a_course_that_exists(engine: AsyncEngine) -> None:
    """Foreign keys are real: each table but three refers to courses, directly or through others, and cascades."""
    query = text(
        "SELECT conrelid::regclass::text, confdeltype FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'read_v1'::regnamespace"
    )
    async with engine.connect() as connection:
        found = [(name, action) for name, action in await connection.execute(query)]
    assert {action for _, action in found} == {b"c"}
    tables = {f"read_v1.{table.name}" for table in METADATA.sorted_tables}
    assert tables - {name for name, _ in found} == {
        "read_v1.courses", "read_v1.checkpoints", "read_v1.projection_defects",
    }  # fmt: skip


def test_migrations_can_be_taken_back(postgres_server: Server, database_url: str) -> None:
    command.downgrade(config(database_url), "base")
    migrate(database_url)
