"""The messages between a worker process and its host; a frame is eight bytes of length, then a pickle."""

import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HEADER = struct.Struct(">Q")


@dataclass(frozen=True)
class Call:
    """Do `work()`, or `work(prepared)` when `on_prepared`; keep the result as prepared and do not send it if `keep`.

    `is_large`: the host gives it a process of its own, which ends with it.
    """

    work: Callable[..., Any]
    processor_seconds: float
    on_prepared: bool = False
    keep: bool = False
    is_large: bool = False


@dataclass(frozen=True)
class Fork:
    """Fork; the child serves the socket that is sent along. Answered with the child's process id."""

    memory_bytes: int


@dataclass(frozen=True)
class Answer:
    """The end of a call: a value, or what was raised. `trace` is the traceback of a defect, for the operator.

    `grown_bytes`: how much more memory the process holds than when it was forked.
    """

    value: Any = None
    error: Exception | None = None
    trace: str = ""
    out_of_time: bool = False
    out_of_memory: bool = False
    processor_seconds: float = 0.0
    grown_bytes: int = 0

    @property
    def is_good(self) -> bool:
        """Whether the work came to its end."""
        return self.error is None and not (self.out_of_time or self.out_of_memory)


def receive(channel: socket.socket) -> bytearray | None:
    """The next message's bytes, for a blocking socket; None when the other side is gone."""
    header = _exactly(channel, HEADER.size)
    return None if header is None else _exactly(channel, HEADER.unpack(header)[0])


def _exactly(channel: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view, have = memoryview(data), 0
    while have < size:
        try:
            got = channel.recv_into(view[have:])
        except ConnectionError:
            return None
        if not got:
            return None
        have += got
    return data
