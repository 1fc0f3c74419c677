"""Where a link, an image or an include leads: repository paths from targets as authors write them."""

import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from shared.docs.folders import ancestors

_SCHEME = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)")
_PAGE_SUFFIXES = (".md", ".mdx", ".rst", ".adoc", ".ipynb", ".markdown", ".asciidoc", ".qmd", ".Rmd", ".txt")
_INDEX_NAMES = ("index", "README", "_index", "readme", "Readme")
_INDEX_PAGES = tuple(name + page for name in _INDEX_NAMES for page in _PAGE_SUFFIXES)
_PAGES_OF_SITES = (".html", ".htm", ".md", ".mdx", ".rst", ".adoc")
# Folders that site generators publish at the root of the site.
_PUBLIC_FOLDERS = ("", "static", "public", "docs", "src", "website/static", "docs/static", "docs/public", "docs/assets")
# How site generators write "from the root of the site's files".
_FROM_THE_ROOT = ("/", "@site/", "~/", "@/")
PICTURE_SOURCE = re.compile(
    r"\b(?:\w{0,20}[sS]rc(?:[sS]et)?|sources)\s*=\s*(?:\{[^\"'`{}]{0,200}\{?[^\"'`{}]{0,200})?[\"'`]?([^\"'`{}\s<>,]+)"
)
"""An attribute of a tag that names a picture, one of several or the argument of a call too."""


def is_external(target: str) -> bool:
    """Whether a target names its own scheme or host, and so never a file of the repository."""
    return _SCHEME.match(target) is not None


def split_target(target: str) -> tuple[str, str]:
    """A relative target as (path with escapes decoded and no query, fragment)."""
    path, _, fragment = target.partition("#")
    return unquote(path.partition("?")[0]), fragment


def join_path(folder: str, relative: str) -> str | None:
    """`relative` seen from a repository folder ("" is the root), or None when it leaves the repository."""
    if "\0" in relative or "\\" in relative:
        return None
    joined = posixpath.normpath(posixpath.join(folder, relative.lstrip("/")))
    if joined in (".", "") or joined == ".." or joined.startswith(("../", "/")):
        return None
    return joined


def relative_path(target: str, from_path: str) -> tuple[str | None, str]:
    """(path, fragment) of a target taken literally; path None when it is external or leaves the repository.

    A bare fragment leads to the document itself; a site-absolute target (`/x`) is taken from the repository's root.
    """
    if is_external(target):
        return None, ""
    path, fragment = split_target(target)
    if not path:
        return (from_path, fragment) if fragment else (None, "")
    folder = "" if path.startswith("/") else posixpath.dirname(from_path)
    return join_path(folder, path), fragment


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
    for candidate in _candidates(path, from_path):
        if candidate in known_paths:
            return candidate, fragment
    return None, fragment


def _candidates(path: str, from_path: str) -> Iterator[str]:
    page_folder = posixpath.splitext(from_path)[0]
    folders: tuple[str, ...] = (posixpath.dirname(from_path), page_folder)
    if path.startswith(_FROM_THE_ROOT):
        folders, path = ancestors(from_path), path[path.index("/") :]
    for folder in folders:
        joined = join_path(folder, path)
        if joined is None:
            if posixpath.normpath(posixpath.join(folder, path)) != ".":
                continue
            joined = ""
        yield from _spellings(joined)


def _spellings(joined: str) -> Iterator[str]:
    """A path as it stands, then the sources a site could have made it from."""
    if joined:
        yield joined
        stem, suffix = posixpath.splitext(joined)
        bases = [stem] if suffix in _PAGES_OF_SITES else []
        for base in (*bases, joined):
            for page in _PAGE_SUFFIXES:
                yield base + page
    folder = f"{joined}/" if joined else ""
    for page in _INDEX_PAGES:
        yield folder + page


def image_candidates(path: str, target: str) -> tuple[str, ...]:
    """Repository paths a picture's target may mean, likeliest first; empty for pictures from elsewhere."""
    if not target or is_external(target) or target.startswith("#"):
        return ()
    relative, _ = split_target(target)
    if relative.startswith(_FROM_THE_ROOT):
        tail = relative.split("/", 1)[1]
        folders = ancestors(path)
        return unique(
            join_path(join_path(folder, public) or folder, tail) for folder in folders for public in _PUBLIC_FOLDERS
        )
    own = path.rsplit("/", 1)[0] if "/" in path else ""
    # Sites with one folder a page let authors write targets relative to that folder.
    return unique((join_path(own, relative), join_path(path.rsplit(".", 1)[0], relative)))


def unique(paths: Iterator[str | None] | tuple[str | None, ...] | list[str]) -> tuple[str, ...]:
    """The paths that stay in the repository, each once, in order."""
    return tuple(dict.fromkeys(path for path in paths if path))
