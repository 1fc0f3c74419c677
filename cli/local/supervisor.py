"""The watch over a local stack's processes: each that dies is started again, and the others go on meanwhile."""

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from cli.local.leftovers import record_pids
from cli.local.log_rotation import rotate_logs
from cli.local.nats_server import NatsServer
from cli.local.process import Process, release
from cli.local.restarts import Notes, Restarts, Say, log_of

_WATCH_SECONDS = 0.25


class Supervisor:
    """Looks after processes in a thread of its own. `say` is told of processes that die."""

    def __init__(self, data_dir: Path, say: Say) -> None:
        self._data_dir = data_dir
        self._notes = Notes(data_dir, say)
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None

    def begin(self, processes: Sequence[Process], nats: NatsServer | None) -> None:
        """Watch processes, and the log of the stack's own server for a refused write."""
        self._processes, self._nats = processes, nats
        self._watcher = threading.Thread(target=self._watch, daemon=True, name="supervisor")
        self._watcher.start()

    def end(self) -> None:
        """Start nothing again from now on."""
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()

    def _watch(self) -> None:
        """Start again what has died, servers too, each by itself: the others go on meanwhile."""
        now = time.monotonic()
        restarts = [Restarts(process, now) for process in self._processes]
        logs = [*(one.process.log for one in restarts), log_of(self._data_dir)]
        looks: list[Callable[[], None]] = [
            self._mend_log,
            partial(rotate_logs, logs),
            *(partial(self._look_after, one) for one in restarts),
        ]
        while not self._stopping.wait(_WATCH_SECONDS):
            for look in looks:
                with self._notes.going_on():
                    look()

    def _mend_log(self) -> None:
        if self._nats is not None and self._nats.must_be_restarted():
            self._nats.restart()
            record_pids(self._data_dir, self._processes)
            self._notes.restarted(self._nats.process, "its disk had refused a write, and has room again")

    def _look_after(self, one: Restarts) -> None:
        if one.process.is_running() or self._stopping.is_set():
            return
        now = time.monotonic()
        if (wait_seconds := one.note_death(now)) is not None:
            self._notes.died(one, wait_seconds)
        if not one.is_due(now):
            return
        with contextlib.suppress(OSError):  # no room for a process, say: the next look sees it dead
            one.process.start()
            if one.process.hold_stdin:
                release(one.process)
        record_pids(self._data_dir, self._processes)
