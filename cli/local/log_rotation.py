"""Logs of the local stack's processes, kept to a size.

A process writes to the file it was given at its start, so that file is copied and then emptied: the next line goes to
its beginning, because it is open for appending.
"""

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

_MOST_BYTES = 16 * 1024 * 1024
_KEPT = 3
_CHUNK_BYTES = 1024 * 1024


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
    with log.open("r+b") as source:
        try:
            _copy(source.fileno(), older[0])
        except OSError:
            older[0].unlink(missing_ok=True)  # no room for a copy: then least of all for a log that grows
        source.truncate(0)


def _copy(source: int, target: Path) -> None:
    """All there is, also what is written while it is copied, for the owner alone."""
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy:
        while chunk := os.read(source, _CHUNK_BYTES):
            copy.write(chunk)
