"""The answer of a model becomes a module as the schema of courses has it."""

from types import SimpleNamespace
from typing import cast

from services.modules.answers import ItemAnswer, LessonAnswer
from services.modules.cited.brief import ModuleBrief
from services.modules.cited.citing import Citations
from services.modules.lesson import LessonBuilder
from shared.engine.anthropic.material import Material
from shared.engine.types import CitedSentence, LearningObjective, PathwayModule, SectionRef, Span

STEPS = ("Fill the tank.", "Close the lid.", "Press the button.")


def test_the_order_of_an_ordering_item_is_the_one_that_is_accepted() -> None:
    planned = PathwayModule(
        id="m1", title="Boil", description="Water.", estimated_minutes=5, document_ids=("d1",),
        learning_objectives=(LearningObjective(text="Follow the steps", bloom="apply", section_id="s1"),),
        sections=(SectionRef(document_id="d1", section_id="s1", heading="Boil"),),
    )  # fmt: skip
    brief = cast("ModuleBrief", SimpleNamespace(module=planned, position=0))
    span = Span(path="boil.md", start_line=1, end_line=3)
    material = Material(sentences={1: CitedSentence(text=" ".join(STEPS), span=span)})
    builder = LessonBuilder(brief, material, Citations("m1", lambda _: "s1", lambda _: "\n".join(STEPS).encode()))
    asked = ItemAnswer(
        kind="ordering", stem="Put the steps in order.", options=list(STEPS[::-1]), key=[2, 1, 0],
        explanation="The tank comes first.", evidence=[1], objective=0, bloom="apply",
    )  # fmt: skip
    answer = LessonAnswer(introduction=[], parts=[], conclusion=[], summary=[], items=[asked])
    (item,) = builder.build(answer).assessment
    texts = {option.id: option.text for option in item.options}
    assert [[texts[i] for i in order] for order in item.groups] == [list(STEPS)]
