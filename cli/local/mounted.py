"""Two applications behind one port of a local stack: one of them has a prefix of the paths."""

from starlette.types import ASGIApp, Receive, Scope, Send


class Mounted:
    """Gives `mounted` what begins with `prefix`, and everything else to `app`."""

    def __init__(self, app: ASGIApp, prefix: str, mounted: ASGIApp) -> None:
        self._app, self._prefix, self._mounted = app, prefix, mounted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if scope["type"] == "http" and (path == self._prefix or path.startswith(f"{self._prefix}/")):
            await self._mounted({**scope, "root_path": self._prefix}, receive, send)
        else:
            await self._app(scope, receive, send)
