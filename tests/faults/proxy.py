"""A TCP proxy on the loopback interface that breaks connections in the ways networks do."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

_CHUNK = 65_536


class Proxy:
    """Passes bytes on to `port` until it is told otherwise. `cuts` and `swallowed_bytes` say what it has done."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.port = 0
        self.cuts = 0
        self.swallowed_bytes = 0
        self._budget: int | None = None
        self._deaf = False
        self._pipes: set[asyncio.StreamWriter] = set()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Proxy"]:
        """Listen on `self.port`."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self.cut()
            server.close()
            await server.wait_closed()

    def cut(self) -> None:
        """Reset every connection now; new ones work."""
        self._budget, self._deaf = None, False
        self.cuts += len(self._pipes) // 2
        for pipe in tuple(self._pipes):
            pipe.transport.abort()

    def cut_after(self, answer_bytes: int) -> None:
        """Let so many bytes of answers through, wherever in a message that ends, then cut."""
        self._budget = answer_bytes

    def swallow_answers(self) -> None:
        """Messages arrive, and their answers are swallowed, until the next cut."""
        self._deaf = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._pipes |= {writer, back}
        try:
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer, answers=True))
        finally:
            for pipe in (writer, back):
                self._pipes.discard(pipe)
                pipe.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, answers: bool = False) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(_CHUNK):
                passed = self._admit(data) if answers else data
                self.swallowed_bytes += len(data) - len(passed)
                sink.write(passed)
                await sink.drain()
                if self._budget == 0:
                    self.cut()
        sink.transport.abort()

    def _admit(self, data: bytes) -> bytes:
        if self._deaf:
            return b""
        if self._budget is None:
            return data
        passed = data[: self._budget]
        self._budget -= len(passed)
        return passed
