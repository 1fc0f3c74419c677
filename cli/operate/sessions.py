"""A piece of work with a connection to the log, run to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError

from cli.operate.access import Target
from shared.errors import LogUnavailable, NotFound, PermanentError
from shared.event_log.connection import connect

R = TypeVar("R")


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
        except (nats.errors.Error, TimeoutError) as error:
            raise LogUnavailable("The event log does not answer") from error
        finally:
            await nc.close()

    return asyncio.run(session())
