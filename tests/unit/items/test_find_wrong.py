"""Which lines fail is asked where the author marks each line of an example as right or as an error."""

import pytest

from services.modules.offline.items.find_wrong import ask_wrong
from services.modules.offline.items.question import Question
from tests.unit.items.sample import teach_text

MADE = "const crate = harbour.crate({ most: 7 });"
LINES = ('crate.load("tea"); // ✅', "crate.load(8); // ❌ (too many)", 'crate.load("7"); // ✅ a text, not a number')


def ask(*lines: str, language: str = "ts") -> list[Question]:
    sections, said = teach_text("# Guide\n\nText.\n\n```{}\n{}\n```\n".format(language, "\n".join(lines)))
    return [question for one in sections for question in ask_wrong(one, said)]


def test_the_line_that_fails_is_found_among_those_that_pass() -> None:
    (question,) = ask(MADE, "", *LINES)
    assert question.stem == f"Which line fails after the code?\n\n```ts\n{MADE}\n```"
    assert question.keys == ("`crate.load(8)`",)
    told = {option.text: option.feedback for option in question.options}
    assert told["`crate.load(8)`"] == "`crate.load(8)` fails: too many."
    assert told['`crate.load("tea")`'] == '`crate.load("tea")` passes.'
    assert [span.start_line for span in question.spans] == [9]
    assert question.as_item().kind == "single_choice"


def test_a_verdict_that_follows_its_mark_is_no_reason() -> None:
    (question,) = ask(MADE, "crate.load(1) // ✅ passes", "crate.load(8) // ❌ fails (too many)", LINES[2])
    told = {option.text: option.feedback for option in question.options}
    assert told["`crate.load(1)`"] == "`crate.load(1)` passes."
    assert told["`crate.load(8)`"] == "`crate.load(8)` fails: too many."


def test_every_line_that_fails_is_a_key() -> None:
    (question,) = ask(MADE, *LINES, "crate.load(null); // throws")
    assert question.stem.startswith("Which lines fail after the code?")
    assert set(question.keys) == {"`crate.load(8)`", "`crate.load(null)`"}
    assert question.as_item().kind == "multiple_choice"


@pytest.mark.parametrize("mark", ["# Error: too many", "# ValueError", "# raises", "# <- invalid", "# ✗"])
def test_errors_are_marked_in_many_ways(mark: str) -> None:
    lines = ("crate = Crate(7)", "crate.load(1)  # OK", f"crate.load(8)  {mark}", "crate.load(2)  # works")
    assert [question.keys for question in ask("class Crate: ...", *lines, language="python")] == [("`crate.load(8)`",)]


@pytest.mark.parametrize(
    "lines",
    [
        (MADE, *LINES[:2]),
        (MADE, LINES[0], LINES[2], 'crate.load("tin"); // ✅'),
        LINES,
        (MADE, *LINES[:2], "crate.unload(8); // ✅", "other.load(8); // ✅"),
        (MADE, *LINES[:2], 'crate.load("TEA"); // ❌'),
        (MADE, *LINES[:2], 'crate.load("tin"); // works like a list'),
        (MADE, LINES[0], LINES[2], "crate.load(8); // error handling"),
        (MADE, *LINES[:2], "crate.load(Tin); // ❌"),
    ],
    ids=[
        "two lines",
        "none fails",
        "nothing made",
        "two things",
        "only capitals differ",
        "a word",
        "a kind",
        "a class from elsewhere",
    ],
)
def test_what_the_code_does_not_decide_is_not_asked(lines: tuple[str, ...]) -> None:
    assert ask(*lines) == []


def test_the_sentence_beside_the_lines_tells_why_where_no_line_that_fails_does() -> None:
    why = "A crate holds no more than seven weights:"
    sections, said = teach_text("# Guide\n\n{}\n\n```ts\n{}\n```\n".format(why, "\n".join((MADE, *LINES))))
    (question,) = (found for one in sections for found in ask_wrong(one, said))
    assert question.explanation == "`crate.load(8)` fails: too many."
    bare = "\n".join((MADE, *LINES)).replace(" (too many)", "")
    sections, said = teach_text(f"# Guide\n\n{why}\n\n```ts\n{bare}\n```\n")
    (question,) = (found for one in sections for found in ask_wrong(one, said))
    assert question.explanation == f"`crate.load(8)` fails: “{why[:-1]}”."
    assert [span.start_line for span in question.spans] == [8, 3]
