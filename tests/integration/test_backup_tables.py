"""Tables of schema `app` to files and back, also those nobody has thought of yet."""

from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.operate.backup.tables import load_tables, save_tables
from shared.kernel.errors import PermanentError
from tests.support.servers import Server

_TABLES = """
CREATE SCHEMA app;
CREATE TABLE app.alembic_version (version_num text);
CREATE TABLE app.owners (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL,
  shouted text GENERATED ALWAYS AS (upper(name)) STORED);
CREATE TABLE app.credentials (id serial PRIMARY KEY, owner bigint NOT NULL REFERENCES app.owners, secret bytea);
"""


async def database(server: Server, name: str) -> AsyncEngine:
    admin = create_async_engine(server.url, isolation_level="AUTOCOMMIT")
    async with admin.connect() as connection:
        await connection.execute(text(f"CREATE DATABASE {name}"))
    await admin.dispose()
    engine = create_async_engine(make_url(server.url).set(database=name))
    async with engine.begin() as connection:
        for statement in _TABLES.split(";\n"):
            if statement.strip():
                await connection.execute(text(statement))
    return engine


async def test_rows_come_back_whatever_they_hold_and_numbers_go_on(postgres_server: Server, tmp_path: Path) -> None:
    source, target = await database(postgres_server, "tables_from"), await database(postgres_server, "tables_to")
    async with source.begin() as connection:
        names = "INSERT INTO app.owners (name) VALUES (E'tab\\there \\\\N'), ('Zoë'), (E'two\\nlines')"
        await connection.execute(text(names))
        await connection.execute(text("INSERT INTO app.credentials (owner, secret) VALUES (3, '\\x00ff'), (2, NULL)"))
    parts = await save_tables(source, tmp_path, lambda name: True)
    assert {name: part.rows for name, part in parts.items()} == {"owners": 3, "credentials": 2}
    await load_tables(target, tmp_path, parts)
    for table in ("owners", "credentials"):
        rows = []
        for engine in (source, target):
            async with engine.begin() as connection:
                rows.append((await connection.execute(text(f"SELECT * FROM app.{table} ORDER BY id"))).all())
        assert rows[0] == rows[1]
    async with target.begin() as connection:
        assert await connection.scalar(text("INSERT INTO app.owners (name) VALUES ('next') RETURNING id")) == 4
        added = "INSERT INTO app.credentials (owner) VALUES (4) RETURNING id"
        assert await connection.scalar(text(added)) == 3
    for engine in (source, target):
        await engine.dispose()


async def test_a_table_the_database_does_not_have_is_refused(postgres_server: Server, tmp_path: Path) -> None:
    source = await database(postgres_server, "tables_more")
    parts = await save_tables(source, tmp_path, lambda name: True)
    async with source.begin() as connection:
        await connection.execute(text("DROP TABLE app.credentials"))
    with pytest.raises(PermanentError, match=r"app\.credentials"):
        await load_tables(source, tmp_path, parts)
    await source.dispose()
