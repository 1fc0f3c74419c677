"""Which other files reStructuredText pulls in: includes, pictures, and the source of names it describes."""

import re
from collections.abc import Iterator, Sequence

from shared.docs.encoding import text_lines
from shared.docs.includes import References, few
from shared.docs.links import image_candidates
from shared.docs.python_imports import name_candidates
from shared.docs.rst.paths import SETTINGS, include_candidates, object_name

_REFERENCE = re.compile(r"^\s*\.\.\s+(?:\|[^|]+\|\s*)?(literalinclude|include|image|figure|thumbnail)::\s*(\S.*)$")
_TABLE_FILE = re.compile(r"^\s+:file:\s+(\S.*)$")
_OBJECT = re.compile(
    r"^\s*(?:[-*+]\s+)?\.\.\s+(?:py:)?(?:(?P<module>(?:current)?module)|(?P<auto>auto[a-z]+|mkdocstrings))::\s*(?P<name>[\w.~!]{1,300})"
)
_NAMES = re.compile(r"^(?P<indent>\s*)\.\.\s+autosummary::")
_NAME = re.compile(r"^\s+(?P<name>[\w.~!]{1,300})\s*$")
_SET = re.compile(r"(?<!:)::[ \t]*$|(?<![:`\w])`[^`\s][^`]{0,200}`(?![_`:])|(?<!\.\. )(?<![\w|])\|[^\s|]", re.MULTILINE)
"""Marks of a page that needs the conf.py: code without a language, text in one backtick, or a substitution."""


def find_references(path: str, text: str) -> References:
    """The files `text` includes and the pictures it shows, as candidates inside the repository."""
    images: list[str] = []
    lines = text_lines(text)
    includes = [file for name, module in few(_objects(lines)) for file in _candidates(path, name, module)]
    includes += include_candidates(path, SETTINGS) if includes or _SET.search(text) else ()
    found = (match.group(1, 2) for line in lines if (match := _REFERENCE.match(line)))
    for name, target in few(found):
        if name in ("image", "figure", "thumbnail"):
            images.extend(image_candidates(path, target.strip()))
        else:
            includes.extend(include_candidates(path, target.strip()))
    for target in few(match[1] for line in lines if (match := _TABLE_FILE.match(line))):
        includes.extend(include_candidates(path, target))
    return References(includes=tuple(dict.fromkeys(includes)), images=tuple(dict.fromkeys(images)))


def _objects(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The names that directives read from source, each with the module it stands in."""
    module, listed = "", -1
    for line in lines:
        if line.strip() and len(line) - len(line.lstrip()) <= listed:
            listed = -1
        if match := _NAMES.match(line):
            listed = len(match["indent"])
        elif listed >= 0 and (match := _NAME.match(line)):
            yield object_name(match["name"]), module
        elif match := _OBJECT.match(line):
            if match["module"]:
                module = match["name"]
            else:
                yield object_name(match["name"]), module
                module = match["name"] if match["auto"] == "automodule" else module


def _candidates(path: str, name: str, module: str) -> Iterator[str]:
    """The files that may define a name which a document gives with the module it is in, or without."""
    for dotted in (f"{module}.{name}", name) if module else (name,):
        yield from (file for file, _ in name_candidates(path, dotted))
