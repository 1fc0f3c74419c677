"""The rights of every role on a real PostgreSQL: the gateway reads, the projector projects, the operator looks."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from cli.local.postgres_server import PostgresServer
from services.gateway.database.privileges import (
    APP_TABLES,
    CLASSROOM,
    GATEWAY,
    NOTIFIER,
    OPERATOR,
    PROJECTOR,
    ROLES,
    TUTOR,
    let_in,
)
from services.gateway.erase.erasures import erasures
from services.gateway.migrate import migrate
from services.gateway.readmodels.registry import METADATA
from services.notifier.tables import notices

STATEMENTS: dict[str, set[str]] = {
    "SELECT * FROM read_v1.courses": {GATEWAY, PROJECTOR, OPERATOR},
    "SELECT * FROM read_v1.checkpoints": {GATEWAY, PROJECTOR, OPERATOR, CLASSROOM, NOTIFIER},
    "SELECT email FROM read_v1.persons": {GATEWAY, PROJECTOR, OPERATOR, CLASSROOM, NOTIFIER},
    "SELECT answer FROM read_v1.learner_attempts": {GATEWAY, PROJECTOR, OPERATOR, CLASSROOM},
    "SELECT * FROM app.notices": {NOTIFIER, OPERATOR},
    "DELETE FROM app.notices": {NOTIFIER},
    "SELECT * FROM read_v1.persons": {GATEWAY, PROJECTOR, OPERATOR, CLASSROOM},
    "SELECT * FROM read_v1.org_api_keys": {GATEWAY, PROJECTOR, OPERATOR, CLASSROOM},
    "UPDATE read_v1.org_members SET role = 'owner'": {PROJECTOR},
    "INSERT INTO read_v1.checkpoints VALUES ('x', 1)": {PROJECTOR},
    "UPDATE read_v1.courses SET user_id = 'me'": {PROJECTOR},
    "DELETE FROM read_v1.courses": {PROJECTOR},
    "TRUNCATE read_v1.checkpoints": {PROJECTOR},
    "DROP TABLE read_v1.checkpoints": {PROJECTOR},
    "ALTER SCHEMA read_v1 RENAME TO read_v1_before": {PROJECTOR},
    "CREATE SCHEMA read_v1_next": {PROJECTOR},
    "CREATE TEMPORARY TABLE x (y text)": {PROJECTOR},
    "CREATE TABLE public.x (y text)": set(),
    "CREATE TABLE app.x (y text)": set(),
    "SELECT version_num FROM app.alembic_version": {GATEWAY, PROJECTOR, OPERATOR},
    "UPDATE app.alembic_version SET version_num = ''": set(),
    "SELECT * FROM app.idempotency_keys": {GATEWAY, OPERATOR},
    "SELECT request_hash, command_id FROM app.idempotency_keys WHERE key_hash = 'x'": {GATEWAY, OPERATOR, CLASSROOM},
    "INSERT INTO app.idempotency_keys (key_hash, request_hash, command_id) VALUES ('a', 'b', 'c')": {
        GATEWAY,
        CLASSROOM,
    },
    "UPDATE app.idempotency_keys SET body = NULL": {GATEWAY},
    "DELETE FROM app.idempotency_keys WHERE course_id = 'x'": {GATEWAY, PROJECTOR},
    "DELETE FROM app.idempotency_keys WHERE claimed_at < now()": {GATEWAY, CLASSROOM},
    # Sealed: the operator's backups hold them, and nobody who reads this table can open them.
    "SELECT * FROM app.credentials": {GATEWAY, OPERATOR},
    "UPDATE app.credentials SET owner = 'me'": {GATEWAY},
    "DELETE FROM app.credentials": {GATEWAY},
    "SELECT sealed FROM app.org_model_keys": {OPERATOR, TUTOR},
    "SELECT cost_usd FROM app.model_spending": {CLASSROOM, OPERATOR, TUTOR},
    "UPDATE app.model_spending SET cost_usd = 0": {CLASSROOM, TUTOR},
    "DELETE FROM app.model_spending WHERE org_id = 'x'": {PROJECTOR},
    "SELECT last_four, is_free_trial, changed_at FROM app.org_model_keys WHERE org_id = 'x'": {
        CLASSROOM,
        OPERATOR,
        TUTOR,
    },
    "INSERT INTO app.org_model_keys (org_id, is_free_trial) VALUES ('x', true)": {CLASSROOM},
    "DELETE FROM app.org_model_keys WHERE org_id = 'x'": {CLASSROOM, PROJECTOR},
    "SELECT * FROM app.erasures": {PROJECTOR, OPERATOR},
    "INSERT INTO app.erasures VALUES ('x', 'course')": {PROJECTOR},
    "DELETE FROM app.erasures WHERE aggregate_id = 'x'": {PROJECTOR},
    "DROP TABLE app.erasures": set(),
    "SELECT * FROM app.deleted_use": {GATEWAY, PROJECTOR, OPERATOR},
    "INSERT INTO app.deleted_use VALUES (1, now(), 'x', 1, 1)": {PROJECTOR},
    "DELETE FROM app.deleted_use": {PROJECTOR},
    "SELECT pg_notify('coursewright_projected', '1')": {GATEWAY, PROJECTOR, OPERATOR, CLASSROOM, NOTIFIER, TUTOR},
    "SELECT rolpassword FROM pg_authid": set(),
    "CREATE ROLE mine": set(),
    "GRANT coursewright_projector TO coursewright_gateway": set(),
    "SET ROLE coursewright": set(),
    "COPY read_v1.courses TO PROGRAM 'cat'": set(),
    "SELECT pg_read_file('PG_VERSION')": set(),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    made = PostgresServer(tmp_path_factory.mktemp("roles"), durable=False)
    made.start()
    made.wait()
    migrate(made.url)
    for role in ROLES:
        made.url_of(role)
    asyncio.run(let_in(made.url, made.passwords))
    yield made
    made.process.stop()
    made.remove()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        yield connection
        await connection.rollback()
    await engine.dispose()


async def is_allowed(connection: AsyncConnection, statement: str) -> bool:
    """Whether a right is missing; nothing is kept of what is done."""
    try:
        await connection.exec_driver_sql(statement)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":
            raise
        return False
    finally:
        await connection.rollback()
    return True


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_does_what_its_task_needs_and_nothing_else(server: PostgresServer, role: str) -> None:
    async with connected(server.url_of(role)) as connection:
        allowed = {statement for statement in STATEMENTS if await is_allowed(connection, statement)}
    assert allowed == {statement for statement, roles in STATEMENTS.items() if role in roles}


async def test_tables_of_an_older_data_folder_change_hands_at_its_next_start(server: PostgresServer) -> None:
    async with connected(server.url) as connection:
        for table in METADATA.sorted_tables:
            await connection.execute(text(f"ALTER TABLE {table} OWNER TO coursewright"))
        await connection.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA read_v1 FROM {', '.join(ROLES)}"))
        await connection.execute(text(f"GRANT ALL ON ALL TABLES IN SCHEMA app TO {GATEWAY}"))
        await connection.commit()
    async with connected(server.url_of(PROJECTOR)) as connection:
        assert not await is_allowed(connection, "DELETE FROM read_v1.courses")
    await asyncio.to_thread(migrate, server.url)
    async with connected(server.url_of(PROJECTOR)) as connection:
        assert await is_allowed(connection, "DELETE FROM read_v1.courses")
    async with connected(server.url_of(GATEWAY)) as connection:
        assert not await is_allowed(connection, "DELETE FROM app.erasures")
        assert await is_allowed(connection, "SELECT * FROM read_v1.courses")


async def _owner_of_a_database(server: PostgresServer, attributes: str) -> str:
    """A database whose owner is no superuser; its address."""
    name, password = f"owner_{secrets.token_hex(4)}", secrets.token_hex(8)
    engine = create_async_engine(server.url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(f"CREATE ROLE {name} LOGIN {attributes} PASSWORD '{password}'"))
        await connection.execute(text(f"CREATE DATABASE {name} OWNER {name}"))
        if attributes:
            await connection.execute(text(f"GRANT {', '.join(ROLES)} TO {name} WITH ADMIN OPTION"))
    await engine.dispose()
    address = make_url(server.url).set(username=name, password=password, database=name)
    return address.render_as_string(hide_password=False)


async def test_an_owner_who_is_no_superuser_sets_up_the_same_rights(server: PostgresServer) -> None:
    address = await _owner_of_a_database(server, "CREATEROLE")
    await asyncio.to_thread(migrate, address)
    async with connected(address) as connection:  # as tables of another version, which the migration makes again
        await connection.execute(text("ALTER TABLE read_v1.courses DROP COLUMN title"))
        await connection.commit()
    await asyncio.to_thread(migrate, address)
    database = make_url(address).database
    for role, may_write in ((PROJECTOR, True), (GATEWAY, False)):
        own = make_url(server.url_of(role)).set(database=database).render_as_string(hide_password=False)
        async with connected(own) as connection:
            assert await is_allowed(connection, "DELETE FROM read_v1.courses") is may_write
            assert await is_allowed(connection, "SELECT * FROM read_v1.courses")


async def test_every_table_of_the_gateway_is_in_the_table_of_rights(server: PostgresServer) -> None:
    assert notices.metadata is erasures.metadata
    names = {table.name for table in erasures.metadata.sorted_tables}
    assert names | {"alembic_version"} == set(APP_TABLES)


async def test_no_stranger_may_connect(server: PostgresServer) -> None:
    async with connected(server.url) as connection:
        await connection.execute(text("CREATE ROLE stranger LOGIN PASSWORD 'stranger'"))
        await connection.commit()
    address = make_url(server.url).set(username="stranger", password="stranger")
    with pytest.raises(DBAPIError, match="permission denied for database"):
        async with connected(address.render_as_string(hide_password=False)):
            pass
