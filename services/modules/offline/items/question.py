"""A question before it is an item of a course: it has lines instead of citations, and no ids yet."""

from dataclasses import dataclass
from typing import Literal

from shared.course.model import Item, Option
from shared.course.scales import Bloom, ItemForm
from shared.docs.model import Document, Section
from shared.engine.types import Span

QuestionKind = Literal["single_choice", "ordering", "matching"]
_LETTERS = "abcdefghijklmnop"


@dataclass(frozen=True)
class TaughtSection:
    """A section that a lesson holds whole. `path` is its document's."""

    document_id: str
    path: str
    document: Document
    section: Section


@dataclass(frozen=True)
class Choice:
    """An option: one line of CommonMark, what a learner is told on choosing it, and the lines that say so."""

    text: str
    feedback: str
    spans: tuple[Span, ...]
    is_key: bool = False


@dataclass(frozen=True)
class Question:
    """A question about one section.

    `options` stand as they are shown. `groups` are empty for a choice; of an ordering question the accepted orders,
    of a matching one the pairs, as indexes of options (the terms come first, then the texts). `spans` are the lines
    that give the key and no other option. `example` is the line at which the example that is asked about begins.
    """

    form: ItemForm
    kind: QuestionKind
    stem: str
    options: tuple[Choice, ...]
    explanation: str
    spans: tuple[Span, ...]
    document_id: str
    section_id: str
    bloom: Bloom
    groups: tuple[tuple[int, ...], ...] = ()
    example: int = 0

    @property
    def keys(self) -> tuple[str, ...]:
        """The texts of the right options."""
        return tuple(option.text for option in self.options if option.is_key)

    def as_item(self, item_id: str = "") -> Item:
        """The item, without objectives and citations; options get letters for ids."""
        ids = [_LETTERS[i] for i in range(len(self.options))]
        return Item(
            id=item_id,
            kind=self.kind,
            stem=self.stem,
            options=[Option(id=i, text=o.text, feedback=o.feedback) for i, o in zip(ids, self.options, strict=True)],
            key=[[ids[i] for i in group] for group in self.groups]
            or [i for i, option in zip(ids, self.options, strict=True) if option.is_key],
            explanation=self.explanation,
            form=self.form,
            objective_ids=[],
            bloom=self.bloom,
            citation_ids=[],
        )
