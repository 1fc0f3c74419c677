"""Sphinx' order: the `toctree` directives, from the root document down, in reStructuredText and MyST."""

import fnmatch
import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from shared.docs.nav.listing import MAX_DEPTH, Listing, Made, entry, navigation
from shared.docs.navigation import Navigation, NavigationEntry

_ROOT_NAME = re.compile(r"^(?:root_doc|master_doc)\s*=\s*['\"]([\w./-]+)['\"]", re.MULTILINE)
_RST = re.compile(r"^(?P<indent>\s*)\.\.\s+toctree::")
_MYST = re.compile(r"^\s*(?P<fence>`{3,}|~{3,}|:{3,})\{toctree\}")
_OPTION = re.compile(r"^:(?P<name>[\w-]+):\s*(?P<value>.*)$")
_TITLED = re.compile(r"^(?P<title>.*?\S)\s*+<(?P<target>[^<>]+)>$")
_ONLY_INCLUDE = re.compile(r"(?:\.\. include::|[`:]{3,}\{include\}) (?P<target>\S+)\s*$")
_AROUND = re.compile(r"\s*:[\w-]+:|[`:]{3,}\s*$")
_NO_PAGE = re.compile(r"[*?\[<>\s]|^/?(?:(?:gen|mod|py-mod)index|search)$")  # a pattern, or an index of Sphinx' own
_MOST_AROUND = 8

# Documents that are looked at for all toctrees together: 5,000 documents that each list all others are 25 million.
_MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class _Toctree:
    caption: str
    glob: bool
    items: tuple[str, ...]


def sphinx(listing: Listing) -> Iterator[Navigation]:
    """One navigation for each conf.py with a root document beside it."""
    for path in listing.named("conf.py"):
        folder = posixpath.dirname(path)
        named = _ROOT_NAME.search(listing.text(path))
        names = [*([named[1]] if named else []), "index", "contents"]
        root = next((p for name in names for p in _pages(listing, posixpath.join(folder, name))), None)
        if root:
            walk = _Walk(listing, folder)
            yield navigation(root, [entry("", root, 0), *walk.entries(root, 0)])


def _pages(listing: Listing, stem: str) -> list[str]:
    return [path for path in (f"{stem}.rst", f"{stem}.md", f"{stem}.txt", f"{stem}.ipynb") if path in listing.documents]


class _Walk:
    """Follows toctrees through the documents of one folder, each document once."""

    def __init__(self, listing: Listing, folder: str) -> None:
        self._listing = listing
        self._folder = folder
        self._seen: set[str] = set()
        self._left = _MOST_STEPS
        self._matched: dict[str, list[str]] = {}
        self._stems: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
        for document in listing.below(folder):
            stem = posixpath.splitext(document)[0]
            self._stems[stem.count("/")].append((stem, document))

    def entries(self, path: str, depth: int) -> Iterator[NavigationEntry]:
        if path in self._seen or depth > MAX_DEPTH:
            return
        self._seen.add(path)
        for tree in toctrees(self._listing.text(path)):
            inner = depth + bool(tree.caption)
            if tree.caption:
                yield entry(tree.caption, None, depth)
            for item in tree.items:
                titled = _TITLED.match(item)
                title, target = (titled["title"], titled["target"]) if titled else ("", item)
                pages = self._targets(path, target, glob=tree.glob)
                if not pages and not _NO_PAGE.search(target):
                    yield Made(self._joined(path, target), None, 0)
                for found in pages:
                    self._left -= 1
                    if self._left < 0:
                        return
                    shown = self._shown_by(found)
                    if shown not in self._seen:
                        yield entry(title, shown, inner)
                        yield from self.entries(shown, inner + 1)

    def _shown_by(self, path: str) -> str:
        """The document that a page shows, if the page is only an include of that; else the page itself."""
        lines = [line for line in self._listing.text(path).splitlines() if line.strip()]
        if not lines or len(lines) > _MOST_AROUND or not (found := _ONLY_INCLUDE.match(lines[0])):
            return path
        included = posixpath.normpath(posixpath.join(posixpath.dirname(path), found["target"]))
        is_all = all(_AROUND.match(line) for line in lines[1:])
        return included if is_all and included in self._listing.documents else path

    def _targets(self, path: str, target: str, *, glob: bool) -> list[str]:
        joined = self._joined(path, target)
        if glob and any(mark in target for mark in "*?["):
            return [document for document in self._glob(joined) if document != path]
        return [joined] if joined in self._listing.documents else _pages(self._listing, joined)[:1]

    def _joined(self, path: str, target: str) -> str:
        folder = self._folder if target.startswith("/") else posixpath.dirname(path)
        return posixpath.normpath(posixpath.join(folder, target.lstrip("/")))

    def _glob(self, pattern: str) -> list[str]:
        if pattern not in self._matched:
            stems = self._stems[pattern.count("/")]
            self._left -= len(stems)
            matches = re.compile(fnmatch.translate(pattern)).match
            self._matched[pattern] = [document for stem, document in stems if self._left > 0 and matches(stem)]
        return self._matched[pattern]


def toctrees(text: str) -> Iterator[_Toctree]:
    """The toctrees of a document in order."""
    lines = text.splitlines()
    index = 0
    while index < len(lines):
        rst, myst = _RST.match(lines[index]), _MYST.match(lines[index])
        start = index = index + 1
        if rst:
            least = len(rst["indent"]) + 1
            while index < len(lines) and (not lines[index].strip() or lines[index].expandtabs(8)[:least].isspace()):
                index += 1
        elif myst:
            while index < len(lines) and not lines[index].strip().startswith(myst["fence"]):
                index += 1
        if rst or myst:
            yield _toctree([line.strip() for line in lines[start:index]])


def _toctree(body: list[str]) -> _Toctree:
    options = {match["name"]: match["value"] for line in body if (match := _OPTION.match(line))}
    items = [line for line in body if line and not _OPTION.match(line) and not line.startswith(("..", "---", "%"))]
    items = [item for item in items if item != "self" and "://" not in item]
    ordered = tuple(reversed(items)) if "reversed" in options else tuple(items)
    return _Toctree(options.get("caption", ""), "glob" in options, ordered)
