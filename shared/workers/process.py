"""The host's end of one worker process: asked one thing at a time, killed without asking."""

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Self

from shared.errors import TransientError
from shared.workers.messages import HEADER, Fork, Reap

# Of the host's environment. A worker reads strangers' text: it has no use for addresses, keys and tokens.
_INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
_FAMILIES = ("LC_", "PYTHON")
# A process that forks must have one thread, and two worker processes use two processors already.
_SINGLE_THREADED = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


class WorkerLost(TransientError):
    """A worker process ended while it was asked, and nobody here killed it."""

    code = "worker_lost"

    def __init__(self, message: str = "A worker process ended unexpectedly") -> None:
        super().__init__(message)


class WorkerProcess:
    """A process that serves calls (shared.workers.serve). `origin` is the process it was forked from."""

    def __init__(self, channel: socket.socket, pid: int, origin: "WorkerProcess | None") -> None:
        self._channel, self.pid, self._origin = channel, pid, origin
        self._turn = asyncio.Lock()
        self._killed = False
        self._popen: subprocess.Popen[bytes] | None = None

    @classmethod
    def start(cls, environment: Mapping[str, str]) -> Self:
        """A new process that has loaded nothing."""
        ours, theirs = _pair()
        with theirs:
            popen = subprocess.Popen(
                [sys.executable, "-m", "shared.workers.serve", str(theirs.fileno())],
                stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], env=worker_environment(environment),
            )  # fmt: skip
        process = cls(ours, popen.pid, None)
        process._popen = popen
        return process

    async def ask(self, message: object) -> Any:
        """The answer. Raises WorkerLost. Who is cancelled here must kill the process: its answer would be another's."""
        async with self._turn:
            return await self._talk(message)

    async def fork(self, memory_bytes: int) -> "WorkerProcess":
        """A child with everything this process has loaded. Raises WorkerLost."""
        forking = asyncio.create_task(self._fork(memory_bytes))
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            forking.add_done_callback(_end_unwanted)
            raise

    async def _fork(self, memory_bytes: int) -> "WorkerProcess":
        ours, theirs = _pair()
        async with self._turn:
            with theirs:
                pid = await self._talk(Fork(memory_bytes), theirs)
        return WorkerProcess(ours, pid, self)

    async def _talk(self, message: object, passed: socket.socket | None = None) -> Any:
        loop = asyncio.get_running_loop()
        data = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
        try:
            await loop.sock_sendall(self._channel, HEADER.pack(len(data)))
            await loop.sock_sendall(self._channel, data)
            if passed is not None:
                socket.send_fds(self._channel, [b"\0"], [passed.fileno()])
            header = await self._exactly(HEADER.size)
            answer = await self._exactly(HEADER.unpack(header)[0])
            return pickle.loads(answer)  # noqa: S301 — from a process of our own
        except OSError as error:
            raise WorkerLost from error

    async def _exactly(self, size: int) -> bytearray:
        loop, data, have = asyncio.get_running_loop(), bytearray(size), 0
        view = memoryview(data)
        while have < size:
            got = await loop.sock_recv_into(self._channel, view[have:])
            if not got:
                raise WorkerLost
            have += got
        return data

    def kill(self) -> None:
        """End it at once, whatever it does. `bury` must follow."""
        if not self._killed:
            self._killed = True
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)  # nobody has waited for it, so the id is still its own
            self._channel.close()

    async def bury(self) -> None:
        """Kill it if nobody has, and wait for its end, so that it leaves no entry in the table of processes."""
        self.kill()
        if self._popen is not None:
            await asyncio.to_thread(self._popen.wait)
        elif self._origin is not None:
            with contextlib.suppress(WorkerLost):
                await self._origin.ask(Reap(self.pid))

    def slow_down(self, niceness: int) -> None:
        """Let other work go first."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, self.pid, niceness)


def worker_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a worker process may know of its host's environment."""
    kept = {name: text for name, text in environment.items() if name in _INHERITED or name.startswith(_FAMILIES)}
    return kept | _SINGLE_THREADED | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _pair() -> tuple[socket.socket, socket.socket]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    return ours, theirs


def _end_unwanted(forking: "asyncio.Task[WorkerProcess]") -> None:
    if not forking.cancelled() and forking.exception() is None:
        forking.result().kill()
