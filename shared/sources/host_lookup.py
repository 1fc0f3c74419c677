"""From a host's name to its addresses, by this machine's resolver, within a time limit."""

import asyncio
import socket
from typing import Any, Protocol


class HostLookup(Protocol):
    """A resolver."""

    async def addresses(self, host: str, port: int) -> list[str]:
        """All addresses of a host, sorted. Raises socket.gaierror, and TimeoutError past the limit."""
        ...


class SystemLookup:
    """The resolver of this machine. A look-up holds a thread until the resolver gives up, also after its time is over,
    so no more than `at_once` are begun: connections of this process need threads to look up names, too.
    """

    def __init__(self, seconds: float, at_once: int = 3) -> None:
        self._seconds = seconds
        self._free = asyncio.Semaphore(at_once)

    async def addresses(self, host: str, port: int) -> list[str]:
        """See HostLookup.addresses."""
        async with asyncio.timeout(self._seconds):
            await self._free.acquire()
            looking = asyncio.ensure_future(
                asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
            )  # fmt: skip
            looking.add_done_callback(self._end)
            found = await asyncio.shield(looking)
        return sorted({str(entry[4][0]) for entry in found})

    def _end(self, looking: "asyncio.Future[Any]") -> None:
        self._free.release()
        if not looking.cancelled():
            looking.exception()  # after its time nobody waits for it
