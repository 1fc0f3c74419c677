"""Work that a worker process may be given: good, slow, large, broken."""

import os
import pickle
import signal
import struct
import sys
import time
from pathlib import Path

from shared.kernel.errors import PermanentError

_held: list[bytearray] = []


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def burn() -> None:
    while True:
        pass


def burn_in_an_expression() -> None:
    import re

    re.match(r"(a+)+$", "a" * 64 + "b")


def swallow() -> None:
    """Goes on after every error, as a reader does that must never raise."""
    while True:
        try:
            burn()
        except Exception:  # noqa: BLE001
            continue


def hang(started: Path) -> None:
    started.write_text(str(os.getpid()), encoding="ascii")
    while True:
        time.sleep(60)


def fill() -> int:
    return len(b"x" * (2 * 1024**3))


def refuse() -> None:
    raise PermanentError("Not this one", code="refused")


def break_off() -> None:
    raise ZeroDivisionError("a defect")


def end_unless(marker: Path) -> int:
    """Dies once, as if somebody had killed it."""
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def make_table() -> dict[str, int]:
    return {"made by": os.getpid()}


def look_up(table: dict[str, int], name: str) -> tuple[int, int]:
    return table[name], os.getpid()


class Particular(PermanentError):
    """Is not made from its message alone."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(f"{name} {number}")


def refuse_in_particular() -> None:
    raise Particular("a", 1)


def give_what_cannot_be_sent() -> object:
    return (number for number in range(3))


def know_environment() -> dict[str, str]:
    return dict(os.environ)


def hold(mib: int) -> int:
    """Keeps memory for as long as its process lives."""
    _held.append(bytearray(os.urandom(1024)) * (1024 * mib))
    return os.getpid()


def keep(value: object) -> object:
    return value


def plain(value: object) -> bytes:
    return pickle.dumps(value)


def calling(module: str, name: str, *given: str) -> bytes:
    """A pickle that calls a function where it is read. Texts have no length before them, so a test may replace them."""
    arguments = "".join(f"V{one}\n" for one in given)
    return f"c{module}\n{name}\n({arguments}tR.".encode()


def capture(answer: bytes) -> None:
    """From now on this worker answers as somebody wishes who has got hold of it."""
    sys.modules["__main__"]._pickled = lambda _: answer  # type: ignore[attr-defined]


def promise_too_much() -> None:
    sys.modules["__main__"].HEADER = struct.Struct("8s")  # type: ignore[attr-defined]
    sys.modules["__main__"].len = lambda _: b"\x40" + bytes(7)  # type: ignore[attr-defined]


def process_id_of(_: object) -> int:
    return os.getpid()
