"""Paragraphs of Markdown to numbered lines of inline CommonMark, with the links and pictures in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.docs.included import Included
from shared.docs.markdown.paragraph import BREAK, Paragraph, Picture, Surroundings
from shared.docs.model import Link
from shared.docs.sentences import GLUE

MAX_PARAGRAPH = 60_000
"""Characters of a paragraph that is still read."""


@dataclass(frozen=True)
class InlineText:
    """A paragraph after rewriting.

    `segments` are its parts between line breaks the author made, each as numbered lines; `anchor` is an id given in it.
    """

    segments: tuple[tuple[tuple[int, str], ...], ...]
    pictures: tuple[Picture, ...] = ()
    anchor: str = ""

    @property
    def line(self) -> str:
        """All of it on one line."""
        joined = " ".join(text.strip() for segment in self.segments for _, text in segment if text.strip())
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
        numbered = list(zip(numbers, paragraph.rewritten(), strict=True))
        return InlineText(_segments(numbered), tuple(paragraph.pictures), paragraph.anchor)


def _segments(lines: Sequence[tuple[int, str]]) -> tuple[tuple[tuple[int, str], ...], ...]:
    """Lines parted where the author broke the line and a new thought begins."""
    segments: list[list[tuple[int, str]]] = [[]]
    pending = False
    for number, line in lines:
        for index, piece in enumerate(line.split(BREAK)):
            if index:
                pending = True
            if not piece.strip():
                continue
            if pending and segments[-1]:
                before = segments[-1][-1][1].rstrip(" *_`)")[-1:]
                if before in (".", ":", "!", "?", "…") or piece.lstrip().startswith(("**", "- ", "• ")):
                    segments.append([])
            pending = False
            segments[-1].append((number, piece))
    return tuple(tuple(segment) for segment in segments if segment)
