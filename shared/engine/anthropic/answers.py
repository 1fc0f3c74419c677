"""The forms a model's answers must have. Numbers refer to the numbered material of the question."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.course.model import Bloom, DocType, ItemKind, Level


class Answer(BaseModel):
    """Unknown fields are ignored: a talkative model is no malformed one."""

    model_config = ConfigDict(extra="ignore")


class ConceptAnswer(Answer):
    """A term and the number of the sentence that defines it."""

    name: str = Field(max_length=60)
    sentence: int


class ObjectiveAnswer(Answer):
    """An objective beginning with a verb, and the number of the section [hN] that teaches it."""

    text: str = Field(max_length=200)
    bloom: Bloom
    section: int


class AnalysisAnswer(Answer):
    """One document understood."""

    doc_type: DocType
    complexity_level: Level
    summary: list[int] = Field(description="numbers of 1 to 3 sentences that say what the document is about")
    concepts: list[ConceptAnswer] = Field(max_length=12)
    objectives: list[ObjectiveAnswer] = Field(max_length=8)
    prerequisites: list[str] = Field(default_factory=list, max_length=8)
    related_topics: list[str] = Field(default_factory=list, max_length=8)


class ModuleAnswer(Answer):
    """A module: a title for people, and the numbers of its sections in teaching order."""

    title: str = Field(max_length=80)
    description: str = Field(max_length=300)
    sections: list[int]


class PathwayAnswer(Answer):
    """One pathway."""

    kind: Literal["complete", "quickstart", "task", "reference"]
    title: str = Field(max_length=100)
    description: str = Field(max_length=400)
    prerequisites: list[str] = Field(default_factory=list, max_length=6)
    modules: list[ModuleAnswer]


class PathwaysAnswer(Answer):
    """The pathways on offer."""

    pathways: list[PathwayAnswer] = Field(min_length=1, max_length=4)


class StatementAnswer(Answer):
    """A sentence, and the numbers of the sentences that say it; none for a signpost that states nothing."""

    text: str
    evidence: list[int] = Field(default_factory=list)


class BlockAnswer(Answer):
    """A paragraph or list of statements, or the code block [cN]."""

    kind: Literal["paragraph", "list", "code"]
    statements: list[StatementAnswer] = Field(default_factory=list)
    code: int | None = None


class PartAnswer(Answer):
    """A headed part of the lesson."""

    heading: str = Field(max_length=120)
    blocks: list[BlockAnswer]


class ItemAnswer(Answer):
    """A question. `key`: positions (from 0) of right options; for cloze and short_answer the accepted texts in
    `accepted`; for ordering all positions in the right order. `objective` is its position (from 0).
    """

    kind: ItemKind
    stem: str
    options: list[str] = Field(default_factory=list, max_length=8)
    key: list[int] = Field(default_factory=list)
    accepted: list[str] = Field(default_factory=list)
    explanation: str
    evidence: list[int]
    objective: int
    bloom: Bloom


class LessonAnswer(Answer):
    """A whole module."""

    introduction: list[StatementAnswer]
    parts: list[PartAnswer]
    conclusion: list[StatementAnswer]
    summary: list[StatementAnswer]
    items: list[ItemAnswer] = Field(max_length=10)
