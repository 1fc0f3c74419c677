"""A gap in an example is asked where the words of the section, or what the example shows, fit one name alone."""

import pytest

from services.modules.offline.items.fill_gap import ask_gaps
from services.modules.offline.items.question import Question
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text

CARGO = """# Cargo

## Crates that stay closed

A crate that stays closed at night is made with `sealed`, which locks all lids.

```python
crate = harbor.sealed("oak")
```

## Boats

A boat is emptied with `unload`, when tides are low.

```python
boat = harbor.unload("oak")
```

## Prices

The price of a season is told by `quote`.

```python
price = harbor.quote("oak")
```
"""


def ask(text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in ask_gaps(one, said)]


def test_a_name_whose_task_the_section_tells_is_asked_among_names_of_the_same_receiver() -> None:
    (question,) = ask(CARGO)
    assert question.stem == (
        'Crates that stay closed: what belongs into the gap?\n\n```python\ncrate = harbor.____("oak")\n```'
    )
    assert question.keys == ("`sealed`",)
    told = {show_plain(option.text): option.feedback for option in question.options}
    assert set(told) == {"sealed", "unload", "quote"}
    assert told["unload"] == ("No: the documentation says: “A boat is emptied with `unload`, when tides are low”.")


def test_the_sentence_that_leads_to_the_example_says_what_it_is_for() -> None:
    lead = "At night all lids of oak have to be locked:\n\n```python\ncrate"
    (question,) = ask(CARGO.replace("```python\ncrate", lead))
    assert "Crates that stay closed: “At night all lids of oak have to be locked:” What" in question.stem


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A boat is emptied with `unload`,", "A boat is emptied with `unload`, or kept with `sealed`,"),
        ("A crate that stays closed at night is made with `sealed`, which", "By `sealed`, which is there for you,"),
        ("harbor.quote", "pier.quote"),
        ("Crates that stay closed", "Crates that are sealed"),
        ("crate = harbor", "with raises(Fault): harbor"),
        ("# Cargo", "# Cargo\n\n```python\ndef sealed(lid):\n    pass\n```"),
    ],
    ids=["told of together", "nothing decides", "another receiver", "given away", "has to fail", "made by an example"],
)
def test_a_gap_that_several_names_or_none_may_fill_is_not_asked(old: str, new: str) -> None:
    assert ask(CARGO.replace(old, new)) == []


def test_what_a_session_shows_decides_without_words() -> None:
    text = CARGO.replace("```python", "```pycon").replace("\nprice = ", "\n>>> price = ")
    shown = text.replace('quote("oak")\n', 'quote("oak")\n>>> price\n46\n')
    assert {"`quote`"} == {key for question in ask(shown) for key in question.keys} - {"`sealed`"}
