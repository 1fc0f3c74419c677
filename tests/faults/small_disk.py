"""A disk that can be filled and freed: a small tmpfs, which only root may mount."""

import contextlib
import errno
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

_BLOCKS = (65_536, 4_096, 1)


def can_mount() -> bool:
    """Whether this process may mount one."""
    return os.geteuid() == 0


class SmallDisk:
    """`folder` as a file system of its own, of so many MiB, while `mounted`."""

    def __init__(self, folder: Path, mebibytes: int) -> None:
        self._folder = folder
        self._mebibytes = mebibytes
        self._ballast = folder / "ballast"

    @contextlib.contextmanager
    def mounted(self) -> Iterator["SmallDisk"]:
        """Mount it; gone with all it holds at the end."""
        self._folder.mkdir(parents=True, exist_ok=True)
        options = f"size={self._mebibytes}m,mode=0755"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(self._folder)], check=True)
        try:
            yield self
        finally:
            # Lazily: a process that ends may still hold a file of it.
            subprocess.run(["umount", "--lazy", str(self._folder)], check=True)

    def fill(self) -> None:
        """Leave not a byte."""
        with self._ballast.open("ab", buffering=0) as file:
            for block in _BLOCKS:
                with contextlib.suppress(_NoRoom):
                    while True:
                        _write(file.fileno(), block)

    def free(self) -> None:
        """Give back what `fill` took."""
        self._ballast.unlink()


class _NoRoom(Exception):
    pass


def _write(descriptor: int, size: int) -> None:
    try:
        os.write(descriptor, b"\0" * size)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise _NoRoom from error
