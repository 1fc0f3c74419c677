"""A result that a sentence tells is asked, where the code before it decides it."""

import pytest

from services.modules.offline.items.question import Question
from services.modules.offline.items.told import ask_told
from shared.course.flaws import find_flaws
from tests.unit.items.sample import teach_text


def ask(text: str, heading: str = "Ropes") -> list[Question]:
    sections, said = teach_text(f"# Guide\n\n## {heading}\n\n{text}\n")
    return [question for one in sections for question in ask_told(one, said)]


def test_a_value_is_asked_beside_another_one_of_its_kind() -> None:
    text = "- `^1.2` := `>=1.2.0 <2.0.0`\n- `^0.2` := `>=0.2.0 <0.(2+1).0` := `>=0.2.0 <0.3.0`"
    first, second = ask(text)
    assert first.keys == (">=1.2.0 <2.0.0",)
    assert second.stem == "“Ropes”: `^1.2` gives `>=1.2.0 <2.0.0`. What does this give?\n\n```text\n^0.2\n```"
    assert second.keys == (">=0.2.0 <0.3.0", ">=0.2.0 <0.(2+1).0")
    assert second.explanation == "`^0.2` gives `>=0.2.0 <0.3.0`."
    assert [span.start_line for span in second.spans] == [6]


def test_a_heading_that_is_a_call_is_code() -> None:
    (question,) = ask("Here `lift(4, 3)` returns `12`.", "lift()")
    assert question.stem.startswith("“`lift()`”: What does this return?")
    assert not find_flaws(question.as_item())


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Dots are written as `_dot_`. So `crane.load` becomes `crane_dot_load`.", 1),
        ("So `crane.load` becomes `crane_dot_load`.", 0),
        ("A weight now: `crane.load` => `crane.weight`.", 0),
        ("Here `lift` returns `'four'`.", 0),
        ("Here `lift(4)` returns `true`.", 0),
        ("Here `lift(4, 3)` returns `12`.", 1),
        ("Here `lift(load, 3)` returns `12`.", 0),
        ("Here `date(1510067557121)` returns `2017`.", 0),
        ("Here `lift $load 3` returns `12`.", 0),
        ("Here `lift(4, 12)` returns `12`.", 0),
        ("Here `lift(4)` returns `8`. There `lift(4)` returns `4.5`.", 0),
    ],
    ids=[
        "a name and its rule",
        "a rule that is not told",
        "a name that was changed",
        "a name alone",
        "a guess",
        "a call",
        "a call of what is not shown",
        "milliseconds",
        "a variable",
        "copied",
        "two values",
    ],
)
def test_a_value_is_asked_where_it_can_be_worked_out(text: str, count: int) -> None:
    assert len(ask(text)) == count
