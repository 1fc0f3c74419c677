"""A smart HTTP server for Git on loopback, with the ways in which real ones disappoint."""

import http.server
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

SECRET_HEADER = "Basic eDpzM2NyZXQ="  # x:s3cret


class GitServer(http.server.ThreadingHTTPServer):
    """Serves the repositories below `root`; `/private/` wants a secret, other first folders misbehave as named.

    `accepts`: the headers that open what is private. `holds`: a private fetch waits until it is released. `moved_to`:
    where `/moved/` sends on to. `busy`: the answer of `/busy/`, which has had too many requests; None when it is over.
    """

    daemon_threads = True

    def __init__(self, root: Path, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        if tls is not None:  # the handshake is each connection's own, in its thread
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.accepts = {SECRET_HEADER}
        self.holds = False
        self.busy: tuple[int, dict[str, str]] | None = (429, {"Retry-After": "7"})
        self.moved_to = "https://git.example.org/new"
        self.root = root
        self.asked: list[tuple[str, str | None]] = []
        self.stuck = threading.Event()
        self.released = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


@contextmanager
def serving(root: Path, tls: ssl.SSLContext | None = None) -> Iterator[GitServer]:
    """A server while the block runs."""
    server = GitServer(root, tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: GitServer

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the standard library
        """Say nothing."""

    def _answer(self, body: bytes) -> None:
        url = urlsplit(self.path)
        way = url.path.split("/")[1]
        self.server.asked.append((url.path, self.headers.get("Authorization")))
        if way == "moved":
            self._redirect(f"{self.server.moved_to}/{url.path.split('/', 2)[2]}?{url.query}")
        elif way == "inward":
            self._redirect(f"http://127.0.0.1:{self.server.port}/open{url.path.removeprefix('/inward')}?{url.query}")
        elif way == "dotted" and ".git/" not in url.path:
            self._redirect(self.path.replace("/thing/", "/thing.git/"))
        elif way == "private" and self.headers.get("Authorization") not in self.server.accepts:
            self._head(401, {"WWW-Authenticate": 'Basic realm="git"'})
        elif way == "busy" and self.server.busy is not None:
            self._head(*self.server.busy)
        elif way == "broken":
            self._head(503, {})
        elif (way == "stuck" or self.server.holds) and body and b"command=fetch" in body:
            self.server.stuck.set()
            self.server.released.wait(30)
            self._serve_as_asked(url, body)
        else:
            self._serve_as_asked(url, body)

    def _serve_as_asked(self, url: SplitResult, body: bytes) -> None:
        self._serve(url.path.split("/", 2)[2].replace("thing/", "thing.git/"), url.query, body)

    def _serve(self, path: str, query: str, body: bytes) -> None:
        """Hand the request to git's own CGI program."""
        environment = {
            "PATH": "/usr/bin:/bin", "GIT_PROJECT_ROOT": str(self.server.root), "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{path}", "QUERY_STRING": query, "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type") or "", "CONTENT_LENGTH": str(len(body)),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol") or "", "GIT_CONFIG_GLOBAL": "/dev/null",
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding") or "", "REMOTE_ADDR": "127.0.0.1",
        }  # fmt: skip
        command = ["git", "http-backend"]
        output = subprocess.run(command, env=environment, input=body, capture_output=True, check=False).stdout
        head, _, content = output.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        self._head(int(headers.pop("Status", "200").split()[0]), headers | {"Content-Length": str(len(content))})
        self.wfile.write(content)

    def _redirect(self, location: str) -> None:
        self._head(301, {"Location": location})

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": "0"} | headers).items():
            self.send_header(name, value)
        self.end_headers()
