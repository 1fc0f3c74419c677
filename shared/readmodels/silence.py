"""A client that stands still must not hold what others wait for: its session ends, and with it its locks and what it
had not committed.

The server is the judge, by its own clock, and nothing of a session outlives it: what was frozen and wakes up finds its
connection closed, and cannot write with a lock that another one holds by then.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any, TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

R = TypeVar("R")

SILENT_SECONDS = 15.0
_SIGNS = 5  # of life, while a session may be silent
# Between transactions, inside one, and while it does not take what the server sends.
_TIMEOUTS = ("idle_session_timeout", "idle_in_transaction_session_timeout", "tcp_user_timeout")


@contextlib.asynccontextmanager
async def ended_when_silent(connection: AsyncConnection) -> AsyncIterator[None]:
    """From here on the server ends the session when nothing is heard of it for `SILENT_SECONDS`. Locks it takes are
    given back with it: the connection is not used again.
    """
    milliseconds = str(int(SILENT_SECONDS * 1000))
    try:
        async with connection.begin():
            for name in _TIMEOUTS:
                await connection.execute(select(func.set_config(name, milliseconds, False)))
        yield
    finally:
        await connection.invalidate()  # a pooled connection would keep its locks; one that is thrown away cannot


async def end_silent_holder(connection: AsyncConnection, lock: int) -> None:
    """End a session of our role that holds a lock and stands still in the middle of a statement: the server waits for
    the rest of what it sent, or for it to take an answer, and counts neither as silence.
    """
    about = {"high": lock >> 32, "low": lock & 0xFFFF_FFFF, "seconds": SILENT_SECONDS}
    async with connection.begin():
        await connection.execute(_END_HOLDER, about)


_END_HOLDER = text(
    "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE locktype = 'advisory' AND granted AND classid = :high AND objid = :low"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    " AND wait_event_type = 'Client' AND state_change < clock_timestamp() - make_interval(secs => :seconds)"
)


async def with_signs_of_life(connection: AsyncConnection, work: Coroutine[Any, Any, R]) -> R:
    """Wait for work that needs no database, in a transaction of a session that must not fall silent."""
    task = asyncio.create_task(work)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=SILENT_SECONDS / _SIGNS)
            if not task.done():
                await connection.execute(select(1))
        return task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
