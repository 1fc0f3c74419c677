"""A sentence is read as a condition and its effect where both can be handed over by themselves."""

import pytest

from services.modules.offline.items.rules import find_rules
from tests.unit.items.sample import teach_text


def read(sentence: str) -> list[tuple[str, str]]:
    sections, said = teach_text(f"# Depots\n\n{sentence}\n")
    return [(rule.condition, rule.effect) for one in sections for rule in find_rules(one, said)]


@pytest.mark.parametrize(
    ("sentence", "condition", "effect"),
    [
        ("If the depot is full, the parcel is sent back.", "if the depot is full", "the parcel is sent back"),
        ("The parcel is sent back if the depot is full.", "if the depot is full", "The parcel is sent back"),
        ("If a parcel is not sealed, then it is burnt.", "if a parcel is not sealed", "the parcel is burnt"),
        ("When the clerk signs, its pen is refilled.", "when the clerk signs", "the clerk's pen is refilled"),
        ("If you set `late=0`, the clerk waits outside.", "if you set `late=0`", "the clerk waits outside"),
        ("If the seal breaks, the parcel MUST be burnt.", "if the seal breaks", "the parcel MUST be burnt"),
    ],
    ids=["condition first", "effect first", "what it is", "whose it is", "you do it", "a duty"],
)
def test_a_condition_and_its_effect(sentence: str, condition: str, effect: str) -> None:
    assert read(sentence) == [(condition, effect)]


@pytest.mark.parametrize(
    "sentence",
    [
        "It is sent back if the depot is full.",
        "If this is full, the parcel is sent back.",
        "If you want a receipt, the clerk writes one.",
        "If the depot is full, use the second one.",
        "If the depot is full, you can send the parcel back.",
        "The clerk checks if the depot is full.",
        "If the depot is full, the parcel often waits.",
        "If the depot is full, the parcel waits unless the clerk leaves.",
        "If there are errors, they are shown.",
    ],
    ids=[
        "it stands before", "points elsewhere", "a wish", "advice", "a possibility", "a question", "vague",
        "two conditions", "nobody to stand for",
    ],
)  # fmt: skip
def test_what_cannot_stand_by_itself_is_not_read(sentence: str) -> None:
    assert read(sentence) == []
