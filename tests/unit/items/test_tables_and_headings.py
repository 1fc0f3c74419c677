"""Tables of cases, options with values, headings that are names: what is asked of them, and what is not."""

import pytest

from services.modules.offline.items.choose_thing import ask_choices
from services.modules.offline.items.match_terms import ask_matches
from services.modules.offline.items.result_rows import ask_results
from services.modules.offline.items.what_happens import ask_effects
from shared.course.plain_text import show_plain
from tests.unit.items.test_other_forms import ask

BERTHS = """# Berth patterns

| Pattern | Berths allowed |
|---|---|
| `+1.2` | `1.2 1.3` |
| `+1` | `1.0 1.9` |
| `+0.4` | `0.4 0.5` |
| `+0` | `0.0 0.9` |
"""
METHODS = """# Methods

## ship.hold()

Keeps the cargo dry until noon.

## ship.sail(course)

Leaves the harbor with the next tide.

## ship.call(port)

Tells a pilot which berth is free.
"""


def test_a_row_of_a_table_of_cases_is_asked_among_the_results_of_the_others() -> None:
    questions = {question.keys[0]: question for question in ask(ask_results, BERTHS)}
    question = questions["`0.0 0.9`"]
    assert question.stem == "Berth patterns: take Pattern `+0`. What follows for Berths allowed?"
    assert {option.text for option in question.options} <= {"`1.2 1.3`", "`1.0 1.9`", "`0.4 0.5`", "`0.0 0.9`"}
    assert [(span.start_line, span.end_line) for span in question.spans] == [(8, 8)]
    assert {o.feedback for o in question.options if o.text == "`1.0 1.9`"} <= {"No: Pattern `+1` gives this."}


def test_a_table_after_code_is_not_asked_for_code_may_decide() -> None:
    assert ask(ask_results, BERTHS.replace("| Pattern", "```python\nport = 7\n```\n\n| Pattern", 1)) == []


def test_steps_are_not_asked_for_their_numbers() -> None:
    steps = "".join(
        f"| Step {at} | {text} |\n" for at, text in enumerate(("Opens a crate", "Mends a sail", "Ties the ship"))
    )
    assert ask(ask_matches, f"# Piers\n\n| Name | Description |\n|---|---|\n{steps}") == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Berths allowed", "Default"),
        ("`0.0 0.9`", "a long tale of berths and ships that nobody can take for a result"),
        ("| `+0` |", "| `+1` |"),
        ("# Berth", "# Berth patterns\n\n| Pattern | Pier |\n|---|---|\n| `+1` | `4` |\n\n# Berth"),
    ],
    ids=["no result", "prose", "two rows of one case", "another section"],
)
def test_a_table_is_asked_only_where_its_cells_follow_from_the_case(old: str, new: str) -> None:
    asked = ask(ask_results, BERTHS.replace(old, new, 1))
    assert bool(asked) is new.startswith("# Berth")


def test_a_case_that_another_table_of_the_section_tells_too_is_not_asked() -> None:
    assert ask(ask_results, BERTHS + "\nAt night:\n\n| Pattern | Berths allowed |\n|---|---|\n| `+1` | `7.0` |\n") == []


def test_sections_whose_headings_are_names_are_asked_by_what_they_begin_with() -> None:
    (question,) = (one for one in ask(ask_choices, METHODS) if one.keys == ("`ship.hold()`",))
    assert question.stem == "Methods: which of these keeps the cargo dry until noon?"
    assert {show_plain(o.text) for o in question.options} == {"ship.hold()", "ship.sail(course)", "ship.call(port)"}
    assert [(span.start_line, span.end_line) for span in question.spans] == [(3, 5)]


def test_a_flag_that_is_a_heading_is_asked_once_and_not_under_another_one() -> None:
    told = (
        "Signs a letter",
        "Leaves the crates ashore",
        "Lists those aboard",
        "Mends a torn sail",
        "Opens the north gate",
    )
    flags = "".join(f"## --{name}\n\n{text}.\n\n" for name, text in zip("abcde", told, strict=True))
    stems = [question.stem for question in ask(ask_effects, f"# Usage of piers\n\n{flags.replace('## --', '## --x')}")]
    assert stems
    assert len(set(stems)) == len(stems)
    assert not any(stem.startswith("--") for stem in stems)


def test_sections_whose_headings_are_words_are_no_names() -> None:
    words = METHODS.replace("ship.hold()", "Cargo").replace("ship.sail(course)", "Tides").replace("ship.call", "Pilots")
    assert ask(ask_choices, words) == []


def test_a_name_that_tells_is_asked_only_among_names_that_tell_as_much() -> None:
    rows = ("seal_box", "seal_lid"), ("seal_rope", "seal_knot")
    texts = (
        "Signs the seal of a crate at night",
        "Opens the seal of a letter",
        "Breaks each seal aboard",
        "Buys wax for a seal",
    )
    names = [name for pair in rows for name in pair]
    table = "".join(f"| `{name}` | {text} |\n" for name, text in zip(names, texts, strict=True))
    for question in ask(ask_choices, f"# Wax\n\n| Name | Description |\n|---|---|\n{table}| `moor` | Ties a ship |\n"):
        assert question.keys == ("`moor`",) or "`moor`" not in {option.text for option in question.options}


def test_what_is_said_of_two_things_is_not_asked() -> None:
    told = "`Kite` sends a long letter. `Gull` sends a long letter. `Tern` opens the crates. `Wren` mends a sail."
    assert "sends a long letter" not in " ".join(question.stem for question in ask(ask_choices, f"# Birds\n\n{told}\n"))


def test_a_value_of_an_option_is_asked_among_what_other_options_do() -> None:
    text = (
        "# Depots\n\n| Option | Description |\n|---|---|\n"
        "| `late` | If `true`, the gate opens at noon |\n"
        "| `calm` | If `true`, a bell rings in the yard |\n"
        "| `bulk` | If `true`, the crates stay dry all night |\n"
        "| `soft` | If `true`, a pilot looks for the berth |\n"
        "| `wide` | If `true`, the captain writes to the owner |\n"
    )
    effects = {
        "`late`": "The gate opens at noon",
        "`calm`": "A bell rings in the yard",
        "`bulk`": "The crates stay dry all night",
        "`soft`": "A pilot looks for the berth",
        "`wide`": "The captain writes to the owner",
    }
    questions = ask(ask_effects, text)
    assert questions
    for question in questions:
        name = question.stem.removeprefix("Depots: what happens when ").removesuffix(" is `true`?")
        assert question.keys == (effects[name],)
        assert {option.text for option in question.options} <= set(effects.values())


def test_names_that_tell_are_matched_where_they_tell_of_other_texts_as_much() -> None:
    rows = (
        ("seal_open", "Breaks the wax of a seal"),
        ("seal_sign", "Prints a crest into the seal"),
        ("seal_sell", "Brings a seal to the market"),
    )
    table = "".join(f"| `{name}` | {text} |\n" for name, text in rows)
    (question,) = ask(ask_matches, f"# Wax\n\n| Name | Description |\n|---|---|\n{table}")
    assert len(question.groups) == 3
    own = table.replace("Breaks the wax of a seal", "Opens the wax of a seal")
    assert ask(ask_matches, f"# Wax\n\n| Name | Description |\n|---|---|\n{own}") == []
