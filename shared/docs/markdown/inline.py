"""Paragraphs of Markdown to numbered lines of inline CommonMark, with the links and pictures in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.docs.included import Included
from shared.docs.markdown.paragraph import Paragraph, Picture, Surroundings
from shared.docs.model import Link
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


class InlineReader:
    """Rewrites the paragraphs of one file and collects the links it meets, in reading order."""

    def __init__(
        self, path: str, references: Mapping[str, str], components: frozenset[str], included: Included
    ) -> None:
        self.path = path
        self._around = Surroundings(path, references, components, included)

    @property
    def links(self) -> list[Link]:
        """The links met so far."""
        return self._around.links

    def read(self, lines: Sequence[tuple[int, str]]) -> InlineText:
        """Rewrite one paragraph, given as (raw line number, text) pairs."""
        numbers = [number for number, _ in lines]
        paragraph = Paragraph("\n".join(text for _, text in lines), numbers, self._around)
        numbered = tuple(zip(numbers, paragraph.rewritten(), strict=True))
        return InlineText(numbered, tuple(paragraph.pictures), paragraph.anchor)
