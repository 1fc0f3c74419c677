"""Turns by a lock that all processes on one database share."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from weakref import WeakValueDictionary

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

_KEYS_AT_ONCE = 4  # each holds a connection while its request is carried out, which needs another one


class Turns:
    """One caller at a time for each key, and so many keys at once."""

    def __init__(self, engine: AsyncEngine, keys_at_once: int = _KEYS_AT_ONCE) -> None:
        self._engine = engine
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._places = asyncio.Semaphore(keys_at_once)

    @contextlib.asynccontextmanager
    async def alone(self, key: str) -> AsyncIterator[None]:
        """During the block this caller alone has the key."""
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn, self._places, self._engine.connect() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
            yield
            with contextlib.suppress(SQLAlchemyError, OSError):  # the work is done, also when the lock is lost
                await connection.rollback()
