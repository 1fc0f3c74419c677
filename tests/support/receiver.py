"""Another system's address for webhooks: keeps what it is told, and answers as it is told to."""

import queue
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Self

from tests.support.local_server import LocalServer, body_of, send


@dataclass(frozen=True)
class Told:
    """One request as it came, and how it was answered."""

    headers: dict[str, str]
    body: str
    status: int = 200


class Receiver(LocalServer):
    """`answers` are statuses in the order they are given; then 200 for ever."""

    def __init__(self, answers: Iterable[int] = (), port: int = 0) -> None:
        super().__init__(port)
        self.told: queue.Queue[Told] = queue.Queue()
        self.answers = deque(answers)
        self.answering = threading.Event()  # cleared, nothing is answered
        self.answering.set()

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        self.answering.wait()
        body = body_of(handler).decode()
        status = self.answers.popleft() if self.answers else 200
        asks = {"retry-after": "1"} if status == 429 else {}
        send(handler, status, headers={"location": "http://127.0.0.1:1/elsewhere", **asks})
        self.told.put(Told({name.lower(): value for name, value in handler.headers.items()}, body, status))

    @property
    def url(self) -> str:
        return f"{super().url}/hook"

    @contextmanager
    def running(self) -> Iterator[Self]:
        with super().running():
            yield self
            self.answering.set()
