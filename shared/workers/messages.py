"""The messages between a worker process and its host; a frame is eight bytes of length, then a pickle.

A worker reads strangers' text and may be captured. So the host never unpickles an object of a class: a worker turns its
answer into plain data, and the host reads plain data, into the types that it expects.
"""

import io
import pickle
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn

from pydantic import TypeAdapter, ValidationError

from shared.kernel.errors import (
    CoursewrightError,
    EngineDeclined,
    NotFound,
    NothingToTeach,
    PermanentError,
    TransientError,
    UnreadableText,
)

HEADER = struct.Struct(">Q")
MOST_BYTES = 1024**3
"""Of an answer."""

_RAISED = (NothingToTeach, UnreadableText, EngineDeclined, NotFound, PermanentError, TransientError, CoursewrightError)
_BY_NAME = {cls.__name__: cls for cls in _RAISED}


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
class Raised:
    """An error of ours; one of another class comes as the nearest of `_RAISED`."""

    kind: str
    message: str
    code: str

    @classmethod
    def of(cls, error: CoursewrightError) -> "Raised":
        """The error as it is sent."""
        kind = next(known for known in type(error).__mro__ if known in _RAISED)
        return cls(kind.__name__, error.message, error.code)

    def error(self) -> CoursewrightError:
        """The error as it is raised."""
        return _BY_NAME.get(self.kind, CoursewrightError)(self.message, code=self.code)


class NotPlain(Exception):
    """An answer is not plain data, or not of the type that is expected."""


@dataclass(frozen=True)
class Answer:
    """The end of a call: a value, or what was raised. `defect` names an error that is not ours, `trace` is its
    traceback, for the operator. For the host `value` is plain data.

    `grown_bytes`: how much more memory the process holds than when it was forked.
    """

    value: Any = None
    error: Raised | None = None
    defect: str = ""
    trace: str = ""
    out_of_time: bool = False
    out_of_memory: bool = False
    processor_seconds: float = 0.0
    grown_bytes: int = 0

    @property
    def is_good(self) -> bool:
        """Whether the work came to its end."""
        return self.error is None and not (self.defect or self.out_of_time or self.out_of_memory)


class _Pickler(pickle.Pickler):
    def reducer_override(self, value: object) -> NoReturn:
        """Only what pickle itself knows is plain."""
        raise NotPlain(f"{type(value).__name__} cannot be sent as plain data")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> NoReturn:
        """Whatever a pickle could call would be found here."""
        raise NotPlain(f"an answer names {module}.{name}")


def dump_plain(value: object) -> bytes:
    """A value as plain data: models and dataclasses as mappings. Raises NotPlain for anything else with a class."""
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(_adapter(Any).dump_python(value))
    return buffer.getvalue()


def load_plain(data: bytes | bytearray) -> Any:
    """The plain data of an answer. Raises NotPlain."""
    try:
        return _Unpickler(io.BytesIO(data)).load()
    except NotPlain:
        raise
    except Exception as error:  # a pickle that is broken raises anything
        raise NotPlain(f"an answer is not a pickle: {type(error).__name__}") from error


def read_as(expected: Any, plain: object) -> Any:
    """Plain data as a value of a type. Raises NotPlain."""
    try:
        return _adapter(expected).validate_python(plain)
    except ValidationError as error:
        raise NotPlain(f"an answer is not of its type: {error.error_count()} errors") from error


@cache
def _adapter(expected: Any) -> TypeAdapter[Any]:
    return TypeAdapter(expected)


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
