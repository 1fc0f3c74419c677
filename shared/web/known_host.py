"""Only names the operator knows: a web page that makes its own name point here (DNS rebinding) is answered nothing."""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.errors import problem

_PORT = re.compile(r":\d+$")


class KnownHost:
    """400 unless the Host header, its port aside, is one of `allowed`: names, `*.example.org`, or `*` for all.

    `setting`: the one that lists them, for the message.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str], setting: str) -> None:
        self._app, self._setting = app, setting
        self._names = frozenset(name.lower() for name in allowed)
        self._endings = tuple(name[1:].lower() for name in allowed if name.startswith("*."))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._knows(Headers(scope=scope).get("host", "")):
            await self._app(scope, receive, send)
            return
        detail = f"This server is not known by that name; {self._setting} lists the ones it answers to"
        await problem(400, "unknown_host", detail)(scope, receive, send)

    def _knows(self, header: str) -> bool:
        host = _PORT.sub("", header.lower())
        return "*" in self._names or host in self._names or host.endswith(self._endings)
