"""The order of last resort but numbers: READMEs and index pages that list their folder's documents as links.

A page in AsciiDoc that includes documents is their contents too, whatever its name: a book of chapters of sections.
"""

import posixpath
import re
from collections.abc import Iterator

from shared.docs.formats import format_of
from shared.docs.nav.listed import LEAST_LINKS, listed_documents
from shared.docs.nav.listing import MAX_DEPTH, Listing, entry, navigation
from shared.docs.navigation import Navigation, NavigationEntry

_INDEX = re.compile(r"^(?:readme|_?index|home|overview|contents)$")
_INCLUDE = re.compile(r"^include::([^\s\[\]{}]{1,300})\[", re.MULTILINE)
_HEADING = re.compile(r"^={1,6} +(\S[^\n]{0,200})", re.MULTILINE)
_MOST_PAGES = 300
_MOST_CHARACTERS = 200_000


def index_pages(listing: Listing) -> tuple[str, ...]:
    """The READMEs and index pages and those that may include others, the outermost first."""
    found = [path for path in listing.own if path in listing.documents and (_is_index(path) or _may_include(path))]
    return tuple(sorted(found, key=lambda path: (path.count("/"), path.split("/")))[:_MOST_PAGES])


def linked(listing: Listing) -> Navigation:
    """The documents in the order in which index pages list them, each page's own folder only."""
    walk = _Walk(listing)
    pages = index_pages(listing)
    included = {target for page in pages if _may_include(page) for target in walk.included_by(page)}
    entries = [item for page in pages if page not in included for item in walk.entries(page, 0)]
    origin = next((item.path for item in entries if item.path), None)
    return navigation(origin, entries) if origin else Navigation()


class _Walk:
    """Follows the lists of index pages, each document once."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._seen: set[str] = set()

    def entries(self, page: str, depth: int) -> Iterator[NavigationEntry]:
        """The page with what it lists; nothing when it lists too little to be an order."""
        if page in self._seen or depth > MAX_DEPTH:
            return
        parts = self.included_by(page) if _may_include(page) else []
        targets = parts or (listed_documents(self._listing, page) if _is_index(page) else [])
        if len(targets) < (1 if parts else LEAST_LINKS):
            return
        self._seen.add(page)
        heading = _HEADING.search(self._listing.text(page)) if parts and depth else None
        yield entry(heading[1] if heading else "", page, depth)
        for target in targets:
            inner = list(self.entries(target, depth + 1))
            if target not in self._seen:
                self._seen.add(target)
                inner = [entry("", target, depth + 1)]
            yield from inner

    def included_by(self, page: str) -> list[str]:
        """The documents that a page in AsciiDoc includes."""
        targets = (match[1] for match in _INCLUDE.finditer(self._listing.text(page)[:_MOST_CHARACTERS]))
        found = [self._listing.document(target, page) for target in targets]
        return list(dict.fromkeys(path for path in found if path and path != page))


def _is_index(path: str) -> bool:
    return _INDEX.match(posixpath.splitext(posixpath.basename(path))[0].lower()) is not None


def _may_include(path: str) -> bool:
    return format_of(path) == "asciidoc"
