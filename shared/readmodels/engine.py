"""The pool of connections to the tables."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.kernel.serving import ServingSettings


def _refuse_closed(connection: Any, _: object, __: object) -> None:
    """Have the pool open another connection in place of one that the server has closed. The driver knows; a ping would
    ask the server before each statement.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


@contextlib.asynccontextmanager
async def open_engine(settings: ServingSettings) -> AsyncIterator[AsyncEngine]:
    """A pool that gives up within seconds when the server does not answer."""
    engine = create_async_engine(
        settings.database_url.get_secret_value(), pool_size=settings.database_pool_size, max_overflow=5,
        pool_timeout=3, hide_parameters=True, connect_args={"timeout": 3, "command_timeout": 30},
    )  # fmt: skip
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    try:
        yield engine
    finally:
        await engine.dispose()
