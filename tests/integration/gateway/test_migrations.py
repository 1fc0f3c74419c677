"""The migrations make exactly the tables the code has."""

import asyncio
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.migrate import migrate
from services.gateway.readmodels.registry import METADATA, SIDES
from services.notifier.tables import notices
from shared.kernel.errors import PermanentError
from shared.readmodels.base import APP_METADATA
from shared.readmodels.checkpoint import checkpoints


async def test_tables_and_code_do_not_differ(engine: AsyncEngine) -> None:
    assert notices.metadata is APP_METADATA  # whoever owns a table of this schema, the migrations make it

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


async def test_every_row_belongs_to_an_aggregate_that_exists(engine: AsyncEngine) -> None:
    """Foreign keys are real: each refers to its root, directly or through others, and cascades. Defects are free."""
    query = text(
        "SELECT conrelid::regclass::text, confdeltype FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = 'read_v1'::regnamespace"
    )
    async with engine.connect() as connection:
        found = [(name, action) for name, action in await connection.execute(query)]
    assert {action for _, action in found} == {b"c"}
    free = {checkpoints, *(table for side in SIDES for table in (side.root, side.defects))}
    assert set(map(str, METADATA.sorted_tables)) - {name for name, _ in found} == set(map(str, free))


@pytest.mark.parametrize("change", ["DROP COLUMN title", "ADD COLUMN of_another_version text NOT NULL"])
async def test_read_tables_of_another_version_are_made_again(
    engine: AsyncEngine, database_url: str, change: str
) -> None:
    before = await _described(engine)
    async with engine.begin() as connection:
        await connection.execute(text(f"ALTER TABLE read_v1.courses {change}"))
    assert await _described(engine) != before
    await asyncio.to_thread(migrate, database_url)
    assert await _described(engine) == before


async def test_what_the_log_does_not_hold_and_read_tables_of_this_version_stay(
    engine: AsyncEngine, database_url: str
) -> None:
    async with engine.begin() as connection:
        await connection.execute(text(_WEBHOOK))
        await connection.execute(text("INSERT INTO read_v1.checkpoints (stream, seq) VALUES ('COURSES', 7)"))
    await asyncio.to_thread(migrate, database_url)
    async with engine.begin() as connection:
        assert await connection.scalar(text("DELETE FROM app.webhooks RETURNING webhook_id")) == "kept"
        assert await connection.scalar(text("DELETE FROM read_v1.checkpoints RETURNING seq")) == 7


async def test_a_database_of_an_unknown_revision_is_refused_with_the_way_out(
    engine: AsyncEngine, database_url: str
) -> None:
    head = await _put_revision(engine, "0009")
    with pytest.raises(PermanentError, match=r"empty database.*from the log.*'0009'") as refused:
        await asyncio.to_thread(migrate, database_url)
    await _put_revision(engine, head)
    assert refused.value.code == "unknown_revision"


async def _put_revision(engine: AsyncEngine, revision: str) -> str:
    """The revision before."""
    async with engine.begin() as connection:
        before = str(await connection.scalar(text("SELECT version_num FROM app.alembic_version")))
        await connection.execute(text("UPDATE app.alembic_version SET version_num = :revision"), {"revision": revision})
    return before


_WEBHOOK = (
    "INSERT INTO app.webhooks (webhook_id, owner, url, event_types, description, enabled, secret)"
    " VALUES ('kept', '', '', '{}', '', true, '')"
)
