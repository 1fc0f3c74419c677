"""Calls are matched with their results, or chosen by one, where nothing of a call tells its result."""

import pytest

from services.modules.offline.items.calls import ask_calls
from services.modules.offline.items.question import Question
from shared.course.flaws import find_flaws
from tests.unit.items.sample import teach_text

CALLS = (">>> from harbour import weigh, count, price", ">>> weigh(4, 7)", "28", ">>> count(4, 7)", "11")
THIRD = (">>> price(4, 7)", "39")
FAILS = (">>> price(4, 0)", "Traceback (most recent call last):", "  ...", "harbour.EmptyError: no crates")


def ask(*lines: str) -> list[Question]:
    sections, said = teach_text("# Guide\n\nText.\n\n```python\n{}\n```\n".format("\n".join(lines)))
    return [question for one in sections for question in ask_calls(one, said)]


def test_calls_after_the_same_code_are_matched_with_their_results() -> None:
    (question,) = ask(*CALLS, *THIRD)
    assert question.form == "match"
    assert question.stem.startswith("Which result belongs to which call? The code that runs first:\n\n```python\nfrom")
    item = question.as_item()
    texts = {option.id: option.text for option in item.options}
    pairs = [[texts[i] for i in pair] for pair in item.groups]
    assert pairs == [["`weigh(4, 7)`", "`28`"], ["`count(4, 7)`", "`11`"], ["`price(4, 7)`", "`39`"]]
    assert item.kind == "matching"
    assert find_flaws(item) == ()
    assert [(span.start_line, span.end_line) for span in question.spans] == [(7, 8), (9, 10), (11, 12)]


@pytest.mark.parametrize(
    "lines",
    [
        CALLS,
        (*CALLS, ">>> price(4, 7)", "28"),
        (*CALLS, ">>> price(39, 1)", "39"),
        (CALLS[0], ">>> weigh([4, 7])", "[4, 7]", ">>> count([4, 7])", "11", ">>> price([4, 7])", "39"),
        (*CALLS, ">>> weigh(4, 8).total", "32"),
        (*CALLS, ">>> weigh(4, 7)", "29"),
    ],
    ids=[
        "two",
        "two of one result",
        "a result that stands in its call",
        "a result that all were given",
        "a part",
        "a call with two results",
    ],
)
def test_what_cannot_be_told_apart_or_tells_itself_is_not_matched(lines: tuple[str, ...]) -> None:
    assert [question for question in ask(*lines) if question.form == "match"] == []


def test_the_call_that_raises_an_error_is_chosen() -> None:
    asked = {question.keys[0]: question for question in ask(*CALLS, *FAILS)}
    question = asked["`price(4, 0)`"]
    assert question.stem.startswith("Which of these raises `EmptyError`?")
    told = {option.text: option.feedback for option in question.options}
    assert told["`price(4, 0)`"] == "Right: `price(4, 0)` raises `EmptyError`."
    assert told["`weigh(4, 7)`"] == "No: `weigh(4, 7)` gives `28`."
    assert {span.start_line for option in question.options for span in option.spans} == {7, 8, 9, 10, 11, 14}


def test_the_call_that_raises_none_is_chosen_among_those_that_do() -> None:
    other = (">>> count(4, 0)", *FAILS[1:])
    asked = [question for question in ask(*CALLS[:3], *FAILS, *other) if question.form == "fill_call"]
    assert [question.keys for question in asked] == [("`weigh(4, 7)`",)]
    assert asked[0].stem.startswith("Which of these raises no error?")


def test_a_line_that_imports_for_several_calls_stands_once() -> None:
    lines = ("from harbour import weigh", "load = [4, 7]", "weigh(load, 2)  # 22", "weigh(load, 3)  # 33")
    text = "# Guide\n\nText.\n\n```python\n{}\n```\n".format("\n".join((*lines[1:], "weigh(load, 5)  # 55")))
    sections, said = teach_text(f"{text}\n```python\n{lines[0]}\n```\n")
    (question,) = (found for one in sections for found in ask_calls(one, said))
    assert question.stem.count("import weigh") == 1
