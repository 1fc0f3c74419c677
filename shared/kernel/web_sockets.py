"""WebSockets of an HTTP server. A client that takes nothing of what it is sent is left."""

import asyncio

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from shared.kernel.http_edge import EdgeConfig


class EdgeSocket(WebSocketsSansIOProtocol):
    """uvicorn closes such a connection when all was sent, which a client that takes nothing puts off for ever."""

    _stalled: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        super().pause_writing()
        assert isinstance(self.config, EdgeConfig)
        self._stalled = self.loop.call_later(self.config.edge.limits.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        self._go_on()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._go_on()
        super().connection_lost(exc)

    def _go_on(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
