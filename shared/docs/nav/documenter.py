"""`pages = ["Title" => "page.md", …]` in the `make.jl` of Julia's Documenter, read without running it."""

import posixpath
import re
from collections.abc import Iterator

from shared.docs.nav.listing import Listing, entry, navigation
from shared.docs.navigation import Navigation, NavigationEntry

MAKE = "make.jl"
_PAGES = re.compile(r"\bpages\s*=\s*(?:Any)?\[", re.IGNORECASE)
_TOKEN = re.compile(r"#[^\n]*|\"(?P<text>[^\"\n]*)\"|(?P<bracket>[\[\]])")


def documenter(listing: Listing) -> Iterator[Navigation]:
    """The pages of every `make.jl`; their paths count from the folder `src` beside it."""
    for path in listing.named(MAKE):
        yield navigation(path, _entries(listing, path))


def _entries(listing: Listing, path: str) -> Iterator[NavigationEntry]:
    text = listing.text(path)
    opened = _PAGES.search(text)
    home = posixpath.join(posixpath.dirname(path), "src", "index.md")
    depth, title = 0, ""
    for token in _TOKEN.finditer(text, opened.end()) if opened else ():
        said = token["text"]
        if said is not None and said.endswith(".md"):
            if page := listing.document(said, home):
                yield entry(title, page, depth)
            title = ""
        elif said is not None:
            title = said
        elif token["bracket"] == "[":
            yield entry(title, None, depth)
            depth, title = depth + 1, ""
        elif token["bracket"]:
            depth -= 1
            if depth < 0:
                return
