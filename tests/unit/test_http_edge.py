"""A client that connects has to send its request in time, and only so many clients may be connected."""

import asyncio
import contextlib
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from cli.local.ports import free_port
from shared.kernel.http_edge import EdgeConfig, EdgeLimits
from shared.kernel.probe import HostedServer
from shared.kernel.web_sockets import EdgeSocket

ASK = b"GET /asked HTTP/1.1\r\nHost: here\r\n\r\n"
_PATIENCE_SECONDS = 10.0
_FOREVER = EdgeLimits(head_seconds=600, body_seconds=600, idle_seconds=600, stall_seconds=600)


async def asked(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def read(request: Request) -> Response:
    return JSONResponse({"bytes": len(await request.body())})


async def caller(request: Request) -> Response:
    assert request.client is not None
    return JSONResponse({"address": request.client.host})


async def stream(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"begun\n"
        await asyncio.Event().wait()

    return StreamingResponse(pieces())


async def endless(_: Request) -> Response:
    async def pieces() -> AsyncIterator[bytes]:
        while True:
            yield bytes(2**16)
            await asyncio.sleep(0)  # what has been read from a file would come so

    return StreamingResponse(pieces())


GONE = asyncio.Event()


async def endless_messages(socket: WebSocket) -> None:
    await socket.accept()
    try:
        while True:
            await socket.send_bytes(bytes(2**16))
    finally:
        GONE.set()


async def one_message(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())


APP = Starlette(
    routes=[
        Route("/asked", asked), Route("/read", read, methods=["POST"]), Route("/stream", stream),
        Route("/endless", endless), WebSocketRoute("/messages", endless_messages), Route("/caller", caller),
        WebSocketRoute("/message", one_message),
    ]
)  # fmt: skip


class Serving:
    """A server with these limits."""

    def __init__(self, server: HostedServer, port: int) -> None:
        self.server, self.port = server, port

    @property
    def connections(self) -> int:
        return len(self.server.server_state.connections)

    async def connect(self, words: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        lines, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(words)
        return lines, writer

    async def ask(self) -> bytes:
        """The first line of an answer."""
        lines, writer = await self.connect(ASK)
        try:
            return await lines.readline()
        finally:
            writer.close()


@contextlib.asynccontextmanager
async def serving(limits: EdgeLimits) -> AsyncIterator[Serving]:
    port = free_port()
    server = HostedServer(
        EdgeConfig(
            APP, host="127.0.0.1", port=port, limits=limits, stop_seconds=1, sockets=EdgeSocket, message_bytes=4096
        )
    )
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
        await asyncio.sleep(0.01)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            yield Serving(server, port)
    finally:
        server.should_exit = server.force_exit = True
        await task


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (b"", b""),
        (b"GET /asked HTTP/1.1\r\nHost: he", b"HTTP/1.1 408 Request Timeout\r\n"),
        (b"POST /read HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nfour", b"HTTP/1.1 408 Request Timeout\r\n"),
        (ASK + b"GET /asked HT", b"HTTP/1.1 200 OK\r\n"),
        (ASK, b"HTTP/1.1 200 OK\r\n"),
    ],
    ids=["silence", "half a head", "half a body", "half a second head", "nothing more"],
)
async def test_a_request_that_does_not_come_whole_is_not_waited_for(words: bytes, answer: bytes) -> None:
    async with serving(EdgeLimits(head_seconds=0.2, body_seconds=0.2, idle_seconds=1)) as server:
        lines, _ = await server.connect(words)
        assert (await lines.read()).startswith(answer), "and then the connection is closed"


@pytest.mark.parametrize("length", [b"Content-Length: 4\r\nTransfer-Encoding: chunked",
                                    b"transfer-encoding: chunked\r\ncontent-length: 9"])  # fmt: skip
async def test_a_request_that_says_its_length_twice_is_refused_with_what_follows_it(length: bytes) -> None:
    async with serving(EdgeLimits()) as server:
        words = b"POST /read HTTP/1.1\r\nHost: here\r\n" + length + b"\r\n\r\n0\r\n\r\n" + ASK
        lines, _ = await server.connect(words)
        answer = await lines.read()
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert answer.count(b"HTTP/1.1") == 1, "and the connection is closed"


async def test_a_byte_now_and_then_buys_no_more_time() -> None:
    async with serving(EdgeLimits(head_seconds=0.5)) as server:
        lines, writer = await server.connect(b"GET /asked HTTP/1.1\r\nX: ")
        ended = asyncio.create_task(lines.read())
        while not ended.done():
            writer.write(b"x")
            await asyncio.wait({ended}, timeout=0.05)
        assert b" 408 " in await ended


async def test_a_slow_request_that_comes_whole_in_time_is_answered() -> None:
    async with serving(EdgeLimits()) as server:
        lines, writer = await server.connect()
        for byte in b"POST /read HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc":
            writer.write(bytes([byte]))
            await writer.drain()
        assert b" 200 " in await lines.readline()


async def test_those_that_say_nothing_make_room_for_those_that_ask() -> None:
    async with serving(EdgeLimits(20, _FOREVER.head_seconds)) as server:
        silent = [await server.connect() for _ in range(60)]
        assert await server.ask() == b"HTTP/1.1 200 OK\r\n"
        assert server.connections <= 20
        first, _ = silent[0]
        assert (await first.readline()).startswith(b"HTTP/1.1 503 "), "the one that waited longest went first"
        assert b"Retry-After: 2" in await first.read()


async def test_an_idle_connection_goes_before_one_that_is_served() -> None:
    async with serving(EdgeLimits(16, idle_seconds=600)) as server:
        lines, _ = await server.connect(b"GET /stream HTTP/1.1\r\nHost: here\r\n\r\n")
        while (await lines.readline()) != b"begun\n":
            continue
        for _ in range(40):
            kept, _ = await server.connect(ASK)
            assert b" 200 " in await kept.readline()
        assert not lines.at_eof()
        assert server.connections <= 16


async def test_when_all_are_served_the_next_is_sent_away_for_a_while() -> None:
    async with serving(EdgeLimits(16)) as server:
        followed = [await server.connect(b"GET /stream HTTP/1.1\r\nHost: here\r\n\r\n") for _ in range(16)]
        for lines, _ in followed:
            assert b" 200 " in await lines.readline()
        lines, _ = await server.connect()
        answer = await lines.read()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"Retry-After: 2" in answer
        followed[0][1].close()
        while server.connections > 15:  # noqa: ASYNC110 - the server tells of it in no other way
            await asyncio.sleep(0.01)
        assert await server.ask() == b"HTTP/1.1 200 OK\r\n"


async def test_a_client_that_takes_nothing_of_its_answer_is_left() -> None:
    async with serving(EdgeLimits(stall_seconds=0.3)) as server:
        lines, writer = await server.connect(b"GET /endless HTTP/1.1\r\nHost: here\r\n\r\n")
        while server.connections == 0:  # noqa: ASYNC110 - the server tells of it in no other way
            await asyncio.sleep(0.01)
        assert isinstance(writer.transport, asyncio.Transport)
        writer.transport.pause_reading()
        while server.connections:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        assert not lines.at_eof()


_FEW_DESCRIPTORS = """
import asyncio, resource, socket, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))
from shared.kernel.logging import configure_logging
from tests.unit.test_http_edge import EdgeLimits, serving
configure_logging()

async def main():
    async with serving(EdgeLimits()) as server:
        print(server.port, flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)

asyncio.run(main())
"""


async def test_more_connections_than_descriptors_silence_nobody_and_fill_no_log() -> None:
    program = [sys.executable, "-c", _FEW_DESCRIPTORS]
    process = await asyncio.create_subprocess_exec(*program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    server = Serving(None, int(await process.stdout.readline()))  # type: ignore[arg-type]
    async with asyncio.timeout(6 * _PATIENCE_SECONDS):
        silent = []
        for _ in range(20):  # no more at once than the queue of the socket holds
            silent += await asyncio.gather(*(server.connect() for _ in range(20)))
            await server.ask()
        answers = [await server.ask() for _ in range(20)]
    for _, writer in silent:
        writer.close()
    said, _ = await process.communicate(b"end\n")
    assert answers == [b"HTTP/1.1 200 OK\r\n"] * 20
    assert len(said) < 20_000


async def test_the_address_of_a_caller_is_not_what_the_caller_says() -> None:
    async with serving(_FOREVER) as served:
        told = b"GET /caller HTTP/1.1\r\nHost: here\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n"
        lines, writer = await served.connect(told)
        answer = await lines.read()
        writer.close()
    assert b'"127.0.0.1"' in answer
    assert b"203.0.113.9" not in answer


UPGRADE = (
    b"GET %s HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


async def test_a_web_socket_stays_when_the_time_of_a_body_is_over() -> None:
    async with serving(EdgeLimits(head_seconds=0.2, body_seconds=0.2)) as server:
        lines, writer = await server.connect(UPGRADE % b"/message")
        assert b" 101 " in await lines.readline()
        await lines.readuntil(b"\r\n\r\n")
        late, other = await server.connect(b"POST /read HTTP/1.1\r\nHost: here\r\nContent-Length: 9\r\n\r\nfour")
        assert b" 408 " in await late.readline()
        writer.write(b"\x81\x81\0\0\0\0x")
        assert await lines.readexactly(3) == b"\x81\x01x"
        writer.close()
        other.close()


async def test_a_web_socket_that_takes_nothing_is_left() -> None:
    GONE.clear()
    async with serving(EdgeLimits(stall_seconds=0.2)) as server:
        lines, writer = await server.connect(UPGRADE % b"/messages")
        assert b" 101 " in await lines.readline()
        await GONE.wait()
        while server.connections:  # noqa: ASYNC110 - uvicorn sets no event
            await asyncio.sleep(0.01)
        writer.close()
