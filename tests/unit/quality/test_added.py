"""What a model adds to the source says so: its values are its own, its names are the source's."""

import pytest

from shared.course.basis import LABELS, read_basis, strip_label, with_label
from shared.course.evidence import Evidence
from shared.course.field_text import read_markdown
from shared.course.gates import check_statements
from shared.course.key_support import find_worked_problem
from shared.course.model import Citation, Item, Option
from shared.docs.citations import span_sha256, split_lines

TEXT = b"""\
kettle = Kettle(retries=2, name='tea')
Set `retries` to the number of times a job may be run again.
The file kettle.toml holds it.
"""
CITED = Citation(
    id="c", source_id="s", path="a.md", start_line=1, end_line=3, sha256=span_sha256(split_lines(TEXT), 1, 3)
)


def _evidence() -> Evidence:
    return Evidence([CITED], lambda _: TEXT)


def _find(markdown: str, *, own_words: bool = True) -> list[str]:
    found = check_statements((read_markdown("main_content", markdown),), _evidence(), own_words=own_words)
    return [f"{finding.gate} {finding.detail}" for finding in found if finding.gate in ("Q2", "Q3")]


CITES = "A `Kettle` has `retries`.[^c]"


@pytest.mark.parametrize(
    "added",
    [
        "**Worked out:** `Kettle(retries=3, name='x')` runs a job four times.[^c]",
        "**Worked out:** With `Kettle(retries=0, name='milk')` a job is run 1 time.[^c]",
        "**Imagine:** You start 10 jobs at night. In the morning one has run.",
        "**In general:** An import brings a name into the program.",
        "> **Worked out:** A job fails each time.[^c]\n>\n> 1. Run 1 fails.[^c]\n> 2. Run 2 fails.[^c]",
    ],
)
def test_a_text_with_a_label_has_values_of_its_own(added: str) -> None:
    cited = " ".join([CITES] * 4)
    assert _find(f"{cited}\n\n{added}") == []


@pytest.mark.parametrize(
    ("added", "found"),
    [
        ("**Worked out:** `Kettle(delay=3)` waits.[^c]", "Q3 not in the cited lines: Kettle(delay=0)"),
        ("**Worked out:** A job is run three times.", "Q2 is worked out, and cites no lines that decide it"),
        ("**Imagine:** You write `kettle.boil()` at night.", "Q2 not cited: kettle.boil()"),
        ("**In general:** Set KETTLE_HOME.", "Q2 not cited: KETTLE_HOME"),
        ("> **Imagine:** It is night.\n>\n> `fetch` fails.", "Q2 not cited: fetch"),
    ],
)
def test_what_a_text_with_a_label_names_is_cited(added: str, found: str) -> None:
    assert _find(f"{CITES} {CITES} {CITES}\n\n{added}") == [found]


def test_a_question_states_nothing_that_the_source_could_be_asked_for() -> None:
    """Half of what a lesson states may be added; a task that only asks is not among it."""
    added = "**Worked out:** A job is run four times.[^c]"
    asked = "**Try it:** How many times is a job run?"
    assert _find(f"{CITES}\n\n{asked}\n\n{added}") == []
    assert len(_find(f"{CITES}\n\n{asked}\n\n{added}\n\n{added}")) == 2


def test_a_label_helps_neither_the_offline_engine_nor_a_lesson_of_labels() -> None:
    added = "**Worked out:** A job is run four times.[^c]"
    assert _find(f"{CITES} {CITES}\n\n{added}", own_words=False) == ["Q3 not in the cited lines: four"]
    assert _find(f"{CITES}\n\n{added}\n\n{added}") == ["Q2 2 of 3 sentences do not stand on the source"] * 2


@pytest.mark.parametrize(
    ("explanation", "is_right"),
    [
        ("Two retries and the first run make three times.", True),
        ("A job is run often.", False),
        ("Not two times: with the first run it is three times.", True),
        ("It is three times with the first run, and not two times.", False),
        ("Not two times more, and not three timestamps.", False),
    ],
)
def test_the_key_of_a_worked_out_question_is_what_its_explanation_comes_to(explanation: str, is_right: bool) -> None:
    options = [Option(id=text, text=text) for text in ("Two times.", "Three times.")]
    item = Item(
        id="i", kind="single_choice", form="what_happens", stem="A job fails on every run. How often is it run?",
        options=options, key=["Three times."], explanation=with_label(explanation, "worked"), objective_ids=["o"],
        bloom="apply", citation_ids=["c"],
    )  # fmt: skip
    assert (find_worked_problem(item, _evidence()) is None) == is_right


@pytest.mark.parametrize(
    ("key", "explanation", "is_right"),
    [
        ("a, b, b", "After a, b comes the retry: a, b, b", True),
        ("a, b", "After a, b comes the retry: a, b, b", False),
        ("a, b", "Nothing fails, so nothing is run twice: a, b.", True),
    ],
)
def test_an_option_inside_of_a_longer_one_is_not_what_an_explanation_comes_to(
    key: str, explanation: str, is_right: bool
) -> None:
    options = [Option(id=text, text=text) for text in ("a, b", "a, b, b")]
    item = Item(
        id="i", kind="single_choice", form="what_happens", stem="Which runs are made?", options=options, key=[key],
        explanation=with_label(explanation, "worked"), objective_ids=["o"], bloom="apply", citation_ids=["c"],
    )  # fmt: skip
    assert (find_worked_problem(item, _evidence()) is None) == is_right


@pytest.mark.parametrize(
    ("accepted", "explanation", "is_right"),
    [
        (["retries=3", "retries = 3"], "Four runs are the first one and three retries: `retries=3`.", True),
        (["retries=3"], "Four runs are the first one and some retries.", False),
        (["repeats=3"], "Four runs are the first one and three retries: `repeats=3`.", False),
    ],
)
def test_a_gap_takes_a_value_that_is_worked_out(accepted: list[str], explanation: str, is_right: bool) -> None:
    item = Item(
        id="i", kind="short_answer", form="fill_call", stem="A job may run four times. What belongs in `Kettle(____)`?",
        options=[], key=accepted, explanation=with_label(explanation, "worked"), objective_ids=["o"], bloom="apply",
        citation_ids=["c"],
    )  # fmt: skip
    assert (find_worked_problem(item, _evidence()) is None) == is_right


def test_a_label_is_read_as_it_is_written() -> None:
    for basis in LABELS:
        text = with_label("It is night.", basis)
        assert (read_basis(text), strip_label(text)) == (basis, "It is night.")
    assert read_basis("**Note:** It is night.") == "source"
