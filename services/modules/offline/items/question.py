"""A question before it is an item of a course: it has lines instead of citations, and no ids yet."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from shared.course.model import Item, Objective, Option
from shared.course.scales import ItemForm
from shared.docs.model import Block, Document, Section
from shared.engine.types import Span
from shared.kernel.ids import content_id

Reason = tuple[str, Span]


def digest(text: str) -> str:
    """A number in hexadecimal that the text alone decides: chance that is the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()


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
    """A question about an example in a block of a section.

    `options` stand as they are shown. `says` is what is told, and the `reason` behind it has its own lines. `lines`
    give the key and no other option. `answers` are what a learner may write, where there are no options.
    """

    one: TaughtSection
    block: Block
    form: ItemForm
    stem: str
    says: str
    lines: tuple[Span, ...]
    reason: Reason | None = None
    answers: tuple[str, ...] = ()
    options: tuple[Choice, ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """The ids of its document and its section."""
        return self.one.document_id, self.one.section.id

    @property
    def explanation(self) -> str:
        """The text that a learner reads with the answer."""
        return f"{self.says}{f': “{self.reason[0]}”' if self.reason else ''}."

    @property
    def spans(self) -> tuple[Span, ...]:
        """All lines that it cites."""
        return (*self.lines, self.reason[1]) if self.reason else self.lines

    @property
    def keys(self) -> tuple[str, ...]:
        """The answers, or the texts of the right options."""
        return self.answers or tuple(option.text for option in self.options if option.is_key)

    @property
    def last(self) -> str:
        """The last line of the stem's code."""
        return self.stem.removesuffix("\n```").rpartition("\n")[2].strip()

    def as_item(
        self, module_id: str = "", objectives: Sequence[Objective] = (), cite: Callable[[Span], str] | None = None
    ) -> Item:
        """The item with ids from its content; `cite` gives the id of what lines cite, each option its own."""

        def list_ids(spans: Iterable[Span]) -> list[str]:
            return list(dict.fromkeys(map(cite, spans))) if cite else []

        ids = [content_id("x", self.stem, option.text) for option in self.options]
        right = [*self.answers] or [i for i, option in zip(ids, self.options, strict=True) if option.is_key]
        return Item(
            id=content_id("i", module_id, self.stem, *right),
            kind="short_answer" if self.answers else "single_choice",
            stem=self.stem,
            options=[
                Option(id=i, text=own.text, feedback=own.feedback, citation_ids=list_ids(own.spans))
                for i, own in zip(ids, self.options, strict=True)
            ],
            key=right,
            explanation=self.explanation,
            form=self.form,
            objective_ids=[one.id for one in objectives],
            bloom="apply",
            citation_ids=list_ids(self.spans),
        )
