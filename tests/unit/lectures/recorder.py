"""A server of lectures on loopback, with the ways in which real ones disappoint."""

import time
from http.server import BaseHTTPRequestHandler

from tests.support.local_server import LocalServer, send

TAG = '"v1"'


class Recorder(LocalServer):
    """`files` by their paths. The first folder of a path says how the file is given: `cut` breaks off halfway, `lies`
    promises more than it has, `stuck` stops without an end, `other` has another version each time, `busy` is busy,
    `plain` knows no ranges and no versions, `wrong` gives another range than was asked for.

    `cuts`: how many answers break off. `asked`: the path and the range of each request; `ports`: its path, and the port
    that it came from.
    """

    def __init__(self) -> None:
        super().__init__()
        self._http.RequestHandlerClass.protocol_version = "HTTP/1.1"  # type: ignore[attr-defined]
        self.files: dict[str, bytes] = {}
        self.moved: dict[str, str] = {}
        self.cuts = 1
        self.asked: list[tuple[str, str | None]] = []
        self.ports: list[tuple[str, int]] = []

    @property
    def host(self) -> str:
        return self.url.removeprefix("http://")

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        way, wanted = handler.path.split("/")[1], handler.headers.get("range")
        self.asked.append((handler.path, wanted))
        self.ports.append((handler.path, handler.client_address[1]))
        if handler.path in self.moved:
            return send(handler, 302, headers={"location": self.moved[handler.path]})
        if way == "zeros":
            return self._zeros(handler)
        if way == "busy" and self._is_cut():
            return send(handler, 503)
        data = self.files.get(handler.path)
        if data is None:
            return send(handler, 404)
        headers = {} if way == "plain" else {"etag": f'"{len(self.asked)}"' if way == "other" else TAG}
        status, begin = 200, 0
        if wanted and way != "plain" and handler.headers.get("if-range") == headers.get("etag"):
            status, begin = 206, int(wanted.removeprefix("bytes=").rstrip("-"))
            said = begin + 1 if way == "wrong" else begin
            headers["content-range"] = f"bytes {said}-{len(data) - 1}/{len(data)}"
        data = data[begin:]
        headers["content-length"] = str(len(data) + (9 if way == "lies" else 0))
        if way in {"cut", "other", "plain", "wrong"} and self._is_cut():
            data = data[: len(data) // 2]
        return self._send(handler, status, headers, data, drips=way == "drip")

    def _is_cut(self) -> bool:
        self.cuts -= 1
        return self.cuts >= 0

    def _send(
        self, handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], data: bytes, *, drips: bool
    ) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        for at in range(len(data)) if drips else ():
            handler.wfile.write(data[at : at + 1])
            time.sleep(0.05)
        handler.wfile.write(b"" if drips else data)
        handler.close_connection = len(data) < int(headers["content-length"])

    def _zeros(self, handler: BaseHTTPRequestHandler) -> None:
        """Ten gigabytes, after the head of a recording."""
        handler.send_response(200)
        handler.close_connection = True
        handler.end_headers()
        handler.wfile.write(self.files.get(handler.path, b""))
        for _ in range(10 * 1024):
            handler.wfile.write(bytes(1024 * 1024))
