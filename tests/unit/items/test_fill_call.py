"""Which call gives a value is asked among calls that differ in one part."""

from collections.abc import Callable, Iterator

import pytest

from services.modules.offline.items.fill_call import ask_calls
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from tests.unit.items.sample import teach_text

Ask = Callable[[TaughtSection, TaughtText], Iterator[Question]]


def ask(form: Ask, text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in form(one, said)]


CALLS = """# Packing

Text.

```python
import harbor

print(harbor.count('oak'))  # 42
print(harbor.weigh('oak'))  # 43
print(harbor.price('oak'))  # 46
print(harbor.weigh('elm'))  # 44
print(harbor.weigh('ash'))  # 45
```
"""


def test_a_call_is_asked_by_its_value_among_calls_that_differ_in_one_name_or_argument() -> None:
    question = next(question for question in ask(ask_calls, CALLS) if "prints `43`" in question.stem)
    assert question.stem.endswith("```python\nimport harbor\n```")
    assert question.keys == ("`harbor.weigh('oak')`",)
    told = {option.text: option.feedback for option in question.options}
    assert told["`harbor.weigh('elm')`"] == "No: `harbor.weigh('elm')` prints `44`."


def test_a_call_is_not_asked_where_each_option_has_a_name_of_its_own() -> None:
    calls = CALLS.replace("harbor.weigh('elm')", "harbor.order('oak')")
    assert not ask(ask_calls, calls.replace("harbor.weigh('ash')", "harbor.stow('oak')"))


def test_a_number_that_no_other_option_comes_near_is_not_asked() -> None:
    calls = CALLS.replace("count", "weigh").replace("price", "weigh")
    asked = [
        any("'ash'" in key for one in ask(ask_calls, calls.replace("# 45", f"# {value}")) for key in one.keys)
        for value in (45, 900)
    ]
    assert asked == [True, False]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# 46", "# 43"),
        ("print(harbor.weigh('oak'))", "harbor = harbor.open()\nprint(harbor.weigh('oak'))"),
        ("print(harbor.weigh('oak'))", "print(harbor.weigh('elm'))"),
        ("print(harbor.weigh('oak'))", "print(harbor.weigh('oak', 2))"),
    ],
    ids=["a sibling gives the same", "after other code", "two parts differ", "another build"],
)
def test_a_call_is_not_asked_by_its_value(old: str, new: str) -> None:
    questions = ask(ask_calls, CALLS.replace(old, new, 1))
    assert not any("weigh('oak'" in key for question in questions for key in question.keys)


def test_of_two_truths_the_call_that_gives_one_is_asked_among_those_that_give_the_other() -> None:
    truths = CALLS.replace("# 43", "# True").replace("# 44", "# False").replace("# 45", "# False")
    question = next(one for one in ask(ask_calls, truths) if "prints `True`" in one.stem)
    assert question.keys == ("`harbor.weigh('oak')`",)
    assert {"`harbor.weigh('elm')`", "`harbor.weigh('ash')`"} < {option.text for option in question.options}
