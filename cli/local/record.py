"""Where the servers of a local stack are: a file in its data folder that only its owner may read.

Written when the servers answer, removed when they stop. The lock beside it, not this file, says whether a stack runs:
a killed stack leaves the file behind, and the kernel takes the lock away.
"""

import contextlib
import fcntl
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from shared.kernel.disk import write_private

_FILE = "stack.json"
_RESTORING = "restoring"


def default_data_dir() -> Path:
    """`COURSEWRIGHT_DATA_DIR`, else the user's data folder."""
    configured = os.environ.get("COURSEWRIGHT_DATA_DIR")
    if configured:
        return Path(configured)
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "coursewright"


@dataclass(frozen=True)
class StackRecord:
    """Addresses of the servers with the operator's credentials; `provision_nats_url` has those of the process that
    makes the streams. `server` is empty when only the servers run, without a gateway. `stays`: other commands may use
    the stack, since it runs until Ctrl-C.
    """

    nats_url: str = field(repr=False)
    provision_nats_url: str = field(repr=False)
    database_url: str = field(repr=False)
    blob_store_url: str
    server: str
    stays: bool = False

    def write(self, data_dir: Path) -> None:
        """Replace the record in one step."""
        write_private(data_dir / _FILE, json.dumps(asdict(self)))


def find_record(data_dir: Path) -> StackRecord | None:
    """The record as last written; None without one that can be read. Says nothing of whether the stack runs."""
    with contextlib.suppress(FileNotFoundError, ValueError, TypeError):
        return StackRecord(**json.loads((data_dir / _FILE).read_text(encoding="utf-8")))
    return None


def remove_record(data_dir: Path) -> None:
    """Delete the record, just before the servers stop."""
    (data_dir / _FILE).unlink(missing_ok=True)


def is_in_use(data_dir: Path) -> bool:
    """Whether a stack, or a command with its servers, holds the folder now."""
    with contextlib.suppress(FileNotFoundError), (data_dir / "lock").open("r", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def begin_restore(data_dir: Path) -> None:
    """Mark the folder: until the mark is gone, what it holds is not whole and no stack starts on it."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data_dir / _RESTORING).touch()


def end_restore(data_dir: Path) -> None:
    """Remove the mark: the folder is whole."""
    (data_dir / _RESTORING).unlink()


def is_restoring(data_dir: Path) -> bool:
    """Whether a restore into the folder has begun and not ended."""
    return (data_dir / _RESTORING).exists()
