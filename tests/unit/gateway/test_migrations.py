"""The migrations make exactly the tables the code has."""

import asyncio
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.migrate import config, migrate
from services.gateway.readmodels.registry import METADATA
from services.gateway.write.idempotency import APP_METADATA


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


async def test_migrating_again_changes_nothing(engine: AsyncEngine, database_url: str) -> None:
    before = await _described(engine)
    await asyncio.to_thread(migrate, database_url)
    assert await _described(engine) == before


async def _described(engine: AsyncEngine) -> list[tuple[Any, ...]]:
    """Every column of our tables and indexes, and at which migration they are."""
    columns = text(
        "SELECT attrelid::regclass::text, attname, atttypid::regtype::text, attnotnull FROM pg_attribute"
        " JOIN pg_class ON pg_class.oid = attrelid WHERE relkind IN ('r', 'i') AND attnum > 0 AND NOT attisdropped"
        " AND relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname IN ('app', 'read_v1')) ORDER BY 1, 2"
    )
    async with engine.connect() as connection:
        found = [tuple(row) for row in await connection.execute(columns)]
        return [*found, *(tuple(row) for row in await connection.execute(text("SELECT * FROM app.alembic_version")))]


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


async def test_migrations_can_be_taken_back(engine: AsyncEngine, database_url: str) -> None:
    before = await _described(engine)
    await asyncio.to_thread(command.downgrade, config(database_url), "base")
    async with engine.connect() as connection:
        left = list(await connection.scalars(_OURS))
    await asyncio.to_thread(migrate, database_url)
    assert left == ["app.alembic_version"]
    assert await _described(engine) == before


async def test_what_the_planner_had_copied_of_users_texts_is_forgotten(engine: AsyncEngine, database_url: str) -> None:
    await asyncio.to_thread(command.downgrade, config(database_url), "0004")
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        for number in range(3):
            values = {"number": str(number), "text": f"zqmarker {number}"}
            for statement in (_WEBHOOK, _DELIVERY, _COURSE, _PATHWAY):
                await connection.execute(text(statement), values)
        await connection.execute(text("ANALYZE"))
        before = set(await connection.scalars(_COPIED, {"word": "%zqmarker%"}))
        await asyncio.to_thread(migrate, database_url)
        await connection.execute(text("ANALYZE"))
        after = set(await connection.scalars(_COPIED, {"word": "%zqmarker%"}))
    assert before == {"app.webhook_deliveries.body", "read_v1.courses.title", "read_v1.pathways.id"}
    assert after == set()


_WEBHOOK = (
    "INSERT INTO app.webhooks (webhook_id, owner, url, event_types, description, enabled, secret)"
    " VALUES (:number, '', '', '{}', '', true, '')"
)
_DELIVERY = (
    "INSERT INTO app.webhook_deliveries (delivery_id, webhook_id, event_id, seq, course_id, event_type, body)"
    " VALUES (:number, :number, :number, 1, '', '', :text)"
)
_COURSE = (
    "INSERT INTO read_v1.courses (course_id, user_id, title, description, status, current_stage, progress_percentage,"
    " dead, created_at, updated_at, seq, state)"
    " VALUES (:number, '', :text, '', '', '', 0, false, now(), now(), 1, '{}')"
)
# Its id is part of a key, and another table refers to it.
_PATHWAY = (
    "INSERT INTO read_v1.pathways (course_id, id, position, kind, title, description, complexity_level,"
    " estimated_duration, estimated_minutes, prerequisites, revised, created_at)"
    " VALUES (:number, :text, 1, '', '', '', '', '', 1, '[]', false, now())"
)
_COPIED = text(
    "SELECT concat_ws('.', schemaname, tablename, attname) FROM pg_stats"
    " WHERE concat(most_common_vals::text, histogram_bounds::text) LIKE :word"
)
_OURS = text("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('app', 'read_v1')")
