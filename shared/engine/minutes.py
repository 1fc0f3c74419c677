"""How long sections take to read: one rule for every stage, so that figures can be compared. Pure."""

import math
from collections.abc import Iterable, Sequence

from shared.engine.types import DocumentAnalysis, SectionOutline

WORDS_PER_MINUTE = 200
CODE_LINES_PER_MINUTE = 12
OUTPUT_LINES_PER_MINUTE = 40
_MOST_MINUTES = 240
"""A longer section, without a heading in four hours of reading, is data or generated text."""
_MINUTES_PER_ITEM = 4
_FEWEST_ITEMS, _MOST_ITEMS = 2, 10


def is_too_long(words: int, code_lines: int) -> bool:
    """Whether a section of so many words and lines of code is too long for a lesson."""
    return minutes_of(words, code_lines) > _MOST_MINUTES


def reading_minutes(sections: Iterable[SectionOutline]) -> float:
    """The minutes of some sections."""
    return sum(minutes_of(one.words, one.code_lines, one.output_lines) for one in sections)


def minutes_of(words: int, code_lines: int, output_lines: int = 0) -> float:
    """Minutes by the published rule, not rounded: words / 200, lines of code / 12, lines of output / 40."""
    return words / WORDS_PER_MINUTE + code_lines / CODE_LINES_PER_MINUTE + output_lines / OUTPUT_LINES_PER_MINUTE


def lesson_minutes(sections: Sequence[SectionOutline]) -> int:
    """The minutes of a module of these sections before it is written: to read them, and to answer as many questions as
    are asked of so much.
    """
    minutes = reading_minutes(sections)
    return max(1, math.ceil(minutes) + wanted_items(minutes))


def wanted_items(minutes: float) -> int:
    """How many questions are asked at most of a lesson that takes so long to read."""
    return min(_MOST_ITEMS, max(_FEWEST_ITEMS, round(minutes / _MINUTES_PER_ITEM)))


def teachable_outlines(analysis: DocumentAnalysis) -> tuple[SectionOutline, ...]:
    """The sections of an analysed document that a pathway may name."""
    return tuple(section for section in analysis.sections if section.teachable)
