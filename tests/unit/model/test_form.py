"""The form of an answer in a prompt names every field and is shorter than its JSON Schema."""

import json
from typing import Literal

import pytest
from pydantic import BaseModel, Field

from services.doc_analyser.answers import AnalysisAnswer
from services.modules.answers import LessonAnswer
from services.pathway.answers import PathwaysAnswer
from shared.engine.model.form import show_form


class Leaf(BaseModel):
    """A leaf."""

    size: Literal["small", "large"]


class Tree(BaseModel):
    """A tree."""

    name: str = Field(max_length=9, description="its name")
    leaves: list[Leaf] = Field(default_factory=list, max_length=4)
    fruit: "Fruit"
    other: "Fruit | None" = None


class Fruit(BaseModel):
    """A fruit."""

    ripe: bool


def test_a_form_is_a_type_for_each_model_with_limits_and_descriptions() -> None:
    assert show_form(Tree).split("\n") == [
        "type Fruit = {ripe: boolean} // A fruit.",
        (
            "type Tree = {name: string /* at most 9 characters, its name */, "
            'leaves?: {size: "small" | "large"}[] /* at most 4, A leaf. */, '
            "fruit: Fruit, other?: Fruit | null} // A tree."
        ),
    ]


@pytest.mark.parametrize("schema", [AnalysisAnswer, PathwaysAnswer, LessonAnswer])
def test_the_forms_of_the_stages_can_be_shown(schema: type[BaseModel]) -> None:
    shown = show_form(schema)
    assert all(f"{field}:" in shown or f"{field}?:" in shown for field in schema.model_fields)
    assert len(shown) < 0.8 * len(json.dumps(schema.model_json_schema(), separators=(",", ":")))
