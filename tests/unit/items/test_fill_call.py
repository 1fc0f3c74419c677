"""Which call gives a value is asked among calls that stand together and are made after the same code."""

from services.modules.offline.items.fill_call import ask_calls
from services.modules.offline.items.question import Question
from tests.unit.items.sample import teach_text

CALLS = (">>> from harbour import weigh, count, price", ">>> weigh(4, 7)", "28", ">>> count(4, 7)", "11")
THIRD = (">>> price(4, 7)", "39")


def ask(*lines: str) -> list[Question]:
    sections, said = teach_text("# Guide\n\nText.\n\n```python\n{}\n```\n".format("\n".join(lines)))
    return [question for one in sections for question in ask_calls(one, said)]


def test_each_call_is_asked_among_its_siblings() -> None:
    asked = {question.keys[0]: question for question in ask(*CALLS, *THIRD)}
    assert set(asked) == {"`weigh(4, 7)`", "`count(4, 7)`", "`price(4, 7)`"}
    question = asked["`count(4, 7)`"]
    assert question.stem.startswith("Which of these gives `11`?")
    told = {option.text: option.feedback for option in question.options}
    assert told["`weigh(4, 7)`"] == "No: `weigh(4, 7)` gives `28`."
    assert told["`count(4, 7)`"] == "Right: `count(4, 7)` gives `11`."
    assert {span.start_line for option in question.options for span in option.spans} == set(range(7, 13))


def test_two_calls_are_no_choice() -> None:
    assert ask(*CALLS) == []


def test_calls_that_give_the_same_are_no_choice() -> None:
    assert ask(*CALLS, ">>> price(4, 7)", "28") == []


def test_calls_after_other_code_are_no_siblings() -> None:
    assert ask(*CALLS, ">>> price = lambda a, b: 39", *THIRD) == []
