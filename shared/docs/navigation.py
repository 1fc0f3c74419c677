"""The author's own order of documents, as data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NavigationEntry:
    """One line of the author's table of contents. `path` is None for a group heading without a page."""

    title: str
    path: str | None
    depth: int


@dataclass(frozen=True)
class Navigation:
    """The author's own order of documents, and which file said so (`origin`, e.g. "mkdocs.yml"); empty if none.

    `made`: the pages it names that are not there, because they are made when the documentation is built.
    `site`: what stands before an address of the published documentation that begins with a slash, "" if unknown.
    """

    origin: str = ""
    entries: tuple[NavigationEntry, ...] = ()
    made: tuple[str, ...] = ()
    site: str = ""
