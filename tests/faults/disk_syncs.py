"""Counts and holds the fsync calls of a process, without root and without a tracer.

A seccomp filter sends each fsync and fdatasync of the process, before it happens, to the test, which notes what file it
is for and lets it go on. Started as a program, this module sets the filter up and becomes the program to watch.
"""

import array
import ctypes
import fcntl
import os
import platform
import select
import socket
import struct
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# Numbers of fsync and fdatasync, by machine.
_CALLS = {"x86_64": (74, 75), "aarch64": (82, 83)}

_PR_SET_NO_NEW_PRIVS = 38
_SYS_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER = 1
_FLAG_NEW_LISTENER = 8
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_NOTIFY, _ALLOW = 0x7FC0_0000, 0x7FFF_0000

# struct seccomp_notif: id, pid, flags, then nr, arch, instruction pointer, six arguments.
_RECEIVE, _RECEIVED = 0xC0502100, struct.Struct("=QIIiIQ6Q")
# struct seccomp_notif_resp: id, value, error, flags.
_SEND, _ANSWER = 0xC0182101, struct.Struct("=QqiI")
_CONTINUE = 1
_WAIT_SECONDS = 0.1


class DiskSyncs:
    """The fsyncs of one process. `files` are the paths that were synced, in order."""

    def __init__(self, folder: Path) -> None:
        self._address = folder / "syncs.sock"
        self.files: list[str] = []
        self.waiting = threading.Event()  # somebody is held
        self._open = threading.Event()
        self._open.set()
        self._ended = threading.Event()

    def launch(self, arguments: Sequence[str]) -> list[str]:
        """The command that starts `arguments` under the filter."""
        return [sys.executable, str(Path(__file__)), str(self._address), *arguments]

    @contextmanager
    def watching(self) -> Iterator["DiskSyncs"]:
        """Start the command within; its calls go on until the end."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(self._address))
        listener.listen(1)
        thread = threading.Thread(target=self._serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.release()
            self._ended.set()
            listener.close()
            thread.join()

    def hold(self) -> None:
        """From now on no fsync begins."""
        self.waiting.clear()
        self._open.clear()

    def release(self) -> None:
        """Let them go on."""
        self._open.set()

    def count(self, ending: str = "") -> int:
        """Fsyncs of files whose path ends so."""
        return sum(path.endswith(ending) for path in self.files)

    def _serve(self, listener: socket.socket) -> None:
        listener.settimeout(30)
        connection, _ = listener.accept()
        with connection:
            _, ancillary, _, _ = connection.recvmsg(1, socket.CMSG_SPACE(4))
        notify = array.array("i", ancillary[0][2][:4])[0]
        poll = select.poll()
        poll.register(notify, select.POLLIN)
        while not self._ended.is_set():
            for _, happened in poll.poll(_WAIT_SECONDS * 1000):
                if not happened & select.POLLIN:
                    self._ended.set()  # the process is gone
                elif (answer := self._take(notify)) is not None:
                    self._answer(notify, answer)
        os.close(notify)

    def _take(self, notify: int) -> int | None:
        """Note one call; its id, None when its thread is gone meanwhile."""
        buffer = bytearray(_RECEIVED.size)
        try:
            fcntl.ioctl(notify, _RECEIVE, buffer)
        except FileNotFoundError:
            return None
        identity, pid, _, _, _, _, descriptor, *_ = _RECEIVED.unpack(buffer)
        try:
            self.files.append(str(Path(f"/proc/{pid}/fd/{descriptor}").readlink()))
        except OSError:
            self.files.append("?")
        if not self._open.is_set():
            self.waiting.set()
            while not self._open.wait(_WAIT_SECONDS) and not self._ended.is_set():
                continue
        return int(identity)

    @staticmethod
    def _answer(notify: int, identity: int) -> None:
        try:
            fcntl.ioctl(notify, _SEND, _ANSWER.pack(identity, 0, 0, _CONTINUE))
        except FileNotFoundError:
            return


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.POINTER(_Instruction)))


def _filter() -> int:
    """Set the filter on this process and what it becomes; the descriptor that reports."""
    machine = platform.machine()
    fsync, fdatasync = _CALLS[machine]
    rows = (
        (_LOAD, 0, 0, 0), (_JUMP_IF_EQUAL, 2, 0, fsync), (_JUMP_IF_EQUAL, 1, 0, fdatasync), (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _NOTIFY),
    )  # fmt: skip
    instructions = (_Instruction * len(rows))(*(_Instruction(*row) for row in rows))
    program = _Program(len(rows), instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")
    listener = libc.syscall(_SYS_SECCOMP[machine], _SET_MODE_FILTER, _FLAG_NEW_LISTENER, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return int(listener)


def _main(address: str, arguments: Sequence[str]) -> None:
    listener = _filter()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(address)
        connection.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [listener]))])
    os.close(listener)
    os.execv(arguments[0], list(arguments))


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2:])
