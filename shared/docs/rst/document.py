"""Reading reStructuredText, Sphinx' included, by its lines.

docutils is not used: its tree knows the line a paragraph ends on, or begins on, or neither, depending on the construct
(in tables, lists and directives it is often off), and unknown directives and roles become errors in the text. A
citation needs the exact raw lines of every sentence, so the blocks are cut from numbered lines here, and only
constructs a reader sees are kept. Nothing is executed and no other file is opened.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from shared.docs.encoding import text_lines
from shared.docs.headings import MODULE_NAME, Heading, Part, build_sections, divide_long, title_from_path
from shared.docs.included import Included
from shared.docs.included_prose import with_included
from shared.docs.model import Block
from shared.docs.parsed import ParsedDocument
from shared.docs.reading import Place, Reading, ReadMarkdown
from shared.docs.rst.blocks import read_body
from shared.docs.rst.definitions import find_definitions, find_prose
from shared.docs.rst.highlighted import HIGHLIGHT
from shared.docs.rst.inline import InlineText
from shared.docs.rst.paths import include_candidates
from shared.docs.rst.settings import INCLUDE, LANGUAGE, around_pages, project_setting

_README = re.compile(r"(?:^|/)readme\.\w+$", re.IGNORECASE)


def read(path: str, text: str, included: Included) -> ParsedDocument:
    """Read one file. Never raises: see `problems`. `included` holds the files it includes by repository path."""
    raw_lines = text_lines(text)
    reading = read_part(path, raw_lines, included, 1, {})
    own = [part for part in reading.parts if isinstance(part, Block) or part.level < MODULE_NAME]
    first = _titled(own, alone=_README.search(path) is not None)
    title = first.text if first else ""
    return ParsedDocument(
        title=title, title_line=first.line if first else 1, links=tuple(reading.inline.links),
        sections=build_sections(title or title_from_path(path), divide_long(reading.parts), len(raw_lines)),
        problems=tuple(reading.problems),
    )  # fmt: skip


def read_part(
    path: str, raw_lines: Sequence[str], included: Included, first_line: int, settings: dict[str, str],
    read_markdown: ReadMarkdown | None = None,
) -> Reading:  # fmt: skip
    """Read a file, or its part that begins on `first_line`; `settings` are those of parts before. Names of objects are
    headings in it, see `divide_long`. `read_markdown` reads docstrings in Markdown.
    """
    around = list(around_pages(path, included))
    everything = with_included(path, raw_lines, included, _included_prose)
    definitions = find_definitions([*everything, *(line.text for _, lines in around for line in lines)])
    prose = {
        name: (file, said)
        for file, lines in around
        for name, said in find_prose(lines)
        if definitions.substitutions.get(name) == " ".join(line.text.strip() for line in said)  # not one of the page
    }
    settings[HIGHLIGHT] = settings.get(HIGHLIGHT) or project_setting(LANGUAGE, path, included) or "default"
    settings |= {f"|{name}|": alt for name, alt in definitions.pictured.items()}  # a title may be one picture
    role = project_setting("default_role", path, included)
    inline = InlineText(path, replace(definitions, prose=prose, default_role=role))
    reading = Reading(
        path, raw_lines, included, inline, read_body, settings=settings, first_line=first_line,
        read_markdown=read_markdown,
    )  # fmt: skip
    read_body(reading, reading.lines(), Place(titles=True))
    return reading


def _included_prose(path: str, lines: Sequence[str]) -> Iterator[str]:
    """Where the texts that a file includes may stand."""
    for line in lines:
        if "include::" in line and (match := INCLUDE.match(line)):
            yield from include_candidates(path, match[1])


def _titled(parts: Sequence[Part], *, alone: bool) -> Heading | None:
    """The heading that names the document: the first, unless others stand beside it and text stands before it, or it
    has to stand `alone`: a README is shown by docutils, to which one of several is a section like the others.
    """
    headings = [part for part in parts if isinstance(part, Heading)]
    beside = [heading for heading in headings if heading.level == headings[0].level]
    text_before = takewhile(lambda part: not isinstance(part, Heading), parts)
    opens_with_text = any(isinstance(part, Block) and part.kind == "paragraph" for part in text_before)
    return headings[0] if headings and not ((opens_with_text or alone) and len(beside) > 1) else None
