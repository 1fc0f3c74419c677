"""Where a link, an image or an include leads: repository paths from targets as authors write them."""

import posixpath
import re
from collections.abc import Iterable
from itertools import product
from urllib.parse import unquote

from shared.docs.folders import ancestors

_SCHEME = re.compile(r"^(?:[a-zA-Z][a-zA-Z0-9+.-]*:|//)")
AT_HOST = re.compile(r"https?://[^/]+/[^/]+/[^/]+/(?:-/)?(?:blob|tree)/[^/]+/([^?#]+)")  # a file at a host
# Folders that site generators publish at the root of the site.
_PUBLIC_FOLDERS = ("", "static", "public", "docs", "src", "website/static", "docs/static", "docs/public", "docs/assets")
_FOLDERS_OF_DOCC = ("", "Assets", "Resources", "Images", "Media")
_ENDINGS_OF_DOCC, _SCALES_OF_DOCC = (".png", ".jpg", ".jpeg", ".svg", ".gif"), ("@2x", "", "@3x")
# How site generators write "from the root of the site's files".
FROM_THE_ROOT = ("/", "@site/", "~/", "@/")
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


def image_candidates(path: str, target: str) -> tuple[str, ...]:
    """Repository paths a picture's target may mean, likeliest first; empty for pictures from elsewhere."""
    if not target or is_external(target) or target.startswith("#"):
        return ()
    relative, _ = split_target(target)
    if relative.startswith(FROM_THE_ROOT):
        tail = relative.split("/", 1)[1]
        folders = ancestors(path)
        return unique(
            join_path(join_path(folder, public) or folder, tail) for folder in folders for public in _PUBLIC_FOLDERS
        )
    own, *above = ancestors(path)
    # Sites with one folder a page, or one for the pages of all chapters, let authors write targets relative to it.
    found = [join_path(folder, relative) for folder in (own, path.rsplit(".", 1)[0], *above)]
    if ".docc/" in path:  # a catalog of DocC, where pictures are named without their folders, scales and endings
        name, ending = posixpath.splitext(posixpath.basename(relative))
        folders = (own, *(f"{path.partition('.docc/')[0]}.docc/{folder}" for folder in _FOLDERS_OF_DOCC))
        kinds = product(folders, [ending] if ending else _ENDINGS_OF_DOCC, _SCALES_OF_DOCC)
        found += [join_path(folder, name + scale + kind) for folder, kind, scale in kinds]
    return unique(found)


def unique(paths: Iterable[str | None]) -> tuple[str, ...]:
    """The paths that stay in the repository, each once, in order."""
    return tuple(dict.fromkeys(path for path in paths if path))
