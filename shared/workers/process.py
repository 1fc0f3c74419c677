"""The host's end of one worker process: asked one thing at a time, killed without asking."""

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any, Self

import structlog

from shared.kernel.errors import CoursewrightError, TransientError
from shared.workers.messages import HEADER, MOST_BYTES, Answer, Call, Fork, NotPlain, load_plain, read_as

log = structlog.get_logger(__name__)

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
    """A process that serves calls (shared.workers.serve). Asked by one task at a time; others wait for their turn.

    `pid_of` gives the host's id of a process by the id it has where it runs, `lost` the error when one has ended.
    `popen` is the process that the host has to wait for at the end.
    """

    def __init__(
        self,
        channel: socket.socket,
        pid: int,
        popen: "subprocess.Popen[bytes] | None" = None,
        pid_of: Callable[[int], int] = int,
        lost: Callable[[], CoursewrightError] = WorkerLost,
    ) -> None:
        self._channel, self.pid, self._popen, self._pid_of, self._lost = channel, pid, popen, pid_of, lost
        self._turn = asyncio.Lock()
        self._is_dead = False
        self._handle = _handle_of(pid)

    @classmethod
    def start(cls, environment: Mapping[str, str]) -> Self:
        """A new process that has loaded nothing. Raises OSError."""
        ours, theirs = _pair()
        with theirs:
            popen = subprocess.Popen(
                [sys.executable, "-m", "shared.workers.serve", str(theirs.fileno())],
                stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()], env=worker_environment(environment),
            )  # fmt: skip
        return cls(ours, popen.pid, popen)

    async def fork(self, memory_bytes: int) -> "WorkerProcess":
        """A child with everything this process has loaded. Raises WorkerLost."""
        forking = asyncio.create_task(self._fork(memory_bytes))
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            forking.add_done_callback(_kill_unwanted)
            raise

    async def _fork(self, memory_bytes: int) -> "WorkerProcess":
        ours, theirs = _pair()
        try:
            with theirs:
                inner = await self._ask(Fork(memory_bytes), int, theirs)
                pid = await asyncio.to_thread(self._pid_of, inner)
                return WorkerProcess(ours, pid, None, self._pid_of, self._lost)
        except CoursewrightError:
            ours.close()
            raise

    async def ask(self, call: Call) -> Answer:
        """The answer. Raises what `lost` gives. A caller that is cancelled must kill the process: the next caller would
        get its answer.
        """
        answer: Answer = await self._ask(call, Answer)
        return answer

    async def _ask(self, message: object, expected: type, passed: socket.socket | None = None) -> Any:
        async with self._turn:
            if self._is_dead:
                raise self._lost()
            try:
                await self._send(pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL), passed)
                return read_as(expected, await self._answer())
            except NotPlain as error:
                log.warning("answer_refused", reason=str(error))
                self.kill()
                raise self._lost() from error
            except OSError as error:
                raise self._lost() from error
            finally:
                if self._is_dead:
                    self._channel.close()

    async def _send(self, data: bytes, passed: socket.socket | None) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._channel, HEADER.pack(len(data)))
        await loop.sock_sendall(self._channel, data)
        if passed is not None:
            socket.send_fds(self._channel, [b"\0"], [passed.fileno()])

    async def _answer(self) -> Any:
        header = await self._exactly(HEADER.size)
        size = HEADER.unpack(header)[0]
        if size > MOST_BYTES:
            raise NotPlain(f"an answer of {size} bytes")
        return load_plain(await self._exactly(size))

    async def _exactly(self, size: int) -> bytearray:
        loop, data, have = asyncio.get_running_loop(), bytearray(size), 0
        view = memoryview(data)
        while have < size:
            got = await loop.sock_recv_into(self._channel, view[have:])
            if not got:
                raise self._lost()
            have += got
        return data

    def kill(self) -> None:
        """End it at once, whatever it does. A task that waits for its answer gets WorkerLost."""
        if self._is_dead:
            return
        self._is_dead = True
        _kill(self._handle, self.pid)
        if not self._turn.locked():  # else the waiting task closes it: the event loop must not lose a socket it watches
            self._channel.close()

    async def end(self) -> None:
        """Kill a process that was started here, and wait for its end."""
        self.kill()
        if self._popen is not None:
            await asyncio.to_thread(self._popen.wait)

    def slow_down(self, niceness: int) -> None:
        """Let other work go first."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, self.pid, niceness)


def worker_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables of its host's environment that a worker process may know."""
    kept = {name: text for name, text in environment.items() if name in _INHERITED or name.startswith(_FAMILIES)}
    return kept | _SINGLE_THREADED | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _pair() -> tuple[socket.socket, socket.socket]:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    return ours, theirs


def _kill_unwanted(forking: "asyncio.Task[WorkerProcess]") -> None:
    if not forking.cancelled() and forking.exception() is None:
        forking.result().kill()


def _handle_of(pid: int) -> int | None:
    """A handle that cannot come to mean another process; None where the kernel has no such, or the process is gone."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return None


def _kill(handle: int | None, pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # of another user in a container: it ends with it
        if handle is None:
            os.kill(pid, signal.SIGKILL)
            return
        try:
            signal.pidfd_send_signal(handle, signal.SIGKILL)
        finally:
            os.close(handle)
