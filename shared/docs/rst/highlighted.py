"""Code of reStructuredText with the language in which the project's site colours it."""

from collections.abc import Sequence
from dataclasses import replace

from shared.docs.listed_lines import marked_lines
from shared.docs.model import Block
from shared.docs.prose import Line
from shared.docs.python_source import is_python
from shared.docs.reading import Place, Reading, add_code

HIGHLIGHT = "highlight"


def add_highlighted(
    reading: Reading, lines: Sequence[Line], named: str, place: Place, title: str = "", marked: str = ""
) -> None:
    """Code of the language that is named for it, or for all that follows. The default is Python where it can be.

    `marked` lists the lines to highlight.
    """
    language, before = named or reading.settings.get(HIGHLIGHT, ""), len(reading.parts)
    add_code(reading, lines, "" if language in ("none", "default") else language, place, title)
    for at, part in enumerate(reading.parts[before:], before):
        if isinstance(part, Block) and marked:
            lines_of_code = range(part.code.count("\n") + 1)
            reading.parts[at] = part = replace(part, marked=marked_lines(marked, lines_of_code, lines_of_code))
        if language == "default" and isinstance(part, Block) and not part.language and is_python(part.code):
            reading.parts[at] = replace(part, language="python")
