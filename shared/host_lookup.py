"""From a host's name to its addresses, by this machine's resolver, within a time limit."""

import asyncio
import socket
from dataclasses import dataclass
from typing import Protocol


class HostLookup(Protocol):
    """A resolver."""

    async def addresses(self, host: str, port: int) -> list[str]:
        """All addresses of a host, sorted. Raises socket.gaierror, and TimeoutError past the limit."""
        ...


@dataclass(frozen=True)
class SystemLookup:
    """The resolver of this machine."""

    seconds: float

    async def addresses(self, host: str, port: int) -> list[str]:
        """See HostLookup.addresses."""
        async with asyncio.timeout(self.seconds):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return sorted({str(entry[4][0]) for entry in found})
