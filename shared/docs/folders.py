"""The folders of a repository path."""

import posixpath


def ancestors(path: str) -> tuple[str, ...]:
    """The folders above a repository path, innermost first, ending with the root ""."""
    folders = []
    folder = posixpath.dirname(path)
    while folder:
        folders.append(folder)
        folder = posixpath.dirname(folder)
    return (*folders, "")
