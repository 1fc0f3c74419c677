"""A child process: started, watched, and stopped by its process id, never by its name."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from shared.errors import TransientError


class ServerFailed(TransientError):
    """A server of the local stack did not start; the message holds the end of its log."""

    code = "server_failed"


@dataclass
class Process:
    """`arguments` run with output appended to `log`; `stop_signal` asks it to end in good order."""

    name: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str] | None = None
    user: int | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    hold_stdin: bool = False
    popen: "subprocess.Popen[bytes] | None" = field(default=None, init=False)
    _read: int = field(default=0, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor only."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self._read = output.tell()
            self.popen = subprocess.Popen(
                list(self.arguments),
                stdin=subprocess.PIPE if self.hold_stdin else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(self.environment) if self.environment is not None else None,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user is not None else None,
                cwd="/",
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The process id; 0 when it was not started."""
        return self.popen.pid if self.popen else 0

    def is_running(self) -> bool:
        """Whether it runs now."""
        return self.popen is not None and self.popen.poll() is None

    def require_running(self) -> None:
        """Raise ServerFailed with the end of its log when it has ended."""
        if not self.is_running():
            raise ServerFailed(f"{self.name} ended while starting:\n{self.log_end()}")

    def log_end(self, size: int = 2000) -> str:
        """The last bytes of the log, for messages."""
        with contextlib.suppress(OSError), self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - size))
            return file.read().decode(errors="replace").strip()
        return "(no log)"

    def log_says(self, any_of: Sequence[bytes]) -> bool:
        """Whether the log has one of these since the start of the process, or since it was asked before."""
        with contextlib.suppress(OSError), self.log.open("rb") as file:
            if file.seek(0, os.SEEK_END) < self._read:
                self._read = 0  # it was put aside meanwhile
            file.seek(self._read)
            said = file.read()
            self._read += len(said)
            return any(words in said for words in any_of)
        return False

    def stop(self, patience_seconds: float = 10.0) -> None:
        """Ask it to end, then kill it."""
        if self.popen is None:
            return
        if self.popen.stdin is not None:
            with contextlib.suppress(OSError):
                self.popen.stdin.close()
        if self.popen.poll() is None:
            self.popen.send_signal(self.stop_signal)
            try:
                self.popen.wait(patience_seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        self.popen.wait()

    def kill(self) -> None:
        """End it and its group at once, as a crash would."""
        if self.popen is not None and self.popen.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()


def end_leftovers(leftovers: Sequence[psutil.Process], patience_seconds: float = 10.0) -> None:
    """Ask processes of a supervisor that was killed to end, wake those that stand still, and kill what remains."""
    for process in leftovers:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
            process.resume()  # what was stopped hears no signal until it goes on
    _, deaf = psutil.wait_procs(leftovers, patience_seconds)
    for process in deaf:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(deaf, patience_seconds)


def wait_until(ready: Callable[[], bool], process: Process, timeout_seconds: float, step_seconds: float = 0.02) -> None:
    """Call `ready()` until it is true; ends early when the process has ended."""
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        process.require_running()
        if time.monotonic() > deadline:
            raise ServerFailed(f"{process.name} was not ready after {timeout_seconds:.0f} s:\n{process.log_end()}")
        time.sleep(step_seconds)
