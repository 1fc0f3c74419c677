"""The author's own order of the documents, in whichever way the author wrote it down."""

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from shared.docs.nav import order
from shared.docs.nav.documenter import PROGRAMS, documenter
from shared.docs.nav.links import index_pages, linked
from shared.docs.nav.listing import Listing
from shared.docs.nav.sidebars import docusaurus, is_sidebar_file, needs_documents, starlight, vitepress
from shared.docs.nav.site import find_site, site_files
from shared.docs.nav.summary import summaries
from shared.docs.nav.toctree import sphinx
from shared.docs.nav.yaml import MKDOCS, antora, is_list_of_pages, lists_of_pages, mkdocs
from shared.docs.navigation import Navigation

_SOURCES: tuple[Callable[[Listing], Iterator[Navigation]], ...] = (
    mkdocs, summaries, sphinx, docusaurus, vitepress, starlight, antora, lists_of_pages,
    documenter, order.jekyll_order, order.eleventy, order.hugo, order.contents_of_folders,
)  # fmt: skip
_IN_DOCUMENTS = frozenset(
    {"conf.py", "_config.yml", "_quarto.yml", "_quarto.yaml", "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"}
)
_ALONE = frozenset({
    "SUMMARY.md", "_sidebar.md", "_Sidebar.md", ".gitbook.yaml",
    ".gitbook.yml", "antora.yml", "_category_.json", "_category_.yml", "_category_.yaml", "_sidebar.yml",
    "sidebar.yml", *PROGRAMS, *order.FOLDER_ORDERS, *order.FOLDER_CONTENTS,
})  # fmt: skip
_PATTERNS = re.compile(r"(?:^|/)(?:docusaurus\.config\.\w+|modules/[^/]+/(?:[^/]*/)*nav[^/]*\.adoc)$")
_NEARLY, _MOST = 0.8, 0.5
_NOT_OF_THE_PROJECT = re.compile(
    r"(?:^|/)(?:(?:[\w.-]*[-_.])?tests?|testing|fixtures?|test[-_]?data|e2e|mocks?|examples?|samples?|templates?)/",
    re.IGNORECASE,
)


def navigation_files(paths: Sequence[str]) -> tuple[str, ...]:
    """The files of a repository that must be read to know its author's order, sorted.

    Generators that keep the order in the documents (toctrees, positions in front matter) need the documents too.
    """
    listing = Listing(paths, dict[str, bytes]().__getitem__)
    wanted = {path for path in listing.own if _is_configuration(path)} or set(listing.documents)
    roots = {
        _documents_root(path)
        for path in wanted
        if posixpath.basename(path) in _IN_DOCUMENTS or needs_documents(path) or order.ELEVENTY.search(path)
    }
    wanted.update(path for root in roots for path in listing.below(root))
    wanted.update(index_pages(listing), site_files(listing))
    return tuple(sorted(wanted))


def build_navigation(paths: Sequence[str], read: Callable[[str], bytes]) -> Navigation:
    """The author's order, by the way of writing it down that names the most existing documents.

    Where several name nearly as many (editions, translations), the one nearest to the repository's root counts; the
    contents of a book in a folder of tests or examples count where there are no others and they name most documents.
    Only documents the author ordered are in it. Numbered file names and lists of links in READMEs are asked last.
    `read` may raise KeyError or OSError for what it does not have; that file is then as good as empty.
    """
    listing = Listing(paths, read)
    best = _best([one for source in _SOURCES for one in source(listing)], listing)
    if not best.entries:
        best = _best([ask(listing) for ask in (order.positioned, order.numbered, linked)], listing)
    return replace(best, site=find_site(listing))


def _best(found: Sequence[Navigation], listing: Listing) -> Navigation:
    named = [(sum(1 for entry in one.entries if entry.path), one) for one in found if one.entries]
    counted = [one for one in named if not _NOT_OF_THE_PROJECT.search(one[1].origin)]
    counted = counted or [one for one in named if one[0] >= _MOST * len(listing.documents)]
    most = max((count for count, _ in counted), default=0)
    near = [(one.origin.count("/"), -count, one) for count, one in counted if count >= most * _NEARLY]
    return min(near, key=lambda item: item[:2], default=(0, 0, Navigation()))[2]


def _is_configuration(path: str) -> bool:
    return (
        posixpath.basename(path) in _ALONE | _IN_DOCUMENTS
        or any(pattern.search(path) for pattern in (_PATTERNS, MKDOCS, order.ELEVENTY))
        or is_sidebar_file(path)
        or is_list_of_pages(path)
        or (".docc/" in path and path.endswith(".md"))
    )


def _documents_root(path: str) -> str:
    """The folder whose documents a configuration orders; a site's own folder stands beside its documents."""
    folder = posixpath.dirname(path)
    return posixpath.dirname(folder) if re.search(r"(?:^|/)sidebars?\.\w+$", path) else folder
