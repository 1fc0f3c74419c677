"""Files of a Git repository at a commit, read with `git cat-file` and nothing else."""

import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

from shared.kernel.errors import NotFound, PermanentError


def open_commit(repository: Path, commit: str) -> Callable[[str], bytes]:
    """A reader of files of a work tree's or bare repository's commit; the reader raises NotFound.

    Raises PermanentError when the folder is no repository or does not hold the commit.
    """
    if _run(repository, "cat-file", "-e", f"{commit}^{{commit}}") is None:
        raise PermanentError(f"{repository} is no Git repository that holds commit {commit}", code="unknown_commit")

    @cache
    def read(path: str) -> bytes:
        data = _run(repository, "cat-file", "blob", f"{commit}:{path}")
        if data is None:
            raise NotFound(f"No file {path} at {commit}")
        return data

    return read


def _run(repository: Path, *arguments: str) -> bytes | None:
    """Standard output of a git command in that folder, or None when it failed."""
    try:
        done = subprocess.run(["git", "-C", str(repository), *arguments], capture_output=True, check=False)
    except OSError as error:
        raise PermanentError("The program git was not found.", code="git_missing") from error
    return done.stdout if done.returncode == 0 else None
