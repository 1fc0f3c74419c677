"""Requests over kept connections, one after the other on each, for a while: how many a server answers."""

import asyncio
import time
from dataclasses import dataclass, field
from functools import partial
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


@dataclass
class _Caller(asyncio.Protocol):
    """One kept connection. It sends the same request again as soon as it has the whole answer."""

    request: bytes
    status: bytes
    until: float
    done: "asyncio.Future[None]"
    counted: Counted
    transport: asyncio.Transport | None = None
    _buffer: bytearray = field(default_factory=bytearray)
    _left: int = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if self._left < 0:
            self._buffer += data
            head, end, body = self._buffer.partition(b"\r\n\r\n")
            if not end:
                return
            self._begin(bytes(head), len(body))
        else:
            self._left -= len(data)
        if self._left == 0:
            self._next()

    def _begin(self, head: bytes, received: int) -> None:
        first, *lines = head.lower().split(b"\r\n")
        if first.split()[1] != self.status:
            self._end(RuntimeError(f"an answer was {first.decode()}"))
            return
        lengths = [line.partition(b":")[2] for line in lines if line.startswith(b"content-length:")]
        length = int(lengths[0]) if lengths else 0
        self.counted.bytes = length
        self._left = length - received
        self._buffer.clear()

    def _next(self) -> None:
        self._left = -1
        assert self.transport is not None
        if time.monotonic() >= self.until:
            self.transport.close()
            self._end(None)
            return
        self.counted.answers += 1
        self.transport.write(self.request)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or RuntimeError("the server closed a connection"))

    def _end(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)


def _same(caller: _Caller) -> _Caller:
    return caller


async def press(url: str, seconds: float, headers: dict[str, str], status: int = 200) -> Counted:
    """GET from all connections at once. Raises RuntimeError for an answer with another status."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [
        f"GET {target} HTTP/1.1",
        f"Host: {parts.netloc}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    host, port = parts.hostname or "", parts.port or 80
    loop, counted, began = asyncio.get_running_loop(), Counted(), time.monotonic()
    callers = [
        _Caller(request, str(status).encode(), began + seconds, loop.create_future(), counted)
        for _ in range(CONNECTIONS)
    ]
    for caller in callers:
        await loop.create_connection(partial(_same, caller), host, port)
    await asyncio.gather(*(caller.done for caller in callers))
    counted.seconds = time.monotonic() - began
    return counted
