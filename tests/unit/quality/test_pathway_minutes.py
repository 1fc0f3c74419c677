from types import SimpleNamespace
from typing import Any

from shared.course.pathway_minutes import estimate_pathways
from shared.engine.types import Pathway


def planned(kind: Any, minutes: int) -> Pathway:
    return Pathway(
        id=kind,
        kind=kind,
        title=kind,
        description="",
        complexity_level="beginner",
        estimated_minutes=minutes,
        modules=(),
    )


def estimate(selected: str, *written: int) -> dict[str, int]:
    modules: list[Any] = [SimpleNamespace(estimated_minutes=minutes) for minutes in written]
    ways = (planned("complete", 600), planned("quickstart", 90), planned("task", 660))
    return estimate_pathways(ways, selected, modules)


def test_the_selected_pathway_takes_as_long_as_its_modules() -> None:
    assert estimate("complete", 100, 200)["complete"] == 300


def test_the_others_are_scaled_by_what_became_of_the_selected_one() -> None:
    assert estimate("complete", 100, 200)["quickstart"] == 45


def test_no_pathway_is_longer_than_the_way_through_everything() -> None:
    assert estimate("complete", 100, 200)["task"] == 300
    from_a_part = estimate("task", 330)
    assert from_a_part["complete"] == from_a_part["task"] == 330
