"""Which file of a repository a link leads to: what generators of sites make of a target. Pure."""

import posixpath
import re
from collections.abc import Collection, Iterator

from shared.docs.folders import ancestors
from shared.docs.links import FROM_THE_ROOT, is_external, join_path, split_target

_PAGE_SUFFIXES = (".md", ".mdx", ".rst", ".adoc", ".ipynb", ".markdown", ".asciidoc", ".qmd", ".Rmd", ".txt")
_INDEX_NAMES = ("index", "README", "_index", "readme", "Readme")
_INDEX_PAGES = tuple(name + page for name in _INDEX_NAMES for page in _PAGE_SUFFIXES)
_PAGES_OF_SITES = (".html", ".htm", ".md", ".mdx", ".rst", ".adoc")
_EDITION = re.compile(r"^/(?:[^/]+/)?\{\{[^{}/]*\}\}(?=/)")  # `/docs/{{version}}/page`: the site fills it in


def resolve_link(target: str, from_path: str, known_paths: Collection[str]) -> tuple[str | None, str]:
    """(path, fragment) of a target among the files that exist (`known_paths`, best a set); path None if none fits.

    Understands what site generators accept: `.html` for the page it is made from, no suffix, a folder for its index,
    addresses relative to a page's own folder (`../other/`), and addresses from the root of the documentation.
    """
    if is_external(target):
        return None, ""
    path, fragment = split_target(target)
    if not path:
        return (from_path if fragment else None), fragment
    return next((one for one in _candidates(path, from_path) if one in known_paths), None), fragment


def _candidates(path: str, from_path: str) -> Iterator[str]:
    folders: tuple[str, ...] = (posixpath.dirname(from_path), posixpath.splitext(from_path)[0])
    if path.startswith(FROM_THE_ROOT):
        folders, path = ancestors(from_path), _EDITION.sub("", path[path.index("/") :])
    for folder in folders:
        joined = join_path(folder, path)
        if joined is not None or posixpath.normpath(posixpath.join(folder, path)) == ".":
            yield from _spellings(joined or "")


def _spellings(joined: str) -> Iterator[str]:
    """A path as it stands, then the sources a site could have made it from."""
    folder = ""
    if joined:
        folder = joined.removesuffix("/") + "/"
        yield joined
        stem, suffix = posixpath.splitext(joined)
        bases = [stem] if suffix in _PAGES_OF_SITES else []
        yield from [base + page for base in (*bases, joined) for page in _PAGE_SUFFIXES]
    yield from [folder + page for page in _INDEX_PAGES]
