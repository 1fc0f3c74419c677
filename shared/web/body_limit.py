"""No body past a limit is read, whether its length is announced or not."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.errors import problem

_DETAIL = "The body is too large"


class BodyLimit:
    """`limit_bytes` for every request. An announced length is judged before a byte is read."""

    def __init__(self, app: ASGIApp, limit_bytes: int) -> None:
        self._app = app
        self._limit_bytes = limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced[:20]) > self._limit_bytes:
            await problem(413, "body_too_large", _DETAIL)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._limit_bytes:
                raise HTTPException(413, _DETAIL)
            return message

        await self._app(scope, counted, send)
