"""Reading reStructuredText, Sphinx' included, by its lines.

docutils is not used: its tree knows the line a paragraph ends on, or begins on, or neither, depending on the construct
(in tables, lists and directives it is often off), and unknown directives and roles become errors in the text. A
citation needs the exact raw lines of every sentence, so the blocks are cut from numbered lines here, and only
constructs a reader sees are kept. Nothing is executed and no other file is opened.
"""

import re
from collections.abc import Iterator, Sequence

from shared.docs.encoding import text_lines
from shared.docs.headings import Heading, build_sections, title_from_path
from shared.docs.included import Included
from shared.docs.included_prose import with_included
from shared.docs.includes import few, image_candidates
from shared.docs.parsed import ParsedDocument, References
from shared.docs.reading import Place, Reading
from shared.docs.rst.autodoc import candidates, object_name
from shared.docs.rst.blocks import read_body
from shared.docs.rst.definitions import find_definitions
from shared.docs.rst.inline import InlineText
from shared.docs.rst.literalinclude import include_candidates

_REFERENCE = re.compile(r"^\s*\.\.\s+(?:\|[^|]+\|\s*)?(literalinclude|include|image|figure|thumbnail)::\s*(\S.*)$")
_TABLE_FILE = re.compile(r"^\s+:file:\s+(\S.*)$")
_OBJECT = re.compile(
    r"^\s*(?:[-*+]\s+)?\.\.\s+(?:py:)?(?:(?P<module>(?:current)?module)|(?P<auto>auto[a-z]+|mkdocstrings))::\s*(?P<name>[\w.~!]{1,300})"
)


def read(
    path: str, text: str, included: Included, first_line: int = 1, settings: dict[str, str] | None = None
) -> ParsedDocument:
    """Read one file, or its part that begins on `first_line`. Never raises: see `problems`.

    `included` holds the files it includes by repository path; `settings` are those of parts before.
    """
    raw_lines = text_lines(text)
    inline = InlineText(path, find_definitions(with_included(path, raw_lines, included, _included_prose)))
    settings = {} if settings is None else settings
    reading = Reading(path, raw_lines, included, inline, read_body, first_line=first_line, settings=settings)
    read_body(reading, reading.lines(), Place(titles=True))
    first = next((part for part in reading.parts if isinstance(part, Heading)), None)
    title = first.text if first else ""
    return ParsedDocument(
        title=title,
        title_line=first.line if first else first_line,
        sections=build_sections(title or title_from_path(path), reading.parts, first_line + len(raw_lines) - 1),
        links=tuple(reading.inline.links),
        problems=tuple(reading.problems),
    )


def _included_prose(path: str, lines: Sequence[str]) -> Iterator[str]:
    """Where the texts that a file includes may stand."""
    for line in lines:
        if "include::" in line and (match := _REFERENCE.match(line)) and match[1] == "include":
            yield from include_candidates(path, match[2])


def find_references(path: str, text: str) -> References:
    """The files `text` includes and the pictures it shows, as candidates inside the repository."""
    includes: list[str] = []
    images: list[str] = []
    lines = text_lines(text)
    includes += [file for name, module in few(_objects(lines)) for file in candidates(path, name, module)]
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
    module = ""
    for line in lines:
        if match := _OBJECT.match(line):
            if match["module"]:
                module = match["name"]
            else:
                yield object_name(match["name"]), module
                module = match["name"] if match["auto"] == "automodule" else module
