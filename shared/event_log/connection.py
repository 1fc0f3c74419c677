"""A connection to NATS that never gives up: the client's default ends for ever after two minutes without a server."""

import asyncio

import nats
import structlog
from nats.aio.client import Client

from shared.errors import LogUnavailable

_FIRST_CONNECT_SECONDS = 15.0

log = structlog.get_logger(__name__)


async def connect(url: str, name: str) -> Client:
    """Connect; `name` shows in the server's list of connections. The URL may hold a credential and is never logged."""

    async def on_error(error: Exception) -> None:
        log.warning("nats_error", error=str(error) or type(error).__name__)

    try:
        async with asyncio.timeout(_FIRST_CONNECT_SECONDS):
            return await nats.connect(
                url, name=name, max_reconnect_attempts=-1, reconnect_time_wait=0.5, error_cb=on_error, ping_interval=20
            )
    except (TimeoutError, nats.errors.Error, OSError) as error:
        raise LogUnavailable("NATS does not answer; look at NATS_URL") from error
