"""An entity tag on every read. An answer without a version of its course gets a weak one, made from its bytes."""

import hashlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_JSON = b"application/json"
_SUCCESS = 200


def knows(if_none_match: str | None, tag: str) -> bool:
    """Whether a caller has the answer with this entity tag, and wants another one only."""
    if if_none_match is None:
        return False
    sent = {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
    return tag.removeprefix("W/") in sent or "*" in sent


def tag_of(body: bytes) -> str:
    """The tag of an answer by its bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


class EntityTags:
    """304 for a caller that has the same answer already."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        held: Message | None = None

        async def tagging(message: Message) -> None:
            nonlocal held
            if message["type"] == "http.response.start" and _is_untagged(message):
                held = message
                return
            if held is not None:
                start, held = held, None
                await send(start if message.get("more_body") else _tagged(scope, start, message))
            await send(message)

        await self._app(scope, receive, tagging)


def _is_untagged(start: Message) -> bool:
    headers = dict(start["headers"])
    return start["status"] == _SUCCESS and headers.get(b"content-type") == _JSON and b"etag" not in headers


def _tagged(scope: Scope, start: Message, body: Message) -> Message:
    """The start of the answer with its tag; a 304, and no body, for a caller that has it."""
    tag = f"W/{tag_of(body['body'])}"
    headers = [*start["headers"], (b"etag", tag.encode())]
    sent = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"if-none-match"), None)
    if not knows(sent, tag):
        return {**start, "headers": headers}
    body["body"] = b""
    kept = [header for header in headers if header[0] not in {b"content-length", b"content-type"}]
    return {**start, "status": 304, "headers": kept}
