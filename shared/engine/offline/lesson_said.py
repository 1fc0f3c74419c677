"""What a section says, in a form that can be compared: so that a later module does not say or ask it again."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from shared.course.sentence_marks import strip_marks
from shared.docs.model import Section
from shared.engine.offline.writer_text import strip_markup

FEWEST_LINES, MOST_LINES = 3, 6


def list_said(section: Section) -> frozenset[str]:
    """Normal forms of a section's sentences and table rows, and of the short units of its code."""
    said: set[str] = set()
    for block in section.blocks:
        said.update(normal_form(sentence.text) for sentence in block.sentences)
        said.update(normal_form(" ".join(row)) for row in block.rows[1:])
        lines = block.code.split("\n") if block.code else []
        said.update(code_form(lines[start:end]) for start, end in find_units(lines))
    return frozenset(said)


def normal_form(text: str) -> str:
    """A sentence as it is compared with others: words only, lower case."""
    return " ".join(re.findall(r"\w+", strip_markup(strip_marks(text)).lower()))


def code_form(lines: Sequence[str]) -> str:
    """Lines of code as they are compared with others: indentation aside."""
    return "lines " + "\n".join(line.strip() for line in lines)


def find_units(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Ranges of three to six filled lines between blank ones."""
    bounds = [-1, *(i for i, line in enumerate(lines) if not line.strip()), len(lines)]
    for before, after in pairwise(bounds):
        if FEWEST_LINES <= after - before - 1 <= MOST_LINES:
            yield before + 1, after
