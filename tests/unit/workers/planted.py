"""Work that tries what an isolated run may not do."""

import mmap
import os
import socket
import time
from pathlib import Path

_MIB = 1024 * 1024


def _others(count: int, work: object) -> None:
    for _ in range(count):
        if os.fork() == 0:
            work()  # type: ignore[operator]
            time.sleep(600)
    time.sleep(600)


def fork_many() -> None:
    _others(1000, lambda: None)


def fill_shared_memory() -> None:
    """Memory that the limit of one process does not count, in several processes."""

    def fill() -> None:
        shared = mmap.mmap(-1, 300 * _MIB)
        for _ in range(300):
            shared.write(b"x" * _MIB)
        time.sleep(600)

    _others(3, fill)


def fill_addresses() -> None:
    mmap.mmap(-1, 900 * _MIB)


def wait() -> None:
    time.sleep(600)


def leave_a_process() -> None:
    """In a session of its own, with a parent that has ended."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)


def connect(family: int, kind: int, address: tuple[str, int] | str) -> None:
    socket.socket(family, kind).connect(address)


def write(path: Path) -> None:
    path.write_text("outside", encoding="utf-8")


def read(path: Path) -> bytes:
    return path.read_bytes()


def use_all_processors() -> None:
    os.sched_setaffinity(0, range(os.cpu_count() or 1))


def look_around() -> tuple[list[str], list[str], int]:
    """The network's interfaces, the processes, and the rights that this process has."""
    interfaces = [line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]]
    rights = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff"))
    return interfaces, [name for name in os.listdir("/proc") if name.isdecimal()], int(rights.split()[1], 16)  # noqa: PTH208
