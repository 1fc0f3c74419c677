"""The isolated child of one run, as its host sees it: started, watched, ended."""

import asyncio
import contextlib
import os
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psutil

from shared.kernel.errors import CoursewrightError
from shared.workers.limits import RunLimitPassed
from shared.workers.process import WorkerLost, WorkerProcess, worker_environment

_LOOK_SECONDS = 0.5
_STARTING_SECONDS = 60.0
_MIB = 1024 * 1024


@dataclass(frozen=True)
class RunLimits:
    """For all processes of a run together; `seconds` by the clock on the wall."""

    memory_bytes: int
    processes: int
    seconds: float


class Child:
    """Started by `command`, in which {socket} stands for the path of a socket that the child connects to: over it the
    kernel passes further sockets, and says who is there. `output` gets its complaints.
    """

    def __init__(self, command: Sequence[str], limits: RunLimits, output: IO[bytes]) -> None:
        self._command, self._limits, self._output = command, limits, output
        self._root: WorkerProcess | None = None
        self._is_taken = False
        self._reason = ""

    async def start(self) -> None:
        """Start it; an error is raised when the child is taken."""
        with contextlib.suppress(WorkerLost):
            try:
                self._root = await asyncio.to_thread(self._start)
            except OSError as error:
                self._output.write(str(error).encode())

    def take(self) -> WorkerProcess:
        """The child, once: when it has ended the run is over."""
        if self._root is None or self._is_taken:
            raise self._lost()
        self._is_taken = True
        return self._root

    async def end(self) -> None:
        """Kill all its processes, whatever they do."""
        if self._root is not None:
            await self._root.end()

    def _start(self) -> WorkerProcess:
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as door:
            door.bind(path := f"{folder}/socket")
            door.listen(1)
            names = {"{socket}": path, "{folder}": folder, "{uid}": str(os.getuid()), "{gid}": str(os.getgid())}
            words = self._command
            for name, value in names.items():
                words = [word.replace(name, value) for word in words]
            popen = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=self._output, stderr=self._output,
                env=worker_environment(os.environ),
            )  # fmt: skip
            channel = _accept(door, popen)
        channel.setblocking(False)
        pid, _, _ = struct.unpack("3i", channel.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        if not pid:
            popen.kill()
            raise OSError("its processes cannot be seen from here, so nobody could watch and end them")
        return WorkerProcess(channel, pid, popen, self.pid_of, self._lost)

    def _lost(self) -> CoursewrightError:
        return RunLimitPassed(self._reason) if self._reason else WorkerLost()

    def pid_of(self, inner: int) -> int:
        """The host's id of a process of the child, by the id it has in there."""
        found = (process.pid for process in self._processes() if _inner_pid(process.pid) == inner)
        if pid := next(found, 0):
            return pid
        raise self._lost()

    def _processes(self) -> list[psutil.Process]:
        try:
            return psutil.Process(self._root.pid).children(recursive=True) if self._root else []
        except psutil.Error:
            return []

    async def watch(self) -> None:
        """End the child when it passes a limit of the run: without cgroups a kernel bounds single processes only."""
        ends_at = time.monotonic() + self._limits.seconds
        while self._root is not None and not self._reason:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                self._reason = await asyncio.to_thread(self._excess, ends_at)
            except OSError as error:  # such as too many open files: a run that nobody watches is not bounded
                self._reason = f"The run could not be watched ({error.strerror})"
            if self._reason:
                self._root.kill()

    def _excess(self, ends_at: float) -> str:
        processes = self._processes()
        if len(processes) > self._limits.processes:
            return f"The run needed more than {self._limits.processes} processes"
        if sum(map(_memory_of, processes)) > self._limits.memory_bytes:
            return f"The run needed more than {self._limits.memory_bytes // _MIB} MiB of memory"
        return f"The run took longer than {self._limits.seconds:g} s" if time.monotonic() > ends_at else ""


def _accept(door: socket.socket, popen: "subprocess.Popen[bytes]") -> socket.socket:
    door.settimeout(_LOOK_SECONDS)
    ends_at = time.monotonic() + _STARTING_SECONDS
    while popen.poll() is None and time.monotonic() < ends_at:
        with contextlib.suppress(TimeoutError):
            return door.accept()[0]
    popen.kill()
    popen.wait()
    raise WorkerLost


def _inner_pid(pid: int) -> int:
    """The process's id in the namespace of the child; without a namespace, its id. 0 when the process has ended."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("NSpid:"):
                return int(line.split()[1:][:2][-1])
    return 0


def _memory_of(process: psutil.Process) -> int:
    """Its share of the memory; 0 where the host may not look, as into another user's container."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0
