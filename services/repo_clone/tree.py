"""A commit's tree as git lists it: files, links and submodules, and paths that may be anything. Pure."""

from dataclasses import dataclass
from typing import Literal

FETCHED_BYTES = 1024 * 1024
_LONGEST_PATH = 1024
_KINDS: dict[bytes, Literal["file", "link", "submodule"]] = {
    b"100644": "file", b"100755": "file", b"100664": "file", b"120000": "link", b"160000": "submodule",
}  # fmt: skip


@dataclass(frozen=True, slots=True)  # there may be 200,000 of these
class TreeFile:
    """An entry of the commit. `size` in bytes; None when it is no file, or one too large to be fetched.

    `path` keeps bytes that are no UTF-8 as lone surrogates; `is_plain` tells, `shown_path` makes it fit for people.
    """

    path: str
    git_blob: str
    size: int | None
    kind: Literal["file", "link", "submodule"] = "file"


def read_tree(output: bytes) -> list[TreeFile]:
    """The entries of `ls-tree -r -z`, without sizes."""
    entries = []
    for entry in output.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        mode, _, blob = head.partition(b" ")
        if path and mode in _KINDS:
            entries.append(
                TreeFile(path.decode("utf-8", "surrogateescape"), blob.split()[-1].decode(), None, _KINDS[mode])
            )
    return entries


def is_plain(path: str) -> bool:
    """A path of printable text that stays where it says; others are listed, never read."""
    parts = path.split("/")
    return path.isprintable() and len(path) <= _LONGEST_PATH and not {"", ".", "..", ".git"} & set(parts)


def shown_path(path: str) -> str:
    """The path with whatever is no printable text escaped, and cut when it is endless."""
    if is_plain(path):
        return path
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    escaped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return escaped if len(escaped) <= _LONGEST_PATH else f"{escaped[:_LONGEST_PATH]}…"
