"""Code of reStructuredText with the language in which the project's site colours it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from shared.docs.included import Included
from shared.docs.listed_lines import marked_lines
from shared.docs.model import Block
from shared.docs.prose import Line
from shared.docs.python_source import is_python
from shared.docs.reading import Place, Reading, add_code
from shared.docs.rst.paths import SETTINGS, include_candidates

HIGHLIGHT = "highlight"
LANGUAGE = "highlight_language"
"""The setting of a conf.py for code without a language of its own."""


def project_setting(name: str, path: str, included: Included) -> str:
    """The text that a conf.py gives a setting, or ""."""
    given = re.compile(rf"^{name}\s*=\s*[\"']([\w.:+-]+)".encode(), re.MULTILINE)
    found = (given.search(included[conf]) for conf in include_candidates(path, SETTINGS) if conf in included)
    return next((match[1].decode() for match in found if match), "")


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
