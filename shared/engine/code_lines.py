"""Which lines of a section are code and which are output, and how long the section takes with them. Pure."""

from collections.abc import Iterable, Sequence

from shared.docs.model import Block, Section
from shared.engine.minutes import minutes_of

_PLAIN = frozenset({"", "text"})
_OUTPUT = frozenset({"output", "stdout", "stderr", "text-output", "out"})


def teaching_minutes(sections: Iterable[Section]) -> float:
    """The minutes of sections that have not been outlined."""
    return sum(minutes_of(section.words, *count_lines(section.blocks)) for section in sections)


def is_output(block: Block, before: Block | None) -> bool:
    """Whether a code block shows what a program said: it is marked so, or a plain one follows code of a language."""
    if block.kind != "code":
        return False
    code_before = before.language if before is not None and before.kind == "code" else ""
    return is_output_language(block.language, code_before)


def is_output_language(language: str, before: str) -> bool:
    """Whether a block of a language is output, after a block of another one ("" for none)."""
    return language.lower() in _OUTPUT or (language in _PLAIN and before not in _PLAIN)


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
