"""Tables of cases, options with values, headings that are names: what is asked of them, and what is not."""

from services.modules.offline.items.choose_thing import ask_choices
from services.modules.offline.items.match_terms import ask_matches
from services.modules.offline.items.stems import list_scenes
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text
from tests.unit.items.test_other_forms import ask

METHODS = """# Methods

## kit.hold()

Keeps the cargo dry until noon.

## kit.sail(course)

Leaves the harbor at noon.

## kit.call(port)

Tells a pilot at noon which berth is free.
"""


def test_steps_are_not_asked_for_their_numbers() -> None:
    steps = "".join(
        f"| Step {at} | {text} |\n" for at, text in enumerate(("Opens a crate", "Mends a sail", "Ties the ship"))
    )
    assert ask(ask_matches, f"# Piers\n\n| Name | Description |\n|---|---|\n{steps}") == []


def test_sections_whose_headings_are_names_are_asked_by_what_they_begin_with() -> None:
    (question,) = (one for one in ask(ask_choices, METHODS) if one.keys == ("`kit.hold()`",))
    assert question.stem == "Methods: which of these keeps the cargo dry until noon?"
    assert {show_plain(o.text) for o in question.options} == {"kit.hold()", "kit.sail(course)", "kit.call(port)"}
    assert [(span.start_line, span.end_line) for span in question.spans] == [(3, 5)]


def test_sections_whose_headings_are_words_are_no_names() -> None:
    words = METHODS.replace("kit.hold()", "Cargo").replace("kit.sail(course)", "Tides").replace("kit.call", "Pilots")
    assert ask(ask_choices, words) == []


def test_what_is_said_of_two_things_is_not_asked() -> None:
    told = "`Kite` sends a long letter. `Gull` sends a long letter. `Tern` opens the crates. `Wren` mends a sail."
    assert "sends a long letter" not in " ".join(question.stem for question in ask(ask_choices, f"# Birds\n\n{told}\n"))


def test_a_name_in_a_heading_keeps_its_signs() -> None:
    sections, _ = teach_text("# `_tide_table`\n\nA table.\n")
    assert next(list_scenes(sections[0])) == "_tide_table"


def test_names_that_stand_in_their_descriptions_are_asked_where_that_gives_none_of_them_away() -> None:
    rows = (
        ("seal_open", "Breaks the wax of a seal"),
        ("seal_sign", "Prints a crest into the seal"),
        ("seal_sell", "Brings a seal to the market"),
    )
    table = "".join(f"| `{name}` | {text} |\n" for name, text in rows)
    text = f"# Wax\n\n| Name | Description |\n|---|---|\n{table}"
    assert ask(ask_matches, text) == []
    assert len(ask(ask_choices, text)) == 3
    opened = ask(ask_choices, text.replace("Breaks the wax of", "Opens the wax of"))
    assert not any("`seal_open`" in question.keys for question in opened)
