"""The finds of worker processes in a repository, as the stage gets them. This file imports no code that reads files."""

from dataclasses import dataclass, field

from shared.docs.navigation import Navigation

MANIFEST_NAMES = (
    "pyproject.toml", "setup.cfg", "settings.ini", "Cargo.toml", "package.json", "composer.json", "go.mod", "mkdocs.yml"
)  # fmt: skip
"""In the order they are asked for the project's name: a package knows it better than its site, which adds words."""

Direct = tuple[tuple[str, ...], tuple[str, ...]]
"""The files that a file itself includes, and the pictures it shows."""
NOTHING: Direct = ((), ())


@dataclass(frozen=True, slots=True)  # there may be 200,000 of these
class Marked:
    """A file and what was found out about it. Paths that are no plain text are shown with escapes."""

    path: str
    shown_path: str
    git_blob: str
    size: int | None
    kind: str
    reason: str = ""
    is_documentation: bool = False
    is_overview_candidate: bool = False
    includes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scan:
    """All files by path, which of them are kept as blobs, and where the licence may stand."""

    files: tuple[Marked, ...]
    kept: frozenset[str]
    navigation: Navigation = field(default_factory=Navigation)
    licence_files: tuple[str, ...] = ()
