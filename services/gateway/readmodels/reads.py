"""Reads of the read models: each read is one statement without a transaction around it, and the driver runs it.

SQLAlchemy compiles the statement to text, which a `Query` keeps. The engine's pool and its greenlets would cost
several times the processor time of the driver alone.
"""

import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import asyncpg
from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]
_CONNECT_SECONDS = 3
_STATEMENT_SECONDS = 30
# The last one is raised on a connection that the server closed between two messages of one statement.
_ASYNCPG_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class Query:
    """A statement as the driver takes it; values go by the names of the statement's parameters."""

    def __init__(self, statement: Select[Any]) -> None:
        compiled = statement.compile(dialect=_DIALECT)
        self.text = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._values = compiled.params

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the text; those that the statement itself holds need not be given."""
        values = {**self._values, **given}
        return [values[name] for name in self._names]


class Reads:
    """At most `most` connections to the engine's database. They are opened when they are needed."""

    def __init__(self, engine: AsyncEngine, most: int, require_filled: Callable[[], None]) -> None:
        self._url, self._most, self._require_filled = engine.url, most, require_filled
        self._pool: asyncpg.Pool | None = None

    async def all(self, statement: Select[Any] | Query, **values: Any) -> list[SimpleNamespace]:
        """The rows. Raises DBAPIError, OSError when the database cannot be reached, and TablesFilling."""
        self._require_filled()
        query = statement if isinstance(statement, Query) else Query(statement)
        pool = self._pool or await self._open()
        try:
            rows = await pool.fetch(query.text, *query.arguments(values))
        except _ASYNCPG_ERRORS as error:
            raise DBAPIError(query.text, None, error, hide_parameters=True) from error
        return [SimpleNamespace(**row) for row in rows]

    async def one(self, statement: Select[Any] | Query, **values: Any) -> SimpleNamespace | None:
        """The row of a statement that finds at most one."""
        rows = await self.all(statement, **values)
        return rows[0] if rows else None

    async def _open(self) -> asyncpg.Pool:
        options = _DIALECT.create_connect_args(self._url)[1]  # type: ignore[no-untyped-call]
        self._pool = asyncpg.create_pool(
            **options, min_size=0, max_size=self._most, init=_read_json, reset=_leave_as_it_is,
            timeout=_CONNECT_SECONDS, command_timeout=_STATEMENT_SECONDS,
        )  # fmt: skip
        return await self._pool  # does not pause: with min_size=0 the pool connects later

    def close(self) -> None:
        if self._pool is not None:
            self._pool.terminate()


async def _read_json(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)


async def _leave_as_it_is(_: asyncpg.Connection) -> None:
    """Single statements leave nothing behind. The driver would ask the server to reset the session after each one."""
