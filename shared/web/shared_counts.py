"""Counts of requests, told to the other processes of the API once a second: one message for all callers.

A message that is lost does no harm: counts are totals of a window, so the next request of the caller tells them again.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.event_log.names import REQUEST_COUNTS
from shared.kernel.ids import new_id
from shared.web.request_counts import RequestCounts

log = structlog.get_logger(__name__)

_MOST_TOLD = 20_000  # callers in a message, well below the largest payload of the server

Tell = Callable[[bytes], Awaitable[None]]


async def share_counts(nc: Client, counts: RequestCounts, every_seconds: float = 1.0) -> None:
    """Hear the other processes and tell them, until cancelled."""
    shared = SharedCounts(counts)

    async def hear(message: Msg) -> None:
        shared.hear(message.data)

    async def tell(body: bytes) -> None:
        await nc.publish(REQUEST_COUNTS, body)

    await nc.subscribe(REQUEST_COUNTS, cb=hear)
    while True:
        await asyncio.sleep(every_seconds)
        try:
            await shared.tell(tell)
        except nats.errors.Error as error:
            log.warning("counts_not_told", error=type(error).__name__)


class SharedCounts:
    """The messages between processes."""

    def __init__(self, counts: RequestCounts) -> None:
        self._counts = counts
        self._process = new_id()

    async def tell(self, send: Tell) -> None:
        """Send what has changed; nothing when nobody called."""
        for index, found in self._counts.changed().items():
            callers = sorted(found.items())
            for first in range(0, len(callers), _MOST_TOLD):
                part = dict(callers[first : first + _MOST_TOLD])
                body = {"process": self._process, "window": index, "counts": part}
                await send(json.dumps(body, separators=(",", ":")).encode())

    def hear(self, body: bytes) -> None:
        """Take over what another process tells."""
        try:
            told = json.loads(body)
            process, index, counts = str(told["process"]), int(told["window"]), dict(told["counts"])
            found = {str(key): int(count) for key, count in counts.items()}
        except (ValueError, KeyError, TypeError):
            log.warning("counts_unreadable")
            return
        if process != self._process:
            self._counts.hear(process, index, found)
