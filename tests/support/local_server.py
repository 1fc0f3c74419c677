"""A server on the loopback interface that a test answers for, one thread for each connection."""

import contextlib
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class LocalServer(ABC):
    """Each GET or POST is handed to `respond`."""

    def __init__(self, port: int = 0) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                with contextlib.suppress(ConnectionError):  # the caller may have been killed
                    server.respond(self)

            do_GET = do_POST  # noqa: N815 - the name is the server's

            def log_message(self, *_: object) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._http.daemon_threads = True

    @abstractmethod
    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        """Read the request and write the answer."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @contextmanager
    def running(self) -> Iterator[Self]:
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield self
        self._http.shutdown()
        self._http.server_close()
        thread.join()


def body_of(handler: BaseHTTPRequestHandler) -> bytes:
    """The whole body. Raises ConnectionError when the caller goes away before its end."""
    length = int(handler.headers["content-length"])
    if len(body := handler.rfile.read(length)) < length:
        raise ConnectionResetError(f"{len(body)} of {length} bytes came")
    return body


def send(
    handler: BaseHTTPRequestHandler, status: int, data: bytes = b"", headers: Mapping[str, str] | None = None
) -> None:
    handler.send_response(status)
    for name, value in {"content-length": str(len(data)), **(headers or {})}.items():
        handler.send_header(name, value)
    with contextlib.suppress(ConnectionError):  # told or not, the request was received
        handler.end_headers()
        handler.wfile.write(data)


def send_json(
    handler: BaseHTTPRequestHandler, status: int, body: Any, headers: Mapping[str, str] | None = None
) -> None:
    send(handler, status, json.dumps(body).encode(), {"content-type": "application/json", **(headers or {})})
