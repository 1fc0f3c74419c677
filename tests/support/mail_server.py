"""A mail server on the loopback interface that speaks as much SMTP as is needed, and keeps what it takes."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import Message
from typing import Self


class MailServer:
    """`answers`: codes that messages are refused with, in order; then they are taken."""

    def __init__(self, answers: Iterable[int] = ()) -> None:
        self.answers, self.taken = deque(answers), list[Message]()
        self.url = ""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Self]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield self
        server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 here\r\n")
        while line := await reader.readline():
            if line[:4].upper() == b"DATA":
                writer.write(b"354 go on\r\n")
                body = await reader.readuntil(b"\r\n.\r\n")
                if self.answers:
                    writer.write(b"%d not now\r\n" % self.answers.popleft())
                else:
                    self.taken.append(message_from_bytes(body))
                    writer.write(b"250 taken\r\n")
            else:
                writer.write(b"221 bye\r\n" if line[:4].upper() == b"QUIT" else b"250 yes\r\n")
            await writer.drain()
        writer.close()
