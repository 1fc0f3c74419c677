"""Lists of links with headings between: SUMMARY.md of books, _sidebar.md of Docsify and wikis, DocC's first page."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from shared.docs.nav.listing import Listing, entry, mapping, navigation
from shared.docs.navigation import Navigation, NavigationEntry

_LINK = re.compile(
    r"^(?P<indent>\s*+)(?P<mark>[-*+]|\d+[.)])?\s*+\[(?P<title>(?:[^\[\]\\]|\\.|\[[^\]]*\])*)\]\((?P<target>[^()]*(?:\([^()]*\)[^()]*)*)\)"
)
_PLAIN = re.compile(r"^(?P<indent>\s*)[-*+]\s+(?P<title>[^\[\]]+)$")
_HEADING = re.compile(r"^(?:#{1,6}\s+|\*\*)(?P<title>[^\[\]]*)$")
_WIKI = re.compile(r"\[\[(?:([^\[\]|]*)\|)?([^\[\]|]+)\]\]")  # [[Page]], [[what it is called|Page]]
_DOCC = re.compile(r"<doc:([^<>\s#]++)[^<>\s]*+>")  # <doc:Page#Section>, <doc:Catalog/Page>
_FIRST_OF_DOCC = re.compile(r"^[ \t]*@TechnologyRoot\b|\A\s*# +``\w+``\s*$", re.MULTILINE)
_CONTENTS = re.compile(r"^(?:summary|table of contents|contents|toc)$", re.IGNORECASE)


def summaries(listing: Listing) -> Iterator[Navigation]:
    """Every SUMMARY.md, sidebar or first page of DocC, and the file that `.gitbook.yaml` names in its place."""
    named = list(listing.named("SUMMARY.md", "_sidebar.md", "_Sidebar.md"))
    for path in listing.named(".gitbook.yaml", ".gitbook.yml"):
        config = mapping(listing.yaml(path))
        root, summary = config.get("root"), mapping(config.get("structure")).get("summary")
        folder = posixpath.join(posixpath.dirname(path), root.lstrip("./") if isinstance(root, str) else "")
        if isinstance(summary, str):
            named.append(posixpath.normpath(posixpath.join(folder, summary)))
    pages = {_name(path, path): path for path in listing.documents if ".docc/" in path}
    for path in [*dict.fromkeys(named), *sorted(pages.values())]:
        if ".docc/" not in path or _FIRST_OF_DOCC.search(listing.text(path)):
            opening = [entry("", path, 0)] * (".docc/" in path)
            yield navigation(path, [*opening, *_entries(listing, path, pages)])


def _name(page: str, path: str) -> tuple[str, str]:
    """The catalog of DocC of a file, and the name by which its files know a page, in whichever folders both are."""
    return path.partition(".docc/")[0], posixpath.splitext(posixpath.basename(page))[0]


def _entries(listing: Listing, path: str, pages: Mapping[tuple[str, str], str]) -> Iterator[NavigationEntry]:
    group = 0
    indents: list[int] = []
    for line in listing.text(path).splitlines():
        text = _DOCC.sub(lambda found: f"[](/{pages.get(_name(found[1], path), ':')})", line.expandtabs(4))
        text = _WIKI.sub(lambda found: f"[{found[1] or found[2].replace('-', ' ')}]({found[2]})", text)
        if heading := _HEADING.match(text):
            indents = []
            title = heading["title"].rstrip("#* ")
            if not _CONTENTS.match(title) and not (title and not group and text.startswith("# ")):
                group = 1
                yield entry(_unescaped(title), None, 0)
            continue
        if (match := _LINK.match(text) or _PLAIN.match(text)) is None:
            continue
        indents = [one for one in indents if one < len(match["indent"])]
        depth = len(indents) + group
        indents.append(len(match["indent"]))
        target = match.groupdict().get("target") or ""
        address = _address(target)
        found = listing.document(address, path) or listing.document(address.replace(" ", "-"), path)
        if found or not target:
            yield entry(_unescaped(match["title"]), found, depth)


def _address(target: str) -> str:
    """The path of a link's target, which may have a title, angle brackets and escapes."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"""\s+["'].*["']$""", "", target.strip()).strip("<>")).partition("#")[0]


def _unescaped(title: str) -> str:
    return re.sub(r"\\([_*\[\]`()-])", r"\1", title)
