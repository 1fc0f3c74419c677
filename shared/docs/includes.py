"""The meaning of an include: which file, which of its lines; and the marks that say so in Markdown."""

import posixpath
import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from shared.docs.folders import ancestors
from shared.docs.limits import MOST_TARGETS
from shared.docs.links import is_external, join_path, unique

_MDBOOK = re.compile(r"(?<!\\)\{\{\s*#(include|rustdoc_include|playground)\s+([^\s{}]+)[^{}]*\}\}")
_SNIPPET = re.compile(r"^[ \t]*-{1,}8<-{1,}[ \t]+(['\"])([^'\"]+)\1[ \t]*$")
PICTURE_SNIPPET = re.compile(r"[ \t]*-+8<-+[ \t]+(['\"])([^'\";]+\.(?:svg|png|gif|webp|jpe?g))\1[ \t]*")
_STAR = re.compile(r"^[ \t]*\{\*\s+(\S+)\s*([^*]*?)\*\}[ \t]*$")
_BANG = re.compile(r"^[ \t]*\{!>?\s*([^\s!\[\]]+)\s*(?:\[\s*ln:\s*([\d,\- ]+)\])?\s*!\}[ \t]*$")
_PLUGIN = re.compile(
    r"""^[ \t]*\{%-?\s*include(?:-markdown)?\s+(['"])([^'"*]+\.\w+)\1(?:\s+(?!start|end)[\w-]+=\S+)*\s*-?%\}[ \t]*$"""
)
_ANGLE = re.compile(r"^[ \t]*<<<[ \t]*(\S+?)(#[\w-]+)?[ \t]*(?:\{([\d,\- ]*+)[^}]*\})?[ \t]*(?:\[[^\]]*\])?[ \t]*$")
_STAR_LINES = re.compile(r"\b(ln|hl)\[([\d:,\s]+)\]")
_RANGE = re.compile(r"^(.*?):(-?\d*)(?::(-?\d*))?$")
_SITE_ROOT = re.compile(r"@site/|@/?(?=[./\w])|~/|/")
INCLUDE_COMMENT = re.compile(
    r"^[ \t]*<!--\s*@include:\s*([^\s{}#]+)(?:#([\w-]+))?\s*(?:\{(\d*),?(\d*)\})?\s*-->[ \t]*$"
)
_AT = re.compile(r"^[ \t]*@include(?:[ \t]+|:[ \t]*|\()([\w./-]+\.md)()()()\)?[ \t]*$")
_IMPORT = re.compile(
    r"^import\s+(?:(\w+)|\{\s*Content\s+as\s+(\w+)\s*\})\s+from\s+"
    r"['\"](?:!!raw-loader!([^'\"?]+)|([^'\"?]+)(?:\?raw|(?<=\.md)|(?<=\.mdx)))[^'\"]*['\"]",
    re.MULTILINE,
)

_SNIPPET_FOLDERS = (  # `base_path` of a site's snippets may be any folder; these names are usual
    "", "docs", "includes", "snippets", "samples", "code-samples", "examples", "docs/includes", "docs/snippets",
)  # fmt: skip

Ranges = tuple[tuple[int, int | None], ...]
Target = TypeVar("Target", bound=Hashable)


@dataclass(frozen=True)
class References:
    """Other files a document needs to be read in full: repository-relative paths, candidates in order of likelihood."""

    includes: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


@dataclass(frozen=True)
class Include:
    """One included text: where it may stand (candidates, likeliest first), and which of its lines are meant.

    `ranges` are 1-based inclusive lines, an end of None meaning the last line; `anchor` names a marked part. Neither
    means the whole file. `marked` lists what to highlight: lines as shown, or of the file (`marks_file`).
    """

    spelled: str
    candidates: tuple[str, ...]
    ranges: Ranges = ()
    anchor: str = ""
    marked: str = ""
    marks_file: bool = False


def includes_of_line(path: str, line: str) -> tuple[Include, ...]:
    """The includes a line of Markdown consists of, in order; empty when it is an ordinary line."""
    if "@include" in line and (comment := INCLUDE_COMMENT.match(line) or _AT.match(line)):
        return (_comment_include(path, comment),)
    if "{" in line:
        if found := tuple(_mdbook_include(path, match.group(2)) for match in _MDBOOK.finditer(line)):
            return found
        if plugin := _PLUGIN.match(line):
            return (_snippet_include(path, plugin[2]),)
        if star := _STAR.match(line):
            lines = dict(_STAR_LINES.findall(star.group(2)))
            shown = _ranged(star.group(1), path, _ranges(lines.get("ln"), ":"))
            return (replace(shown, marked=lines.get("hl", "").replace(":", "-"), marks_file=True),)
        if bang := _BANG.match(line):
            return (_ranged(bang.group(1), path, _ranges(bang.group(2), "-")),)
    if "8<" in line and (snippet := _SNIPPET.match(line)) and not PICTURE_SNIPPET.fullmatch(line):
        return tuple(_snippet_include(path, spelled.strip()) for spelled in snippet.group(2).split(";"))
    if "<<<" in line and (angle := _ANGLE.match(line)):
        return (replace(_angle_include(path, angle[1], (angle[2] or "").lstrip("#")), marked=angle[3] or ""),)
    return ()


def includes_in_code(path: str, line: str) -> tuple[Include, ...]:
    """The includes of a line in a fence: there `<<<` is code, as of a here-string or a merge."""
    return () if "<<<" in line else includes_of_line(path, line)


def imports(path: str, text: str) -> dict[str, Include]:
    """Names an MDX file gives to pages and to the raw text of other files, and those files."""
    found: dict[str, Include] = {}
    for match in _IMPORT.finditer(text):
        spelled = match.group(3) or match.group(4)
        found[match.group(1) or match.group(2)] = _angle_include(path, spelled, "")
    return found


def few(targets: Iterable[Target]) -> Iterator[Target]:
    """The first targets of a document, each once."""
    return islice(dict.fromkeys(targets), MOST_TARGETS)


def _mdbook_include(path: str, spelled: str) -> Include:
    name, _, rest = spelled.partition(":")
    candidates = unique((join_path(posixpath.dirname(path), name),))
    first, colon, last = rest.partition(":")
    if any(part and not part.isdigit() for part in (first, last)):
        return Include(spelled, candidates, anchor=first)
    start = int(first) if first else 1
    end = (int(last) if last else None) if colon or not rest else start
    return Include(spelled, candidates, ranges=((start, end),))  # chosen where it is all, too: a book shows it here


def _snippet_include(path: str, spelled: str) -> Include:
    name, anchor = spelled, ""
    ranges: Ranges = ()
    if match := _RANGE.match(spelled):
        name = match.group(1)
        ranges = ((int(match.group(2) or 1), int(match.group(3)) if match.group(3) else None),)
    elif ":" in spelled and not is_external(spelled):
        name, _, anchor = spelled.rpartition(":")
    candidates = _from_ancestors(path, name, _SNIPPET_FOLDERS) if not is_external(name) else ()
    return Include(spelled, candidates, ranges, anchor)


def _angle_include(path: str, spelled: str, anchor: str) -> Include:
    if root := _SITE_ROOT.match(spelled):
        return Include(spelled, _from_ancestors(path, spelled[root.end() :], ("", "docs", "src")), anchor=anchor)
    return Include(spelled, unique((join_path(posixpath.dirname(path), spelled),)), anchor=anchor)


def _comment_include(path: str, comment: re.Match[str]) -> Include:
    """`<!--@include: ./a.md#part{3,10}-->` of VitePress, and the same without a comment."""
    found = _angle_include(path, comment[1], comment[2] or "")
    first, last = comment[3], comment[4]
    return replace(found, ranges=((int(first or 1), int(last) if last else None),)) if first or last else found


def _ranged(spelled: str, path: str, ranges: Ranges) -> Include:
    """Includes of the FastAPI family: relative to the folder the site is built in, which is some folder above."""
    return Include(spelled, _from_ancestors(path, spelled, ("",)), ranges)


def _from_ancestors(path: str, name: str, below: tuple[str, ...]) -> tuple[str, ...]:
    return unique(join_path(f"{folder}/{inner}".strip("/"), name) for folder in ancestors(path) for inner in below)


def _ranges(spelled: str | None, separator: str) -> Ranges:
    """`1:5,7` as inclusive ranges; `separator` is the colon."""
    found: list[tuple[int, int | None]] = []
    for part in (spelled or "").replace(" ", "").split(","):
        first, between, last = part.partition(separator)
        if first.isdigit():
            found.append((int(first), (int(last) if last.isdigit() else None) if between else int(first)))
    return tuple(found)
