"""Logs of the local stack's processes, kept to a size.

A process writes to the file it was given at its start, so that file is copied and then emptied: the next line goes to
its beginning, because it is open for appending.
"""

import contextlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

_MOST_BYTES = 16 * 1024 * 1024
_KEPT = 3


def rotate_logs(logs: Iterable[Path], most_bytes: int = _MOST_BYTES, kept: int = _KEPT) -> None:
    """Put aside those that have grown too large, as `NAME.log.1` (the newest) to `NAME.log.3`."""
    for log in logs:
        with contextlib.suppress(OSError):
            if log.stat().st_size > most_bytes:
                _rotate(log, kept)


def _rotate(log: Path, kept: int) -> None:
    older = [log.with_name(f"{log.name}.{number}") for number in range(1, kept + 1)]
    older[-1].unlink(missing_ok=True)
    for before, after in zip(reversed(older[:-1]), reversed(older[1:]), strict=True):
        with contextlib.suppress(FileNotFoundError):
            before.rename(after)
    try:
        older[0].touch(mode=0o600)
        shutil.copyfile(log, older[0])  # also what is written while it is copied
    except OSError:
        older[0].unlink(missing_ok=True)  # no room for a copy: then least of all for a log that grows
    os.truncate(log, 0)
