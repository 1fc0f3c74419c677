"""Fetched repositories by owner, credential, address and commit: whole or absent, reused within the hour."""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from services.repo_clone.git_process import Git, Limits
from services.repo_clone.git_progress import ProgressLine
from services.repo_clone.repository import Repository, RepositoryDamaged, borrow, fetch
from services.repo_clone.resolve import Target
from shared.kernel.errors import TransientError
from shared.kernel.kill_points import KillPoint, reached

REUSED_SECONDS = 3600.0
_PARTIAL = ".partial-"


class Clones:
    """Clones below one folder that several workers may share.

    A clone is made in a temporary folder and renamed when complete. Whoever makes or reads one holds a lock on its
    folder, which ends with the process: the sweep removes what nobody holds, and nothing else. `now` is in seconds.
    """

    def __init__(self, folder: Path, limits: Limits, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._limits = limits
        self._now = now

    @property
    def git(self) -> Git:
        """Git outside any repository."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return Git(self._folder, self._limits)

    def git_at(self, folder: Path) -> Git:
        """Git in some folder, under the same limits."""
        return Git(folder, self._limits)

    @contextlib.asynccontextmanager
    async def lend(
        self, owner: str, credential_id: str | None, target: Target, progress: ProgressLine | None = None
    ) -> AsyncIterator[Repository]:
        """The repository at the target's commit: an earlier clone of the same owner and credential, or a new one.

        Raises what `borrow` and `fetch` raise, and TransientError when the folder can't be written.
        """
        try:
            await asyncio.to_thread(self.sweep)
            place = self._place(owner, credential_id, target, target.commit)
            if not place.exists():
                place = await self._make(owner, credential_id, target, progress)
            lock = _hold(place, fcntl.LOCK_SH)
        except OSError as error:
            raise TransientError("The folder of fetched repositories can't be used", code="work_folder") from error
        try:
            yield Repository(place, self._limits)
        except RepositoryDamaged:
            shutil.rmtree(place, ignore_errors=True)
            raise
        finally:
            os.close(lock)

    def _place(self, owner: str, credential_id: str | None, target: Target, commit: str) -> Path:
        name = "\x1f".join((owner, credential_id or "", target.remote.url, commit))
        return self._folder / hashlib.sha256(name.encode()).hexdigest()[:32]

    async def _make(self, owner: str, credential_id: str | None, target: Target, progress: ProgressLine | None) -> Path:
        """A new clone under the commit that really came: a branch may have moved since it was resolved."""
        git = self.git
        partial = Path(tempfile.mkdtemp(dir=self._folder, prefix=_PARTIAL))
        lock = _hold(partial, fcntl.LOCK_EX)
        try:
            if target.remote.protocol == "file":
                await borrow(git, partial, target)
            else:
                await fetch(git, partial, target, progress)
            reached(KillPoint.effect_half_done, "repo_clone")
            place = self._place(owner, credential_id, target, await Repository(partial, self._limits).commit())
            os.utime(partial, (self._now(), self._now()))
            with contextlib.suppress(OSError):
                partial.rename(place)  # another worker may have been first; its clone is as good
            return place
        finally:
            os.close(lock)
            shutil.rmtree(partial, ignore_errors=True)

    def sweep(self) -> None:
        """Remove clones older than an hour, and what a killed worker left half done. Blocks."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for folder in sorted(self._folder.iterdir()):
            with contextlib.suppress(OSError):
                half_done = folder.name.startswith(_PARTIAL)
                if folder.is_dir() and (half_done or self._now() - folder.stat().st_mtime > REUSED_SECONDS):
                    _remove_unheld(folder)


def _hold(folder: Path, how: int) -> int:
    """A lock on a folder, held until its descriptor is closed. Raises BlockingIOError when somebody else holds it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _remove_unheld(folder: Path) -> None:
    lock = _hold(folder, fcntl.LOCK_EX)
    try:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)
