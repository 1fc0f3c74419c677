"""Real Git repositories made for tests, honest ones and others, by git's plumbing."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_COMMITTER_DATE": "1700000000 +0000",
}  # fmt: skip

LINK = "120000"
SUBMODULE = "160000"


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """The output of git, run in a folder with no settings but its own."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=_ENVIRONMENT, input=stdin, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def make_repository(folder: Path, files: Mapping[str, bytes | tuple[str, bytes]] | None = None) -> Path:
    """A bare repository on branch main, with one commit of `files` (path → bytes, or mode and bytes) if any."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
    for name in ("allowFilter", "allowAnySHA1InWant"):
        git(folder, "config", f"uploadpack.{name}", "true")
    if files:
        commit(folder, files)
    return folder


def commit(folder: Path, files: Mapping[str, bytes | tuple[str, bytes]], branch: str = "main") -> str:
    """A new commit of exactly these files on a branch; its hash."""
    lines = []
    for path, value in files.items():
        mode, data = value if isinstance(value, tuple) else ("100644", value)
        blob = "1" * 40 if mode == SUBMODULE else git(folder, "hash-object", "-w", "--stdin", stdin=data)
        lines.append(f"{mode} {blob}\t{path}".encode())
    git(folder, "read-tree", "--empty")
    git(folder, "update-index", "-z", "--index-info", stdin=b"\0".join(lines) + b"\0")
    return commit_tree(folder, git(folder, "write-tree"), branch)


def commit_tree(folder: Path, tree: str, branch: str = "main") -> str:
    """A new commit of a tree on a branch, after what the branch held."""
    parents = git(folder, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}").split()
    made = git(folder, "commit-tree", tree, *(part for p in parents for part in ("-p", p)), "-m", "change")
    git(folder, "update-ref", f"refs/heads/{branch}", made)
    return made


def raw_tree(folder: Path, entries: list[tuple[str, bytes, str]]) -> str:
    """A tree of entries (mode, name, hash) as they are, however wrong; its hash."""
    body = b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(blob) for mode, name, blob in entries)
    return git(folder, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", stdin=body)
