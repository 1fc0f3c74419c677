"""Of several calls the one that gives a value, raises an error, or raises none, is chosen."""

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


def test_the_call_that_gives_a_value_is_chosen_among_those_that_give_another_one_of_its_kind() -> None:
    more = (">>> from harbour import score, label", ">>> score(4, 7)", "39", ">>> label(4, 7)", "'crates'")
    asked = ask(*CALLS, *more)
    assert {question.keys for question in asked} == {("`weigh(4, 7)`",), ("`count(4, 7)`",), ("`score(4, 7)`",)}
    assert {option.text for question in asked for option in question.options} == {
        "`weigh(4, 7)`", "`count(4, 7)`", "`score(4, 7)`",
    }  # fmt: skip
    first = next(one for one in asked if one.keys == ("`weigh(4, 7)`",))
    assert first.stem.startswith("Which of these gives `28`?")
    told = {option.text: option.feedback for option in first.options}
    assert told["`score(4, 7)`"] == "No: `score(4, 7)` gives `39`."
    # A value that a call holds is not sought.
    assert not [one for one in ask(*CALLS, ">>> weigh(28, 1)", "30") if one.keys == ("`weigh(4, 7)`",)]


def test_a_call_that_is_shown_with_two_results_is_no_option() -> None:
    assert ask(*CALLS, *FAILS, ">>> weigh(4, 7)", "29") == []


def test_a_line_that_imports_for_several_calls_stands_once() -> None:
    other = (">>> count(4, 0)", *FAILS[1:])
    (question,) = ask(*CALLS[:3], *FAILS, *other)
    assert question.stem.count("import weigh") == 1
