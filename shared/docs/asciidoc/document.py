"""Reading AsciiDoc, Antora's included, by its lines.

No processor is used: the one in Python gives HTML without lines, the others are programs of other languages. A citation
needs the exact raw lines of every sentence, so the blocks are cut from numbered lines here. Conditions are taken as
met, nothing is executed and no other file is opened.
"""

import re
from collections.abc import Sequence

from shared.docs.asciidoc.attributes import REFERENCE, expand
from shared.docs.asciidoc.blocks import read_body
from shared.docs.asciidoc.inline import AsciidocInline
from shared.docs.asciidoc.site import site_attributes
from shared.docs.encoding import text_lines
from shared.docs.headings import Heading, Part, build_sections, title_from_path
from shared.docs.included import Included
from shared.docs.parsed import ParsedDocument
from shared.docs.plain import plain_text
from shared.docs.prose import Line
from shared.docs.reading import Place, Reading

_TITLE = re.compile(r"^(?:=|#)\s+\S")


def read(path: str, text: str, included: Included) -> ParsedDocument:
    """Read one file; `included` holds the files it includes by repository path. Never raises: see `problems`."""
    raw_lines = text_lines(text)
    site = site_attributes(path, included)
    settings = dict(site)
    inline = AsciidocInline(path, settings)
    reading = Reading(path, raw_lines, included, inline, read_body, settings=settings)
    read_body(reading, _without_authors(reading.lines()), Place(titles=True))
    first = _titled(reading.parts)
    known = {name: told for name, value in settings.items() if not REFERENCE.search(told := expand(value, settings))}
    title = first.text if first else plain_text(known.get("doctitle", known.get("title", "")))
    return ParsedDocument(
        title=title,
        title_line=first.line if first else 1,
        sections=build_sections(title or title_from_path(path), reading.parts, len(raw_lines)),
        links=tuple(inline.links),
        front_matter={name: value for name, value in sorted(known.items()) if site.get(name) != settings[name]},
        problems=tuple(reading.problems),
    )


def _titled(parts: Sequence[Part]) -> Heading | None:
    """The heading that names the document: the first of level 1, else the one that all the others stand under."""
    headings = [part for part in parts if isinstance(part, Heading)]
    tops = [heading for heading in headings if heading.level <= headings[0].level]
    first = next((heading for heading in headings if heading.level == 1), None)
    return first or (tops[0] if len(tops) == 1 and parts[0] is tops[0] else None)


def _without_authors(lines: Sequence[Line]) -> list[Line]:
    """The lines without those of author and revision, which follow the document's title without a blank line."""
    start = next((i for i, line in enumerate(lines) if line.text.strip()), len(lines))
    while start < len(lines) and not _TITLE.match(lines[start].text):
        if not (not lines[start].text.strip() or lines[start].text.startswith((":", "//", "[", "ifdef", "endif"))):
            return list(lines)
        start += 1
    kept = list(lines[: start + 1])
    index = start + 1
    if any(line.text.endswith((".", ":")) for line in lines[index : index + 1]):
        return list(lines)  # a sentence: no author's name
    while index < len(lines) and lines[index].text.strip():
        if lines[index].text.startswith((":", "//", "ifdef:", "ifndef:", "endif:", "include:", " ", "[", "image:")):
            kept.append(lines[index])
        index += 1
    return kept + list(lines[index:])
