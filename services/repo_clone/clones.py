"""Fetched repositories by owner, credential, address and commit: whole or absent, reused within the hour."""

import contextlib
import hashlib
import shutil
import tempfile
import time
from pathlib import Path

from services.repo_clone.git_process import Git, Limits, ProgressLine
from services.repo_clone.repository import Repository, borrow, fetch
from services.repo_clone.resolve import Target

_REUSED_SECONDS = 3600.0
_PARTIAL = ".partial-"


class Clones:
    """Clones below one folder. Made in a temporary folder, renamed when complete, swept when old."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits

    @property
    def git(self) -> Git:
        """Git outside any repository."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return Git(self._folder, self._limits)

    async def obtain(
        self, owner: str, credential_id: str | None, target: Target, progress: ProgressLine | None
    ) -> Repository:
        """The repository at the target's commit: an earlier clone of the same owner and credential, or a new one."""
        self._sweep()
        name = "|".join((owner, credential_id or "", target.remote.url, target.commit))
        folder = self._folder / hashlib.sha256(name.encode()).hexdigest()[:32]
        if not folder.exists():
            partial = Path(tempfile.mkdtemp(dir=self._folder, prefix=_PARTIAL))
            try:
                if target.remote.protocol == "file":
                    await borrow(self.git, partial, target)
                else:
                    await fetch(self.git, partial, target, progress)
                with contextlib.suppress(OSError):
                    partial.rename(folder)  # another worker may have been first; its clone is as good
            finally:
                shutil.rmtree(partial, ignore_errors=True)
        return Repository(folder, self._limits)

    def _sweep(self) -> None:
        """Remove what is older than an hour, and what a killed worker left half done."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for folder in self._folder.iterdir():
            with contextlib.suppress(OSError):
                if folder.is_dir() and time.time() - folder.stat().st_mtime > _REUSED_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)
