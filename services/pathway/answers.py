"""The forms a model's answers must have. Numbers refer to the sections of the question."""

from typing import Literal

from pydantic import Field

from shared.engine.model.question import Answer


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
