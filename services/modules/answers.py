"""The forms a model's answers must have. Numbers refer to the numbered material of the question."""

from typing import Literal

from pydantic import Field

from shared.course.scales import Bloom, ItemForm
from shared.engine.model.question import Answer


class StatementAnswer(Answer):
    """A sentence, and the numbers of the sentences and blocks that say it; none for a signpost that states nothing."""

    text: str
    evidence: list[int] = Field(default_factory=list)


class BlockAnswer(Answer):
    """A paragraph or list of statements, or the code, table or picture [bN] of the source, taken over whole."""

    kind: Literal["paragraph", "list", "source"]
    statements: list[StatementAnswer] = Field(default_factory=list)
    block: int | None = None


class PartAnswer(Answer):
    """A headed part of the lesson."""

    heading: str = Field(max_length=120)
    blocks: list[BlockAnswer]


class OptionAnswer(Answer):
    """An option, why it is right or what it really is, and the numbers of the sentences that say that."""

    text: str
    feedback: str = ""
    evidence: list[int] = Field(default_factory=list)


class ItemAnswer(Answer):
    """A question. `key`: positions (from 0) of right options; for cloze and short_answer the accepted texts in
    `accepted`; for ordering all positions in the right order. `objective` is its position (from 0).
    """

    kind: Literal["single_choice", "multiple_choice", "true_false", "cloze", "ordering", "short_answer"]
    form: ItemForm = "other"
    stem: str
    options: list[OptionAnswer] = Field(default_factory=list, max_length=8)
    key: list[int] = Field(default_factory=list)
    accepted: list[str] = Field(default_factory=list)
    explanation: str
    evidence: list[int]
    objective: int
    bloom: Bloom


class LessonAnswer(Answer):
    """A whole module. `left_out`: numbers of sections [hN] that it leaves to the documentation."""

    introduction: list[StatementAnswer]
    parts: list[PartAnswer]
    conclusion: list[StatementAnswer]
    summary: list[StatementAnswer]
    items: list[ItemAnswer] = Field(max_length=10)
    left_out: list[int] = Field(default_factory=list)
