"""The forms a model's answers must have. Numbers refer to the numbered material of the question.

A model writes from left to right, so the fields stand in the order of thought: evidence before the sentence, the
working before the options.
"""

from typing import Literal

from pydantic import Field

from shared.course.basis import Basis
from shared.engine.model.question import Answer

Form = Literal["predict_output", "choose", "fill_call", "find_wrong", "what_happens", "compare", "order"]


class StatementAnswer(Answer):
    """A sentence, after what it stands on. A scene or a step may have three."""

    evidence: list[int] = Field(default_factory=list)
    basis: Basis = "source"
    text: str


class BlockAnswer(Answer):
    """A paragraph, a list or numbered steps of statements, or the code, table or picture [bN], taken over whole."""

    kind: Literal["paragraph", "list", "steps", "taken"]
    statements: list[StatementAnswer] = Field(default_factory=list)
    block: int | None = None


class PartAnswer(Answer):
    """A headed part of the lesson."""

    heading: str = Field(max_length=120)
    blocks: list[BlockAnswer]


class OptionAnswer(Answer):
    """An option, and what a learner who chose it is told."""

    text: str
    evidence: list[int] = Field(default_factory=list)
    basis: Basis = "source"
    feedback: str = ""


class ItemAnswer(Answer):
    """A question. `objective`: its position, from 0. `block`: the code that its stem shows."""

    objective: int
    form: Form
    stem: str
    block: int | None = None
    explanation: StatementAnswer
    options: list[OptionAnswer] = Field(default_factory=list, max_length=6)
    accepted: list[str] = Field(default_factory=list, max_length=4)


class LessonAnswer(Answer):
    """A whole module. `left_out`: numbers of sections [hN] that it leaves to the documentation."""

    misconceptions: list[StatementAnswer] = Field(max_length=2)
    left_out: list[int] = Field(default_factory=list)
    introduction: list[StatementAnswer]
    parts: list[PartAnswer]
    conclusion: list[StatementAnswer]
    summary: list[StatementAnswer]
    items: list[ItemAnswer] = Field(max_length=6)
