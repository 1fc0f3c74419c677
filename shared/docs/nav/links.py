"""The order of last resort but numbers: READMEs and index pages that list their folder's documents as links."""

import posixpath
import re
from collections.abc import Iterator

from shared.docs.nav.listed import listed_targets
from shared.docs.nav.listing import MAX_DEPTH, Listing, entry, navigation
from shared.docs.navigation import Navigation, NavigationEntry

_INDEX = re.compile(r"^(?:readme|_?index|home|overview|contents)$")
_LEAST_LINKS = 3
_MOST_PAGES = 300
_MOST_CHARACTERS = 200_000


def index_pages(listing: Listing) -> tuple[str, ...]:
    """The READMEs and index pages, the outermost first."""
    found = [path for path in listing.own if path in listing.documents and _INDEX.match(_stem(path))]
    return tuple(sorted(found, key=lambda path: (path.count("/"), path.split("/")))[:_MOST_PAGES])


def linked(listing: Listing) -> Navigation:
    """The documents in the order in which index pages list them, each page's own folder only."""
    walk = _Walk(listing)
    entries = [item for page in index_pages(listing) for item in walk.entries(page, 0)]
    origin = next((item.path for item in entries if item.path), None)
    return navigation(origin, entries) if origin else Navigation()


class _Walk:
    """Follows the lists of index pages, each document once."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._seen: set[str] = set()

    def entries(self, page: str, depth: int) -> Iterator[NavigationEntry]:
        """The page with what it lists; nothing when it lists too little to be an order."""
        targets = self._targets(page) if page not in self._seen and depth <= MAX_DEPTH else []
        if len(targets) < _LEAST_LINKS:
            return
        self._seen.add(page)
        yield entry("", page, depth)
        for target in targets:
            inner = list(self.entries(target, depth + 1)) if _INDEX.match(_stem(target)) else []
            if target not in self._seen:
                self._seen.add(target)
                inner = [entry("", target, depth + 1)]
            yield from inner

    def _targets(self, page: str) -> list[str]:
        """The documents of its folder, or of folders in it, that a page links to from a list or a table."""
        folder = posixpath.dirname(page)
        text = self._listing.text(page)
        targets = listed_targets(page, text) if len(text) <= _MOST_CHARACTERS else ()
        found = [self._listing.document(target, page) for target in targets]
        inside = f"{folder}/" if folder else ""
        return list(dict.fromkeys(path for path in found if path and path != page and path.startswith(inside)))


def _stem(path: str) -> str:
    return posixpath.splitext(posixpath.basename(path))[0].lower()
