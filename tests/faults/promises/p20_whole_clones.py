"""P20: who clones and who writes blobs is killed at random moments; what is found afterwards is whole, or not there."""

import asyncio
import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from services.repo_clone.clones import Clones
from services.repo_clone.git_process import Limits, Remote
from services.repo_clone.repository import Repository
from services.repo_clone.resolve import resolve
from shared.kernel.blob_stores import FolderBackend
from tests.faults.promise import Outcome, Promise, Scale
from tests.unit.repo_clone.git_repositories import make_repository
from tests.unit.repo_clone.http_server import serving

_KILLS = {Scale.quick: 8, Scale.full: 60}
_SEED = 20
_LIMITS = Limits(30, 10**8)
_PATIENCE_SECONDS = 30.0
_FORKS = """
import asyncio, os, pathlib, sys
from services.repo_clone.clones import Clones
from services.repo_clone.git_process import Limits, Remote
from services.repo_clone.resolve import resolve
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs

what, folder, *rest = sys.argv[1:]

async def clone():
    clones = Clones(pathlib.Path(folder), Limits(30, 10**8))
    remote = Remote(rest[0], "http", rest[1])
    async with clones.lend("o", None, await resolve(clones.git, remote, "")):
        pass

async def write():
    blobs = Blobs(FolderBackend(pathlib.Path(folder)))
    await asyncio.gather(*(blobs.put("c1", os.urandom(64) * 65536, "text/plain") for _ in range(40)))

for _ in sys.stdin:
    pid = os.fork()
    if pid == 0:
        asyncio.run({"clone": clone, "write": write}[what]())
        os._exit(0)
    print(pid, flush=True)
    print(os.waitpid(pid, 0)[1], flush=True)
"""


class _Worker:
    """Forks a process for each piece of work, so that a kill costs no start of an interpreter."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def work(self, begun: Callable[[], bool], kill_after_seconds: float | None) -> float:
        """Let one go, and kill it a while after its work has begun; the seconds from then to its end."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        while psutil.pid_exists(pid) and not begun():
            time.sleep(0.0005)
        began = time.monotonic()
        if kill_after_seconds is not None:
            time.sleep(kill_after_seconds)
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.stdout.readline()
        return time.monotonic() - began


@contextmanager
def _worker(*arguments: str) -> Iterator[_Worker]:
    process = subprocess.Popen(
        [sys.executable, "-c", _FORKS, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield _Worker(process)
    finally:
        process.communicate()


def prove(scale: Scale, folder: Path) -> Outcome:
    """Half of the kills hit a clone over HTTP, half a writer of 40 blobs of 4 MiB."""
    draw = random.Random(_SEED)
    failures: list[str] = []
    clones = asyncio.run(_kill_clones(folder / "clones", _KILLS[scale], draw, failures))
    blobs = _kill_writers(folder / "blobs", _KILLS[scale], draw, failures)
    return Outcome(runs=2 * _KILLS[scale], lost=len(failures), failures=tuple(failures), figures=clones | blobs)


async def _kill_clones(folder: Path, kills: int, draw: random.Random, failures: list[str]) -> dict[str, object]:
    content = {f"docs/{n}.md": draw.randbytes(20_000) for n in range(150)}
    repository = make_repository(folder.parent / "served" / "thing.git", dict(content))
    whole = absent = 0

    def begun() -> bool:
        return any(folder.glob(".partial-*"))

    folder.mkdir()
    with serving(repository.parent) as server:
        host = f"git.example.invalid:{server.port}"
        url, pin = f"http://{host}/open/thing", f"{host}:127.0.0.1"
        with _worker("clone", str(folder), url, pin) as worker:
            usual = worker.work(begun, None)
            for number in range(kills):
                for clone in folder.iterdir():
                    clone.rename(folder.parent / f"done-{number}-{clone.name}")
                worker.work(begun, draw.uniform(0, usual))
                found = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
                whole, absent = whole + len(found), absent + (not found)
                held = [await _contents(Repository(clone, _LIMITS)) for clone in found]
                if any(contents != set(content.values()) for contents in held):
                    failures.append(f"kill {number} left a clone that is not whole")
                _await_orphans(folder)
                clones = Clones(folder, _LIMITS)
                clones.sweep()
                if any(path.name.startswith(".partial-") for path in folder.iterdir()):
                    failures.append(f"kill {number} left a temporary folder after the sweep")
            target = await resolve(clones.git, Remote(url, "http", pin), "")
            async with clones.lend("o", None, target) as repository_again:
                if await _contents(repository_again) != set(content.values()):
                    failures.append("the clone after all kills is not whole")
    return {"clones whole": whole, "clones absent": absent}


async def _contents(repository: Repository) -> set[bytes]:
    files = {file.git_blob: file.size or 0 for file in await repository.files()}
    return set((await repository.read(files)).values())


def _await_orphans(folder: Path) -> None:
    """git outlives who started it by a moment: until its next word to a pipe that nobody reads."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and any(_works_in(process, folder) for process in psutil.process_iter()):
        time.sleep(0.02)


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return process.name().startswith("git") and Path(process.cwd()).is_relative_to(folder)
    except (psutil.Error, OSError):
        return False


def _kill_writers(folder: Path, kills: int, draw: random.Random, failures: list[str]) -> dict[str, object]:
    folder.mkdir()
    left = 0

    def begun() -> bool:
        return any((folder / "courses").glob("*/*/*"))

    with _worker("write", str(folder)) as worker:
        usual = worker.work(begun, None)
        _remove_blobs(folder)
        for number in range(kills):
            worker.work(begun, draw.uniform(0, usual))
            blobs = [path for path in (folder / "courses").rglob("*") if path.is_file()]
            if any(hashlib.sha256(path.read_bytes()).hexdigest() != path.name for path in blobs):
                failures.append(f"kill {number} left a blob that is not whole")
            left += sum(1 for _ in (folder / ".unfinished").iterdir())
            FolderBackend(folder)
            if any((folder / ".unfinished").iterdir()):
                failures.append(f"kill {number} left an unfinished file after the sweep")
            _remove_blobs(folder)
    return {"unfinished files swept": left}


def _remove_blobs(folder: Path) -> None:
    for path in (folder / "courses").rglob("*"):
        if path.is_file():
            path.unlink()


PROMISE = Promise("P20", "a clone is whole or absent, and so is a blob", prove)
