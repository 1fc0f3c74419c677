"""Files that are whole or absent, whenever the process is killed or the power goes."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Put the folder's entries on disk: without it a power cut takes a new name away again."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_private(path: Path, text: str) -> None:
    """Replace the file in one step; only its owner may read it. One writer at a time; after OSError it is as it was."""
    scratch = path.with_name(f".{path.name}")
    scratch.unlink(missing_ok=True)
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    scratch.replace(path)
    sync_folder(path.parent)


def read_or_make(path: Path, make: Callable[[], str]) -> str:
    """The file's text without white space around it, or what `make` gives. An empty file counts as none."""
    with contextlib.suppress(FileNotFoundError):
        if kept := path.read_text(encoding="utf-8").strip():
            return kept
    made = make()
    write_private(path, made)
    return made
