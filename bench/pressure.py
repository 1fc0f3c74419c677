"""Requests over kept connections, one after the other on each, for a while: how many a server answers."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 16


@dataclass
class Counted:
    """The answers of one route, and the processor time that the server's process took for them."""

    answers: int = 0
    seconds: float = 0.0
    processor_seconds: float = 0.0
    bytes: int = 0

    def add(self, other: "Counted") -> None:
        """Sum up, slice by slice."""
        self.answers += other.answers
        self.seconds += other.seconds
        self.processor_seconds += other.processor_seconds
        self.bytes = other.bytes

    @property
    def per_second(self) -> float:
        """Answers in a second of the clock."""
        return self.answers / self.seconds

    @property
    def microseconds(self) -> float:
        """Processor time of an answer."""
        return 1e6 * self.processor_seconds / self.answers


async def press(url: str, seconds: float, headers: dict[str, str]) -> Counted:
    """GET from all connections at once. Raises RuntimeError for an answer other than 200."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {target} HTTP/1.1", f"Host: {parts.netloc}", *(f"{name}: {text}" for name, text in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    counted, began = Counted(), time.monotonic()
    address = parts.hostname or "", parts.port or 80
    await asyncio.gather(*(_call(*address, request, began + seconds, counted) for _ in range(CONNECTIONS)))
    counted.seconds = time.monotonic() - began
    return counted


async def _call(host: str, port: int, request: bytes, until: float, counted: Counted) -> None:
    """One kept connection. It sends the same request again as soon as it has the whole answer."""
    reader, writer = await asyncio.open_connection(host, port)
    while True:
        writer.write(request)
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        if first.split()[1] != b"200":
            raise RuntimeError(f"an answer was {first.decode()}")
        lengths = [int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")]
        counted.bytes = lengths[0] if lengths else 0
        await reader.readexactly(counted.bytes)
        if time.monotonic() >= until:
            writer.close()
            return
        counted.answers += 1
