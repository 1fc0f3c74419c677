"""What code does is asked among what its siblings do, where neither the code nor its siblings give it away."""

import pytest

from services.modules.offline.items.ask_purposes import ask_purposes
from services.modules.offline.items.purposes import find_entries
from services.modules.offline.items.question import Question
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text

MARKS = """# Crates

Each crate may have a mark.

- `sealed` - Keeps the crate shut until the harbour master has signed the papers.
- `cold` - Puts the crate into the ice house at night.
- `dry` - Puts the crate under a roof when rain is near.
- `light` - Puts the crate on a cart by hand.
"""
COMMANDS = """# Tugs

To bring a ship to its berth, run:

```sh
tug --pull ship
```

To bring every ship out to sea at the next tide, run:

```sh
tug --push --tide ship
```

To send the ship a pilot before dawn, run:

```sh
tug --guide --early ship
```
"""
CALLS = """# Ropes

```python
# Ties the ship to the pier
rope.knot(ship, pier)

# Lets the ship drift away from the pier
rope.free(ship, pier)

# Measures how far the ship lies from the pier
rope.span(ship, pier)
```
"""


def ask(text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in ask_purposes(one, said)]


def show(question: Question) -> dict[str, str]:
    """The feedback of each option."""
    return {show_plain(option.text): option.feedback for option in question.options}


def read(text: str) -> dict[str, str]:
    """What the code of a text does."""
    sections, said = teach_text(text)
    return {entry.code: entry.purpose for one in sections for entry in find_entries(one, said)}


def test_a_row_is_asked_among_the_other_rows() -> None:
    question = next(one for one in ask(MARKS) if "`dry`" in one.keys)
    assert question.form == "choose"
    assert question.stem == "Which of these puts the crate under a roof when rain is near?"
    told = show(question)
    assert told["dry"] == "Right: the page says: “Puts the crate under a roof when rain is near”."
    assert told["cold"] == "No: of this the page says: puts the crate into the ice house at night."


def test_a_command_is_asked_for_by_what_one_wants_to_do() -> None:
    code = next(one for one in ask(COMMANDS) if "berth" in one.stem)
    assert code.stem == "You want to bring a ship to its berth. Which of these commands does that?"
    assert code.keys == ("`tug --pull ship`",)


def test_the_lines_below_remarks_are_read() -> None:
    assert read(CALLS)["rope.knot(ship, pier)"] == "Ties the ship to the pier"
    assert {one.keys for one in ask(CALLS)} >= {("`rope.free(ship, pier)`",)}


def test_a_remark_in_code_that_goes_on_is_no_purpose() -> None:
    more = "\n".join(f"cargo.add({number})" for number in range(9))
    assert not read(CALLS.replace("\n# Lets", f"{more}\n\n# Lets"))


@pytest.mark.parametrize(
    "says",
    [
        "Puts it into the ice house at night.",
        "Puts the crate as shown above.",
        "Puts the crate...",
        "The crate in the ice house at night.",
        "Crate of the ice house at night.",
        "Puts crates.",
    ],
)
def test_what_leans_on_other_text_or_has_no_verb_is_no_purpose(says: str) -> None:
    assert "cold" not in read(MARKS.replace("Puts the crate into the ice house at night.", says))


def test_a_name_that_tells_what_it_does_is_not_asked() -> None:
    told = MARKS.replace("`dry`", "`roofed`")
    assert not any("`roofed`" in one.keys for one in ask(told))
    assert any("`roofed`" in option.text for one in ask(told) for option in one.options)


def test_code_with_two_purposes_is_not_asked() -> None:
    twice = MARKS + "- `dry` - Wraps the crate in oiled cloth before a storm.\n"
    assert not any("`dry`" in one.keys for one in ask(twice))
    assert ask(twice)


def test_a_line_that_does_that_and_more_is_no_wrong_option() -> None:
    more = COMMANDS.replace("tug --guide --early ship", "tug --pull --guide --early ship")
    for text, is_offered in ((COMMANDS, True), (more, False)):
        found = [one for one in ask(text) if "berth" in one.stem]
        assert any("early" in option.text for one in found for option in one.options) == is_offered


def test_a_word_that_only_the_right_line_has_gives_it_away() -> None:
    told = COMMANDS.replace("tug --pull ship", "tug --berth ship")
    assert any("berth" in one.stem for one in ask(COMMANDS))
    assert not any("berth" in one.stem for one in ask(told))


def test_every_option_cites_the_lines_that_say_it() -> None:
    for question in ask(MARKS) + ask(COMMANDS) + ask(CALLS):
        assert all(option.spans for option in question.options)
        assert len({option.spans for option in question.options}) == len(question.options)


def test_a_purpose_of_two_is_not_asked() -> None:
    both = MARKS + "- `wet` - Puts the crate under a roof when rain is near.\n"
    assert any("roof" in one.stem for one in ask(MARKS))
    assert not any("roof" in one.stem for one in ask(both))


def test_a_name_that_does_something_far_off_is_no_wrong_option() -> None:
    question = next(one for one in ask(MARKS) if "roof" in one.stem)
    assert "sealed" not in show(question)
