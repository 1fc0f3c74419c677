"""Another system's address for webhooks: keeps what it is told, and answers as it is told to."""

import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Told:
    """One request as it came."""

    headers: dict[str, str]
    body: str


class Receiver:
    """`answers` are statuses in the order they are given; then 200 for ever."""

    def __init__(self, answers: Iterable[int] = ()) -> None:
        self.told: queue.Queue[Told] = queue.Queue()
        self.answers = deque(answers)
        self.answering = threading.Event()  # cleared, nothing is answered
        self.answering.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.answering.wait()
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                self.send_response(receiver.answers.popleft() if receiver.answers else 200)
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()
                receiver.told.put(Told({name.lower(): value for name, value in self.headers.items()}, body))

            def log_message(self, *_: object) -> None: ...

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/hook"

    @contextmanager
    def running(self) -> Iterator["Receiver"]:
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield self
        self.answering.set()
        self._http.shutdown()
        self._http.server_close()
        thread.join()
