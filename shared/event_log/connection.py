"""A connection to NATS that never gives up: the client's default ends for ever after two minutes without a server."""

import asyncio
from typing import Any
from urllib.parse import unquote, urlsplit

import nats
import structlog
from nats.aio.client import Client

from shared.errors import LogUnavailable

_FIRST_CONNECT_SECONDS = 15.0

log = structlog.get_logger(__name__)


def connect_options(url: str) -> dict[str, Any]:
    """How every process connects: `url` is one address or several, separated by commas.

    A credential in the first address is taken out and sent to every server: the client learns a cluster's other
    servers by address only, and would stand at a closed door when the one it knows dies.
    """
    addresses = [urlsplit(address.strip()) for address in url.split(",")]
    options: dict[str, Any] = {
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": 0.5,
        # A frozen server keeps its sockets open: it is left when it has not answered for ten seconds.
        "ping_interval": 5,
        "max_outstanding_pings": 1,
    }
    if addresses[0].password is not None:
        options |= {"user": unquote(addresses[0].username or ""), "password": unquote(addresses[0].password)}
        addresses = [one._replace(netloc=one.netloc.rpartition("@")[2]) for one in addresses]
    return options | {"servers": [one.geturl() for one in addresses]}


async def connect(url: str, name: str) -> Client:
    """Connect; `name` shows in the server's list of connections. The URL may hold a credential and is never logged."""

    async def on_error(error: Exception) -> None:
        log.warning("nats_error", error=str(error) or type(error).__name__)

    try:
        async with asyncio.timeout(_FIRST_CONNECT_SECONDS):
            return await nats.connect(name=name, error_cb=on_error, **connect_options(url))
    except (TimeoutError, nats.errors.Error, OSError) as error:
        raise LogUnavailable("NATS does not answer; look at NATS_URL") from error
