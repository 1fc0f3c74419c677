"""The processes of a data folder, in a file: a stack or a command that was killed leaves them to the next one."""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import psutil

from cli.local.process import Process, ServerFailed
from cli.local.record import is_in_use, is_restoring

_FILE = "pids"


def record_pids(data_dir: Path, processes: Iterable[Process]) -> None:
    """Write which of them run now, each with the time of its start: a process id alone is used again."""
    lines = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.is_running():
                lines.append(f"{process.pid} {psutil.Process(process.pid).create_time():.2f}")
    scratch = data_dir / f".{_FILE}"
    with contextlib.suppress(OSError):  # a full disk must not end the supervision: the last record stays
        scratch.write_text("\n".join(lines), encoding="utf-8")
        scratch.replace(data_dir / _FILE)


def forget_pids(data_dir: Path) -> None:
    """All of them have ended."""
    (data_dir / _FILE).unlink(missing_ok=True)


def end_leftovers_of(data_dir: Path) -> None:
    """End what a killed stack or command left running. Only for a folder that nobody uses."""
    leftovers = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError, ValueError):
        for line in (data_dir / _FILE).read_text(encoding="utf-8").splitlines():
            pid, created = line.split()
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(int(pid))
                if f"{process.create_time():.2f}" == created:
                    leftovers.append(process)
    end_leftovers(leftovers)


def require_restored(data_dir: Path) -> None:
    """Raise ServerFailed for a folder whose restore has not ended; what a killed restore left running is ended."""
    if not is_restoring(data_dir):
        return
    if is_in_use(data_dir):
        raise ServerFailed(f"A restore into {data_dir} is at work; wait for its end")
    end_leftovers_of(data_dir)
    raise ServerFailed(f"A restore into {data_dir} has not ended; run `coursewright restore` again")


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
