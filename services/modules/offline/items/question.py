"""A question before it is an item of a course: it has lines instead of citations, and no ids yet."""

from dataclasses import dataclass

from shared.course.model import Item, ItemKind, Option
from shared.course.scales import Bloom, ItemForm
from shared.docs.model import Block, Document, Section
from shared.engine.types import Span

Reason = tuple[str, Span]

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

    `options` stand as they are shown. `spans` are the lines that give the key and no other option. `example` is the
    line at which the example that is asked about begins. `answers` are what a learner may write, where there are no
    options. Of a match the options are the calls, then their results in the same order.
    """

    form: ItemForm
    stem: str
    options: tuple[Choice, ...]
    explanation: str
    spans: tuple[Span, ...]
    document_id: str
    section_id: str
    example: int = 0
    answers: tuple[str, ...] = ()

    @property
    def bloom(self) -> Bloom:
        """What a learner has to do."""
        return "analyze" if self.form == "find_wrong" else "apply"

    @property
    def is_match(self) -> bool:
        """Whether calls are to be matched with their results."""
        return self.form == "match"

    @property
    def keys(self) -> tuple[str, ...]:
        """The answers, or the texts of the right options."""
        return self.answers or tuple(option.text for option in self.options if option.is_key)

    @property
    def last(self) -> str:
        """The last line of the stem's code."""
        return self.stem.removesuffix("\n```").rpartition("\n")[2].strip()

    def as_item(self, item_id: str = "") -> Item:
        """The item, without objectives and citations; options get letters for ids."""
        ids = [_LETTERS[i] for i in range(len(self.options))]
        right = [i for i, option in zip(ids, self.options, strict=True) if option.is_key]
        half = len(ids) // 2
        pairs = [list(pair) for pair in zip(ids[:half], ids[half:], strict=True)] if self.is_match else []
        choice: ItemKind = "single_choice" if len(right) == 1 else "multiple_choice"
        return Item(
            id=item_id,
            kind="matching" if self.is_match else "short_answer" if self.answers else choice,
            stem=self.stem,
            options=[Option(id=i, text=o.text, feedback=o.feedback) for i, o in zip(ids, self.options, strict=True)],
            key=pairs or [*self.answers] or right,
            explanation=self.explanation,
            form=self.form,
            objective_ids=[],
            bloom=self.bloom,
            citation_ids=[],
        )


def make_question(
    one: TaughtSection,
    block: Block,
    form: ItemForm,
    stem: str,
    says: str,
    spans: tuple[Span, ...],
    reason: Reason | None = None,
    *,
    answers: tuple[str, ...] = (),
    options: tuple[Choice, ...] = (),
) -> Question:
    """A question about an example in a block; `says` is what is told, and the reason behind it has its own lines."""
    why = f": “{reason[0]}”" if reason else ""
    return Question(
        form=form,
        stem=stem,
        options=options,
        explanation=f"{says}{why}.",
        spans=(*spans, reason[1]) if reason else spans,
        document_id=one.document_id,
        section_id=one.section.id,
        example=block.start_line,
        answers=answers,
    )
