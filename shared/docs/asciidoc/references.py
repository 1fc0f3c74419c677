"""Which other files AsciiDoc pulls in: includes, pictures, and files that set attributes."""

import re
from collections.abc import Iterator, Sequence

from shared.docs.asciidoc.attributes import document_attributes
from shared.docs.asciidoc.paths import attribute_files, include_candidates, picture_candidates
from shared.docs.encoding import text_lines
from shared.docs.includes import References, few

INCLUDE = re.compile(r"^include::(?P<target>[^\[]+)\[(?P<options>.*)\]\s*$")
_IMAGE = re.compile(r"\bimage::?(?P<target>[^\s:\[\]][^\[\]\n]{0,1000}+)\[")


def find_references(path: str, text: str) -> References:
    """The files `text` includes and the pictures it shows, as candidates inside the repository."""
    lines = text_lines(text)
    attributes = document_attributes(lines)
    images: list[str] = []
    includes = [*few(included_files(path, lines)), *attribute_files(path)]
    for target in few(image["target"] for line in lines for image in _IMAGE.finditer(line)):
        images.extend(picture_candidates(path, target, attributes))
    return References(includes=tuple(dict.fromkeys(includes)), images=tuple(dict.fromkeys(images)))


def included_files(path: str, lines: Sequence[str]) -> Iterator[str]:
    """Where the files that a file includes may stand."""
    attributes = document_attributes(lines)
    for line in lines:
        if line.startswith("include::") and (match := INCLUDE.match(line)):
            yield from include_candidates(path, match["target"], attributes)
