"""`_quarto.yml`: the sidebars of a website, or the parts and chapters of a book."""

import fnmatch
import posixpath
import re
from collections.abc import Iterator, Mapping

from shared.docs.nav.listing import MAX_DEPTH, Listing, entry, mapping, navigation, nested
from shared.docs.nav.order import ordered, tree_entries
from shared.docs.navigation import Navigation, NavigationEntry

_CHILDREN = ("contents", "chapters")


def quarto(listing: Listing) -> Iterator[Navigation]:
    """One navigation for each project; files that the configuration takes in may hold its sidebars."""
    for path in listing.named("_quarto.yml", "_quarto.yaml"):
        config = mapping(listing.yaml(path))
        root = posixpath.dirname(path)
        files = [posixpath.join(root, name) for name in nested(config.get("metadata-files")) if isinstance(name, str)]
        parts = [config, *(mapping(listing.yaml(file)) for file in files if file in listing.own)]
        yield navigation(path, (item for part in parts for item in _entries(listing, root, _contents(part), 0)))


def _contents(config: Mapping[object, object]) -> list[object]:
    book, sidebar = mapping(config.get("book")), mapping(config.get("website")).get("sidebar")
    bars = sidebar if isinstance(sidebar, list) else [sidebar]
    return [*bars, *nested(book.get("chapters")), *nested(book.get("appendices"))]


def _entries(listing: Listing, root: str, items: object, depth: int) -> Iterator[NavigationEntry]:
    """Pages by name, groups, and `auto` or patterns that stand for the documents they match."""
    if depth > MAX_DEPTH:
        return
    for item in items if isinstance(items, list) else [items]:
        fields = mapping(item)
        if isinstance(item, str) or "auto" in fields:
            yield from _pages(listing, root, fields.get("auto", item), depth)
            continue
        title = next((fields[key] for key in ("section", "part", "text") if isinstance(fields.get(key), str)), "")
        target = next((fields[key] for key in ("file", "href") if isinstance(fields.get(key), str)), title)
        found = _page(listing, root, str(target))
        inner = depth
        if found or title:
            yield entry("" if target is title and found else title, found, depth)
            inner = depth + 1
        for key in _CHILDREN:
            if key in fields:
                yield from _entries(listing, root, fields[key], inner)


def _pages(listing: Listing, root: str, wanted: object, depth: int) -> Iterator[NavigationEntry]:
    if wanted is True or (isinstance(wanted, str) and wanted in {"auto", "/"}):
        yield from tree_entries(listing, root, depth)
    elif isinstance(wanted, str):
        if found := _page(listing, root, wanted):
            yield entry("", found, depth)
            return
        pattern = posixpath.normpath(posixpath.join(root, wanted.lstrip("/")))
        folder = pattern.removesuffix("/**").removesuffix("/*")
        if not re.search(r"[*?\[]", folder):
            yield from tree_entries(listing, folder, depth)
            return
        below = listing.below(posixpath.dirname(folder.partition("*")[0]))
        named = [path for path in below if fnmatch.fnmatchcase(path, pattern)]
        deep = len(pattern.split("/")) if "**" not in pattern else 0
        yield from (entry("", path, depth) for path in ordered(listing, named) if deep in {0, len(path.split("/"))})


def _page(listing: Listing, root: str, target: str) -> str | None:
    path = posixpath.normpath(posixpath.join(root, target.partition("#")[0].lstrip("/")))
    return path if path in listing.documents else None
