"""The `pages` of Julia's Documenter and the `extras` of Elixir's ExDoc, read without running their program."""

import posixpath
import re
from collections.abc import Iterator

from shared.docs.nav.listing import Listing, entry, navigation
from shared.docs.navigation import Navigation, NavigationEntry

PROGRAMS = {"make.jl": "src", "mix.exs": ""}  # each with the folder of its pages
_PAGES = re.compile(r"\b(?:pages\s*=\s*(?:Any)?|extras(?::|\s+do)\s*)\[", re.IGNORECASE)
_TOKEN = re.compile(r"#[^\n]*|\"(?P<text>[^\"\n]*)\"|(?P<bracket>[\[\]])")


def documenter(listing: Listing) -> Iterator[Navigation]:
    """The pages of every such program."""
    for path in listing.named(*PROGRAMS):
        yield navigation(path, _entries(listing, path, PROGRAMS[posixpath.basename(path)]))


def _entries(listing: Listing, path: str, folder: str) -> Iterator[NavigationEntry]:
    text = listing.text(path)
    opened = _PAGES.search(text)
    home = posixpath.join(posixpath.dirname(path), folder, "index.md")
    depth, title = 0, ""
    for token in _TOKEN.finditer(text, opened.end()) if opened else ():
        said = token["text"]
        if said is not None:
            is_page = said.lower().endswith((".md", "cheatmd", "livemd"))
            if page := listing.document(said, home) if is_page else None:
                yield entry(title, page, depth)
            title = said if folder and not is_page else ""
        elif token["bracket"] == "[":
            yield entry(title, None, depth)
            depth, title = depth + 1, ""
        elif token["bracket"]:
            depth -= 1
            if depth < 0:
                return
