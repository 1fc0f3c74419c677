"""One isolated child for each run: it holds the run's worker processes, has limits of its own, and ends with the run.

The pool and its protocol are the same as without (ADR 0034).
"""

import contextlib
import os
import random
import shlex
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shared.kernel.beside import beside
from shared.kernel.errors import CoursewrightError
from shared.workers.child import Child, RunLimits
from shared.workers.limits import Limits
from shared.workers.pool import WorkerPool, WorkerSession

_WALLS = ("network", "files", "processes")
# An address that stands in documents only. To name it to a datagram socket sends nothing.
_ANYWHERE = ("192.0.2.1", 9)
_SANDBOX = (
    "Linux has to have Landlock (5.13 or later) and to let this user make user namespaces, and util-linux has to be "
    "installed. Else set WORK_ISOLATION=container, or run the stage itself in a container with WORK_ISOLATION=process"
)
_CONTAINER = (
    "WORK_CONTAINER has to start a container of this machine without a network, with {folder} and no other folder in "
    "it, as the user {uid}:{gid}, and to end with the Python of its image"
)


class IsolationMissing(SystemExit):
    """Ends the process with a message, and without a traceback: which part cannot be had here, and what to do."""


@dataclass(frozen=True)
class Isolation:
    """How runs of `size` workers are kept apart: in containers that a command starts, or else in sandboxes, in which
    they read code and what is `readable`.
    """

    container: str
    run_limits: RunLimits
    size: int
    limits: Limits
    readable: Sequence[Path] = ()

    @contextlib.asynccontextmanager
    async def session(self, *loads: Callable[[], object]) -> AsyncIterator[WorkerSession]:
        """The workers of one run, in a child of their own; all of them are gone when the block has ended."""
        with tempfile.TemporaryFile() as output:
            async with self._session(Child(self._command(), self.run_limits, output), loads) as session:
                yield session

    @contextlib.asynccontextmanager
    async def _session(self, child: Child, loads: Sequence[Callable[[], object]] = ()) -> AsyncIterator[WorkerSession]:
        await child.start()
        pool = WorkerPool(self.size, self.limits, loads, child.take)
        pool.begin()
        try:
            async with beside(child.watch()), pool.session() as session:
                yield session
        finally:
            await pool.close()
            await child.end()

    def _command(self) -> list[str]:
        serve = ["-m", "shared.workers.serve", "{socket}"]
        if self.container:
            return [*shlex.split(self.container), *serve]
        free = sorted(os.sched_getaffinity(0)) if sys.platform == "linux" else []
        return [
            "taskset", "-c", ",".join(map(str, random.sample(free, min(self.size, len(free))))),
            "unshare", "--user", "--map-current-user", "--net", "--ipc", "--pid", "--mount-proc", "--kill-child=KILL",
            "--", *(["setpriv", "--bounding-set=-all", "--"] if os.geteuid() == 0 else []),
            sys.executable, *serve, str(self.run_limits.memory_bytes), str(self.run_limits.processes),
            *map(str, self.readable),
        ]  # fmt: skip

    async def prove(self) -> tuple[str, ...]:
        """The walls around a run, which are tried out, not read from versions. Raises IsolationMissing."""
        with tempfile.TemporaryFile() as output, tempfile.NamedTemporaryFile() as secret:
            child = Child(self._command(), self.run_limits, output)
            try:
                async with self._session(child) as session:
                    missing, inner = await session.run(partial(find_missing, secret.name), tuple[list[str], int])
                    if child.pid_of(inner) == inner:
                        missing.append("processes (a run sees those of this machine)")
            except CoursewrightError:
                output.seek(0)
                missing = [output.read().decode(errors="replace").strip() or "a run does not start"]
        if missing:
            name, advice = ("container", _CONTAINER) if self.container else ("sandbox", _SANDBOX)
            raise IsolationMissing(f"WORK_ISOLATION={name} is not to be had here: {', '.join(missing)}. {advice}.")
        return _WALLS


def find_missing(secret: str) -> tuple[list[str], int]:
    """The walls that are missing around this process, and its id."""
    missing = []
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as there:
        there.connect(_ANYWHERE)
        missing.append("network (a run has one)")
    with contextlib.suppress(OSError):
        Path(secret).read_bytes()
        missing.append("files (a run reads those of this machine)")
    return missing, os.getpid()
