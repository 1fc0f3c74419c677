"""The order of last resort but numbers: READMEs, index pages and contents that list their folder's documents as links.

A page in AsciiDoc that includes documents is their contents too, whatever its name: a book of chapters of sections.
"""

import re
from collections.abc import Iterator

from shared.docs.formats import format_of
from shared.docs.nav.listed import LEAST_LINKS, listed_documents
from shared.docs.nav.listing import MAX_DEPTH, Listing, entry, navigation
from shared.docs.navigation import Navigation, NavigationEntry

_INDEX = re.compile(r"(?i)(?:.*/)?(?:readme|_?index|home|overview|contents|documentation)(?:\.[^/.]*)?")
_INCLUDE = re.compile(r"^include::([^\s\[\]{}]{1,300})\[", re.MULTILINE)
_CONTENTS = re.compile(
    r"(?im)^#{1,6} +(?:<a\b[^<>\n]{0,200}>(?:</a>)? *)?(?:table of )?contents[ \r]*\n((?:(?!#).*\n?)*)"
)
_HEADING = re.compile(r"^={1,6} +(\S[^\n]{0,200})", re.MULTILINE)
_MOST_PAGES = 300
_MOST_CHARACTERS = 200_000


def index_pages(listing: Listing) -> tuple[str, ...]:
    """The READMEs and index pages and those that may include others or have contents, the outermost first."""
    found = [
        p for p in listing.below("") if format_of(p) == "asciidoc" or _INDEX.fullmatch(p) or _contents_of(listing, p)
    ]
    return tuple(sorted(found, key=lambda path: (path.count("/"), path.split("/")))[:_MOST_PAGES])


def linked(listing: Listing) -> Navigation:
    """The documents in the order in which index pages list them, each page's own folder only."""
    walk = _Walk(listing)
    pages = index_pages(listing)
    included = {target for page in pages for target in walk.included_by(page)}
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
        parts = self.included_by(page)
        targets = parts or _contents_of(self._listing, page)
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
        text = self._listing.text(page)[:_MOST_CHARACTERS] if format_of(page) == "asciidoc" else ""
        found = (self._listing.document(match[1], page) for match in _INCLUDE.finditer(text))
        return list(dict.fromkeys(path for path in found if path and path != page))


def _contents_of(listing: Listing, page: str) -> list[str]:
    """The documents that an index lists anywhere, and another page in its contents."""
    if _INDEX.fullmatch(page):
        return listed_documents(listing, page)
    return listed_documents(listing, page, found[1]) if (found := _CONTENTS.search(listing.text(page))) else []
