"""How long sections take to read: one rule for every stage, so that figures can be compared. Pure."""

import math
from collections.abc import Iterable, Sequence

from shared.docs.model import Block, Section
from shared.engine.types import DocumentAnalysis, SectionOutline

WORDS_PER_MINUTE = 200
CODE_LINES_PER_MINUTE = 12
OUTPUT_LINES_PER_MINUTE = 40
_MOST_MINUTES = 240
"""A longer section, without a heading in four hours of reading, is data or generated text."""
_WORDS_PER_ITEM = 800
_FEWEST_ITEMS, _MOST_ITEMS = 2, 10
_PLAIN = frozenset({"", "text"})
OUTPUT_LANGUAGES = frozenset({"output", "stdout", "stderr", "text-output", "out"})


def is_too_long(words: int, code_lines: int) -> bool:
    """Whether a section of so many words and lines of code is too long for a lesson."""
    return _minutes(words, code_lines) > _MOST_MINUTES


def reading_minutes(sections: Iterable[SectionOutline]) -> float:
    """Minutes by the published rule, not rounded: words / 200, lines of code / 12, lines of output / 40."""
    return sum(_minutes(one.words, one.code_lines, one.output_lines) for one in sections)


def lesson_minutes(sections: Sequence[SectionOutline]) -> int:
    """The minutes of a module of these sections before it is written: to read them, and to answer as many questions as
    are asked of so much.
    """
    return max(1, math.ceil(reading_minutes(sections)) + wanted_items(sum(one.words for one in sections)))


def wanted_items(words: int) -> int:
    """How many questions are asked of a lesson of so many words."""
    return min(_MOST_ITEMS, max(_FEWEST_ITEMS, round(words / _WORDS_PER_ITEM)))


def teaching_minutes(sections: Iterable[Section]) -> float:
    """As `reading_minutes`, of sections that have not been outlined."""
    return sum(_minutes(section.words, *count_lines(section.blocks)) for section in sections)


def _minutes(words: int, code_lines: int, output_lines: int = 0) -> float:
    return words / WORDS_PER_MINUTE + code_lines / CODE_LINES_PER_MINUTE + output_lines / OUTPUT_LINES_PER_MINUTE


def is_output(block: Block, before: Block | None) -> bool:
    """Whether a code block shows what a program said: it is marked so, or a plain one follows code of a language."""
    if block.kind != "code":
        return False
    code_before = before.language if before is not None and before.kind == "code" else ""
    return is_output_language(block.language, code_before)


def is_output_language(language: str, before: str) -> bool:
    """Whether a block of a language is output, after a block of another one ("" for none)."""
    return language.lower() in OUTPUT_LANGUAGES or (language in _PLAIN and before not in _PLAIN)


def teachable_outlines(analysis: DocumentAnalysis) -> tuple[SectionOutline, ...]:
    """The sections of an analysed document that a pathway may name."""
    return tuple(section for section in analysis.sections if section.teachable)


def count_lines(blocks: Sequence[Block]) -> tuple[int, int]:
    """Lines that hold code, and lines that hold output."""
    code = output = 0
    for before, block in zip([None, *blocks], blocks, strict=False):
        lines = sum(1 for line in block.code.splitlines() if line.strip()) if block.kind == "code" else 0
        if is_output(block, before):
            output += lines
        else:
            code += lines
    return code, output
