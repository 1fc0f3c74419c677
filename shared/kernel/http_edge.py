"""The edge of an HTTP server. A caller has to say what it wants in time, and only so many may be connected.

uvicorn itself limits how long an idle connection is kept between two requests, and nothing else: a connection that
never sends a whole request, or never takes its answer, would stay for ever, and each one costs a descriptor.
"""

import asyncio
import enum
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import h11
import structlog
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from shared.kernel.descriptors import ACCEPTED_AT_ONCE, connections_within

log = structlog.get_logger(__name__)

_RETRY_AFTER_SECONDS = 2
_HEAD_BYTES = 65_536
_PING_SECONDS = 20.0


@dataclass(frozen=True)
class EdgeLimits:
    """`connections` is the most at a time. A whole head has to be here `head_seconds` after the connection or its
    first byte, the body `body_seconds` after the head. A kept connection may be idle for `idle_seconds`, and a caller
    that takes nothing of its answer for `stall_seconds` is left.
    """

    connections: int = 4096
    head_seconds: float = 10.0
    body_seconds: float = 35.0
    idle_seconds: int = 5
    stall_seconds: float = 30.0


class Waits(enum.Enum):
    """The thing a connection keeps the server waiting for; the kind that is missed least comes first."""

    head = "head"
    next = "next request"
    body = "body"
    reader = "reader"


class Edge:
    """The connections of one server that keep it waiting, those of each kind in the order they began to."""

    def __init__(self, limits: EdgeLimits) -> None:
        self.limits = limits
        self._waiting: dict[Waits, dict[EdgeProtocol, None]] = {kind: {} for kind in Waits}

    def add(self, connection: "EdgeProtocol", kind: Waits) -> None:
        """It keeps the server waiting from now on."""
        self._waiting[kind][connection] = None

    def remove(self, connection: "EdgeProtocol", kind: Waits) -> None:
        """It does so no longer."""
        self._waiting[kind].pop(connection, None)

    def make_room(self) -> bool:
        """Close the connection that is missed least. False when all of them are being served."""
        for kind in Waits:
            connection = next(iter(self._waiting[kind]), None)
            if connection is not None:
                connection.let_go(kind)
                return True
        return False


class EdgeConfig(uvicorn.Config):
    """uvicorn as each server of the product runs it. `sockets`: its WebSockets, with messages up to `message_bytes`."""

    def __init__(
        self, app: Any, *, host: str, port: int, limits: EdgeLimits, stop_seconds: int,
        sockets: type[asyncio.Protocol] | None = None, message_bytes: int = 0,
    ) -> None:  # fmt: skip
        self.edge = Edge(limits)
        super().__init__(
            app, host=host, port=port, http=EdgeProtocol, log_config=None, log_level="warning", access_log=False,
            proxy_headers=False,  # else uvicorn believes what any process of this machine says of its address
            server_header=False, timeout_graceful_shutdown=stop_seconds, timeout_keep_alive=limits.idle_seconds,
            ws=sockets or "none", ws_max_size=message_bytes,
            ws_ping_interval=_PING_SECONDS, ws_ping_timeout=_PING_SECONDS, ws_per_message_deflate=False,
            backlog=ACCEPTED_AT_ONCE, h11_max_incomplete_event_size=_HEAD_BYTES,
        )  # fmt: skip


class _OneLength(h11.Connection):
    """Refuses a request that says its length in both ways: a proxy in front may believe the one that h11 does not."""

    def next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        event = super().next_event()
        if isinstance(event, h11.Request) and {b"content-length", b"transfer-encoding"} <= dict(event.headers).keys():
            raise h11.RemoteProtocolError("Content-Length and Transfer-Encoding")
        return event


class EdgeProtocol(H11Protocol):
    """One connection that is watched."""

    def __init__(
        self, config: EdgeConfig, server_state: ServerState, app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:  # fmt: skip
        super().__init__(config, server_state, app_state, _loop)
        self.conn = _OneLength(h11.SERVER, _HEAD_BYTES)
        self._edge = config.edge
        self._waits: Waits | None = None
        self._timers: dict[Waits, asyncio.TimerHandle] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take it in. When there are too many, the one that is missed least goes, else this one."""
        assert isinstance(transport, asyncio.Transport)
        super().connection_made(transport)
        most = connections_within(self._edge.limits.connections)
        if len(self.connections) > most:
            log.warning("connections_full", most=most)
            if not self._edge.make_room():
                self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
                return
        self._look()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        """See uvicorn: the caller does not take what is sent."""
        super().pause_writing()
        self._begin(Waits.reader, self._edge.limits.stall_seconds)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._end(Waits.reader)

    def connection_lost(self, exc: Exception | None) -> None:
        for kind in Waits:
            self._end(kind)
        super().connection_lost(exc)

    def let_go(self, kind: Waits) -> None:
        """Close it in favour of another."""
        if kind is Waits.next or self._has_begun_to_answer:
            self.transport.abort()
        else:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        for one in Waits:
            self._end(one)

    def _look(self) -> None:
        """Notice the thing it keeps the server waiting for now. A WebSocket has its own protocol by now."""
        is_over = self.transport.is_closing() or self.transport.get_protocol() is not self
        waits = None if is_over else self._awaited()
        if waits is self._waits:
            return
        if self._waits is not None:
            self._end(self._waits)
        self._waits = waits
        limits = self._edge.limits
        if waits is Waits.head:
            self._begin(waits, limits.head_seconds)
        elif waits is Waits.body:
            self._begin(waits, limits.body_seconds)
        elif waits is Waits.next:
            self._edge.add(self, waits)  # uvicorn has a timer for it

    def _awaited(self) -> Waits | None:
        if self.conn.their_state is h11.IDLE:
            has_begun = self.cycle is None or self.conn.trailing_data[0]
            return Waits.head if has_begun else Waits.next
        return Waits.body if self.conn.their_state is h11.SEND_BODY else None

    def _begin(self, kind: Waits, seconds: float) -> None:
        self._edge.add(self, kind)
        self._timers[kind] = self.loop.call_later(seconds, self._too_late, kind)

    def _end(self, kind: Waits) -> None:
        self._edge.remove(self, kind)
        timer = self._timers.pop(kind, None)
        if timer is not None:
            timer.cancel()

    def _too_late(self, kind: Waits) -> None:
        if kind is Waits.reader or self._has_begun_to_answer:
            self.transport.abort()
        elif self.cycle is None and not self.conn.trailing_data[0]:
            self.transport.close()  # it has never said a word
        else:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)

    @property
    def _has_begun_to_answer(self) -> bool:
        return self.conn.our_state not in {h11.IDLE, h11.SEND_RESPONSE}

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer without the application, and close."""
        body = json.dumps({"type": "about:blank", "title": status.phrase, "status": status.value}).encode()
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nRetry-After: {_RETRY_AFTER_SECONDS}\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
