"""The forms a model's answers must have. Numbers refer to the numbered material of the question."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from shared.course.scales import DocType
from shared.engine.model.question import Answer
from shared.engine.types import CitedSentence
from shared.events.base import Level


@dataclass(frozen=True)
class Numbered:
    """A document as a prompt shows it, and the meaning of its numbers: sentences, and the ids of sections."""

    text: str
    sentences: Mapping[int, CitedSentence]
    sections: Mapping[int, str]


class ConceptAnswer(Answer):
    """A term, and the number of its sentence."""

    name: str = Field(max_length=60)
    sentence: int


class ObjectiveAnswer(Answer):
    """An objective, and the number of its section [hN]."""

    text: str = Field(max_length=200)
    section: int


class AnalysisAnswer(Answer):
    """A document."""

    doc_type: DocType
    complexity_level: Level
    summary: list[int] = Field(description="the 1 to 3 sentences that say what it is about")
    concepts: list[ConceptAnswer] = Field(max_length=12)
    objectives: list[ObjectiveAnswer] = Field(max_length=8)
    prerequisites: list[str] = Field(default_factory=list, max_length=8, description="needed and not taught here")
