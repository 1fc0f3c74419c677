"""No body past a limit is read, whether its length is announced or not, and no compressed body."""

from collections.abc import Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.errors import problem

_DETAIL = "The body is too large"
_CODED = "The body has a Content-Encoding. Send it as it is"


class BodyLimit:
    """`limit_bytes` for every request but those of the paths that have a limit of their own. An announced length is
    judged before a byte is read.
    """

    def __init__(self, app: ASGIApp, limit_bytes: int, of_paths: Mapping[str, int]) -> None:
        self._app = app
        self._limit_bytes, self._of_paths = limit_bytes, of_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit_bytes = self._of_paths.get(scope["path"], self._limit_bytes)
        headers = Headers(scope=scope)
        if headers.get("content-encoding", "identity").lower() != "identity":
            accepts = {"Accept-Encoding": "identity"}
            await problem(415, "unsupported_media_type", _CODED, headers=accepts)(scope, receive, send)
            return
        announced = headers.get("content-length", "0")
        if not announced.isdigit() or int(announced[:20]) > limit_bytes:
            await problem(413, "body_too_large", _DETAIL)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > limit_bytes:
                raise HTTPException(413, _DETAIL)
            return message

        await self._app(scope, counted, send)
