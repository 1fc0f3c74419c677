"""Of several calls the one that raises an error, or raises none, is chosen."""

from services.modules.offline.items.calls import ask_calls
from services.modules.offline.items.predict_output import find_decided
from services.modules.offline.items.question import Question
from tests.unit.items.sample import teach_text

CALLS = (">>> from harbour import weigh, count, price", ">>> weigh(4, 7)", "28", ">>> count(4, 7)", "11")
FAILS = (">>> price(4, 0)", "Traceback (most recent call last):", "  ...", "harbour.EmptyError: no crates")


def ask(*lines: str) -> list[Question]:
    sections, said = teach_text("# Guide\n\nText.\n\n```python\n{}\n```\n".format("\n".join(lines)))
    return [question for one in sections for question in ask_calls(one, [*find_decided(one, said)])]


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


def test_a_call_that_is_shown_with_two_results_is_no_option() -> None:
    assert ask(*CALLS, *FAILS, ">>> weigh(4, 7)", "29") == []


def test_a_line_that_imports_for_several_calls_stands_once() -> None:
    other = (">>> count(4, 0)", *FAILS[1:])
    (question,) = ask(*CALLS[:3], *FAILS, *other)
    assert question.stem.count("import weigh") == 1
