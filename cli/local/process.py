"""A child process: started, watched, and stopped by its process id, never by its name."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.kernel.errors import TransientError

_PR_SET_PDEATHSIG = 1
_STEP_SECONDS = 0.02


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
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor only. Where the kernel can do that,
        it is asked to end when the supervisor is killed.
        """
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
                preexec_fn=_end_with_parent(self.stop_signal),  # noqa: PLW1509 - one system call, looked up before
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

    def require_not_given_up(self) -> None:
        """Raise ServerFailed when it has ended by itself; one that was killed by a signal can be started again."""
        code = self.popen.poll() if self.popen is not None else None
        if code is not None and code >= 0:
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
        if (popen := self.popen) is not None and popen.poll() is None:  # a supervisor may put its successor there
            with contextlib.suppress(ProcessLookupError):
                os.killpg(popen.pid, signal.SIGKILL)
            popen.wait()


def _end_with_parent(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Steps of a child before it runs its program, so that it gets this signal when its parent dies. The kernel takes
    the thread for the parent, so only children of the main thread are asked: it lives as long as the process.
    """
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return ask


def wait_until(ready: Callable[[], bool], process: Process, timeout_seconds: float) -> None:
    """Call `ready()` until it is true; ends early when the process has ended."""
    deadline = time.monotonic() + timeout_seconds
    while not ready():
        process.require_running()
        if time.monotonic() > deadline:
            raise ServerFailed(f"{process.name} was not ready after {timeout_seconds:.0f} s:\n{process.log_end()}")
        time.sleep(_STEP_SECONDS)


def release(process: Process) -> None:
    """Let a process go on that waits for a word."""
    assert process.popen is not None
    assert process.popen.stdin is not None
    with contextlib.suppress(OSError):  # it may have died already: the next look sees it
        process.popen.stdin.write(b"go\n")
        process.popen.stdin.flush()
