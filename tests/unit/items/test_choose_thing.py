"""What fits a situation is asked beside things of the same sort that fit clearly other ones."""

import pytest

from services.modules.offline.items.choose_thing import ask_choices
from services.modules.offline.items.question import Question
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text

VIEWS = """# Usage

- `FeeView`: Compares the prices of two seasons
- `RainView`: Watches the storms of a season on a map
- `MockShip`: Trains the porters of a season
- `CastBook`: Keeps the names of all captains
"""


def ask(text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in ask_choices(one, said)]


def test_a_situation_is_asked_with_the_other_things_as_options() -> None:
    question = next(question for question in ask(VIEWS) if question.keys == ("`MockShip`",))
    assert question.stem == "Which of these trains the porters of a season?"
    assert {show_plain(option.text) for option in question.options} <= {"FeeView", "RainView", "MockShip", "CastBook"}
    assert [(span.start_line, span.end_line) for span in question.spans] == [(5, 5)]


def test_each_option_says_what_it_is_for_with_its_own_line() -> None:
    question = next(question for question in ask(VIEWS) if question.keys == ("`MockShip`",))
    told = {show_plain(option.text): option for option in question.options}
    assert told["FeeView"].feedback == "No: `FeeView` compares the prices of two seasons."
    assert told["FeeView"].spans[0].start_line == 3


def test_a_sentence_alone_is_not_asked() -> None:
    uses = "".join(f"Use `{name}` to {task}.\n" for name, task in (
        ("FeeView", "compare the prices of two seasons"), ("RainView", "watch the storms of a season on a map"),
        ("MockShip", "train new porters for a season"),
    ))  # fmt: skip
    assert ask(f"# Usage\n\n{uses}") == []


def test_a_table_of_flags_gives_tasks() -> None:
    rows = (
        "`--seal` | Signs the content of an archive",
        "`--keep` | Leaves the original archive behind",
        "`--peek` | Lists the names inside an archive",
    )
    questions = ask("# Flags\n\n| Flag | Description |\n|---|---|\n" + "".join(f"| {row} |\n" for row in rows))
    assert "Flags: which of these leaves the original archive behind?" in {question.stem for question in questions}


def test_a_subcommand_is_no_wrong_option_beside_its_command() -> None:
    rows = (
        "`port load` | Leaves the papers of a captain", "`port load bulk` | Keeps whole crates of a captain",
        "`port sign` | Signs the content for a captain at night", "`port list` | Lists the names that a captain knows",
    )  # fmt: skip
    questions = ask("# Ports\n\n| Command | Description |\n|---|---|\n" + "".join(f"| {row} |\n" for row in rows))
    told = {question.keys[0]: {option.text for option in question.options} for question in questions}
    assert told["`port load`"] == {"`port load`", "`port sign`", "`port list`"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("`MockShip`", "`--mock-ship`"),
        ("`MockShip`", "`print()`"),
        ("Trains the porters of a season", "Does this"),
        ("Trains the porters of a season", "Compares two prices of seasons"),
        ("`MockShip`", "`PorterTrainingShip`"),
    ],
    ids=[
        "another sort",
        "a language's own name",
        "points elsewhere",
        "another one fits too",
        "named in the stem",
    ],
)
def test_never(old: str, new: str) -> None:
    name = new if new.startswith("`") else "`MockShip`"
    assert name not in {key for question in ask(VIEWS.replace(old, new)) for key in question.keys}


def test_a_distractor_that_answers_elsewhere_in_the_taught_text_is_left_out() -> None:
    questions = ask(VIEWS + "\n## More\n\nThe `FeeView` can train new porters for a season as well.\n")
    assert "`MockShip`" not in {key for question in questions for key in question.keys}


ROWS = {
    "`dusk`": "Whether the crates of a pier are counted",
    "`tern`": "Whether the crates of a ship are sealed",
    "`wisp`": "Whether the crates of a shop are sold",
}


def ask_rows(rows: dict[str, str]) -> list[Question]:
    table = "".join(f"| {name} | {text} |\n" for name, text in rows.items())
    return ask(f"# Piers\n\n| Name | Description |\n|---|---|\n{table}")


def test_a_state_is_told_and_not_decided() -> None:
    stems = {question.keys[0]: question.stem for question in ask_rows(ROWS)}
    assert stems["`dusk`"] == "Which of these tells whether the crates of a pier are counted?"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("`cratesOf`", ROWS["`dusk`"]),
        ("`crts`", ROWS["`dusk`"]),
        ("`dusk`", "Whether the *crates* of a pier are counted"),
        ("`dusk`", "Whether the crates of a pier are counted. This only holds at night"),
        ("`dusk`", "Whether the crates of a pier are counted. Piers are old. This option counts them"),
        ("`dusk`", "Excludes the file from the crates of a pier"),
        ("`dusk`", "The number of crates at a pier, 0 means unlimited"),
    ],
    ids=[
        "named",
        "named in brief",
        "markup",
        "limited later",
        "about something else",
        "which file",
        "a note",
    ],
)
def test_a_row_is_not_asked(name: str, text: str) -> None:
    rows = {name: text, **{other: told for other, told in ROWS.items() if other != "`dusk`"}}
    assert name not in {question.keys[0] for question in ask_rows(rows)}


def test_the_type_before_a_description_is_left_out() -> None:
    typed = {name: f"(`bool`) {text}" for name, text in ROWS.items()}
    assert [question.stem for question in ask_rows(typed)] == [question.stem for question in ask_rows(ROWS)]


def test_rivals_are_of_the_same_table() -> None:
    others = "\n## Shops\n\n| Name | Description |\n|---|---|\n| `gull` | Whether the crates of a fort are guarded |\n"
    table = "".join(f"| {name} | {text} |\n" for name, text in ROWS.items())
    questions = ask(f"# Piers\n\n| Name | Description |\n|---|---|\n{table}{others}")
    assert questions
    assert not any("gull" in option.text for question in questions for option in question.options)


def test_a_heading_that_repeats_the_question_does_not_stand_before_it() -> None:
    questions = ask(VIEWS.replace("# Usage", "# Seasons at sea"))
    assert questions
    assert not any(question.stem.startswith("Seasons") for question in questions)
