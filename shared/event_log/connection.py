"""A connection to NATS that never gives up: the client's default ends for ever after two minutes without a server."""

import nats
import structlog
from nats.aio.client import Client

log = structlog.get_logger(__name__)


async def connect(url: str, name: str) -> Client:
    """Connect; `name` shows in the server's list of connections. The URL may hold a credential and is never logged."""

    async def on_error(error: Exception) -> None:
        log.warning("nats_error", error=str(error) or type(error).__name__)

    return await nats.connect(
        url, name=name, max_reconnect_attempts=-1, reconnect_time_wait=0.5, error_cb=on_error, ping_interval=20
    )
