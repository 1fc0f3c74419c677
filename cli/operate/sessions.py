"""A piece of work with a connection to the log or the database, run to its end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.ending import is_of_file
from cli.operate.access import Target
from shared.event_log.connection import connect
from shared.kernel.errors import LogUnavailable, NotFound, NotPermitted, PermanentError, TransientError

R = TypeVar("R")

_CONNECT_SECONDS = 5


def with_log(target: Target, work: Callable[[Client], Awaitable[R]]) -> R:
    """Connect, work, close. What the server refuses is raised as an error of ours."""

    async def session() -> R:
        nc = await connect(target.nats_url, "operator")
        try:
            return await work(nc)
        except NotFoundError as error:
            message = f"The event log has no such thing ({error.description}); `coursewright topology apply` makes it"
            raise NotFound(message) from error
        except APIError as error:
            raise PermanentError(f"The event log refused: {error.description}", code="log_refused") from error
        except NotPermitted as error:
            message = f"{error.message}. Each command needs its user on NATS; docs/operate.md says which"
            raise NotPermitted(message) from error
        except (nats.errors.Error, TimeoutError) as error:
            raise LogUnavailable("The event log does not answer") from error
        finally:
            await nc.close()

    return asyncio.run(session())


@asynccontextmanager
async def database(url: str) -> AsyncIterator[AsyncEngine]:
    """An engine for one command. Raises TransientError when the database goes away or refuses; the error of a file or
    a disk goes on as it is.
    """
    engine = create_async_engine(url, connect_args={"timeout": _CONNECT_SECONDS})
    try:
        yield engine
    except (DBAPIError, OSError) as error:
        if isinstance(error, OSError) and is_of_file(error):
            raise
        said = str(error.orig if isinstance(error, DBAPIError) else error)
        reason = said.partition("\n")[0] or "no answer in time"
        raise TransientError(f"The database failed: {reason}", code="database_failed") from error
    finally:
        await engine.dispose()


def with_database(url: str, work: Callable[[AsyncEngine], Awaitable[R]]) -> R:
    """Connect, work, close."""

    async def session() -> R:
        async with database(url) as engine:
            return await work(engine)

    return asyncio.run(session())
