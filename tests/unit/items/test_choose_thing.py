"""What fits a situation is asked beside things of the same sort that fit clearly other ones."""

import pytest

from services.modules.offline.items.choose_thing import ask_choices
from services.modules.offline.items.question import Question
from shared.course.plain_text import show_plain
from tests.unit.items.sample import teach_text

VIEWS = """# Usage

If you want to compare the prices of two seasons, use `FeeView`.
If you want to watch a storm on a map, use `RainView`.
To train new porters, use `MockShip`.
"""


def ask(text: str) -> list[Question]:
    sections, said = teach_text(text)
    return [question for one in sections for question in ask_choices(one, said)]


def test_a_situation_is_asked_with_the_other_things_as_options() -> None:
    question = next(question for question in ask(VIEWS) if question.keys == ("`MockShip`",))
    assert question.stem == "You want to train new porters. What do you use?"
    assert {show_plain(option.text) for option in question.options} == {"FeeView", "RainView", "MockShip"}
    assert [(span.start_line, span.end_line) for span in question.spans] == [(5, 5)]


def test_each_option_says_what_it_is_for_with_its_own_line() -> None:
    question = next(question for question in ask(VIEWS) if question.keys == ("`MockShip`",))
    told = {show_plain(option.text): option for option in question.options}
    assert told["FeeView"].feedback == "No: `FeeView` is there to compare the prices of two seasons."
    assert told["FeeView"].spans[0].start_line == 3


def test_a_table_of_flags_gives_tasks() -> None:
    rows = (
        "`--seal` | Signs the content",
        "`--keep` | Leaves the original behind",
        "`--peek` | Lists the names inside",
    )
    questions = ask("# Flags\n\n| Flag | Description |\n|---|---|\n" + "".join(f"| {row} |\n" for row in rows))
    assert "Which of these leaves the original behind?" in {question.stem for question in questions}


def test_a_subcommand_is_no_wrong_option_beside_its_command() -> None:
    rows = (
        "`port load` | Leaves the papers of a captain", "`port load bulk` | Keeps whole crates of grain",
        "`port sign` | Signs the content at night", "`port list` | Lists the names inside",
    )  # fmt: skip
    questions = ask("# Ports\n\n| Command | Description |\n|---|---|\n" + "".join(f"| {row} |\n" for row in rows))
    told = {question.keys[0]: {option.text for option in question.options} for question in questions}
    assert told["`port load`"] == {"`port load`", "`port sign`", "`port list`"}


def test_a_sentence_is_asked_under_the_heading_it_speaks_of() -> None:
    questions = ask(VIEWS.replace("# Usage", "# Life at sea"))
    assert questions[0].stem.startswith("Life at sea: you want to ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("`MockShip`", "`--mock-ship`"),
        ("`MockShip`", "`print()`"),
        ("train new porters", "do this"),
        ("train new porters", "compare two prices of seasons"),
        ("`MockShip`", "`PorterTrainingShip`"),
        ("use `MockShip`", "use a tool like `MockShip`"),
    ],
    ids=[
        "another sort",
        "a language's own name",
        "points elsewhere",
        "another one fits too",
        "named in the stem",
        "one of many",
    ],
)
def test_never(old: str, new: str) -> None:
    name = new if new.startswith("`") else "`MockShip`"
    assert name not in {key for question in ask(VIEWS.replace(old, new)) for key in question.keys}


def test_a_distractor_that_answers_elsewhere_in_the_taught_text_is_left_out() -> None:
    questions = ask(VIEWS + "\n## More\n\nThe `FeeView` can train new porters as well.\n")
    assert "`MockShip`" not in {key for question in questions for key in question.keys}
