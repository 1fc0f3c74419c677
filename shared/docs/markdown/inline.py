"""Paragraphs of Markdown to numbered lines of inline CommonMark, with the links and pictures in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.docs.markdown.paragraph import Paragraph, Picture, Surroundings
from shared.docs.sentences import BREAK, GLUE

MAX_PARAGRAPH = 60_000
"""Characters of a paragraph that is still read."""


@dataclass(frozen=True)
class InlineText:
    """A paragraph after rewriting.

    `lines` are numbered; `anchor` is an id given in it.
    """

    lines: tuple[tuple[int, str], ...]
    pictures: tuple[Picture, ...] = ()
    anchor: str = ""

    @property
    def line(self) -> str:
        """All of it on one line."""
        texts = (text.replace(BREAK, " ").strip() for _, text in self.lines)
        joined = " ".join(text for text in texts if text)
        return joined.replace(f" {GLUE}", "").strip(GLUE)


def read_inline(lines: Sequence[tuple[int, str]], around: Surroundings) -> InlineText:
    """Rewrite one paragraph, given as (raw line number, text) pairs, and collect its links in reading order."""
    numbers = [number for number, _ in lines]
    paragraph = Paragraph("\n".join(text for _, text in lines), numbers, around)
    return InlineText(
        tuple(zip(numbers, paragraph.rewritten(), strict=True)), tuple(paragraph.pictures), paragraph.anchor
    )
