from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.docs.sentences import BREAK, split_sentences


def split(text: str) -> list[str]:
    return [sentence.text for sentence in split_sentences([(1, text)])]


@pytest.mark.parametrize(
    "text",
    [
        "Use `a. B` to stop.",
        "See [the guide. Part two](https://x.y/a.b).",
        "Open https://example.org/a.b?c=d. now",
        "Pick one, e.g. README.md, and go on.",
        "Version v1.2 needs Node.js 18.4 or later.",
        "Dr. Smith wrote it vs. Mr. Jones.",
        "Publish to `a`, $JS.API.> and orders.*.new here.",
        "Wait for it... and then go on.",
        "The file .gitignore and ../x.md are read.",
        "Use ``a `. B`` twice.",
    ],
)
def test_a_full_stop_inside_something_ends_nothing(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("Open README.md. Then go on.", ["Open README.md.", "Then go on."]),
        ("Call `foo()`. `bar` is next.", ["Call `foo()`.", "`bar` is next."]),
        ("It ends (it does.) Another one.", ["It ends (it does.)", "Another one."]),
        ('He said "yes." Then he left.', ['He said "yes."', "Then he left."]),
        ("你好。这是测试。", ["你好。", "这是测试。"]),
        ("**Bold.** Then plain.", ["**Bold.**", "Then plain."]),
        ("One . . Two. ::::", ["One . .", "Two."]),
    ],
)
def test_sentences_end_where_readers_see_it(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_emphasis_over_several_sentences_is_whole_in_each() -> None:
    assert split("**One. Two _a. B_ c.** Three.") == ["**One.**", "**Two _a._**", "**_B_ c.**", "Three."]
    assert split("*a. B* c **d. E** f.") == ["*a.*", "*B* c **d.**", "**E** f."]


def test_a_sentence_knows_the_lines_of_its_first_and_last_word() -> None:
    found = split_sentences([(3, "One two"), (4, "  three. Four"), (6, "five."), (7, "Six.")])
    assert [(s.text, s.start_line, s.end_line) for s in found] == [
        ("One two three.", 3, 4),
        ("Four five.", 4, 6),
        ("Six.", 7, 7),
    ]


def test_what_has_no_word_is_no_sentence() -> None:
    assert split("--- *** ...") == []
    assert split("") == []
    assert split_sentences([]) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Signs: one of ! $ & ( ) ... : = @ [ ]", ["Signs: one of ! $ & ( ) ... : = @ [ ]"]),
        ("One of ( ) . : @", ["One of ( ) . : @"]),
        ("! $ . Next is so. Last.", ["! $ . Next is so.", "Last."]),
        ("{ }", ["{ }"]),
    ],
)
def test_signs_stay_with_the_sentence_beside_them(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@given(st.lists(st.text(st.sampled_from("ab. *_`[]()!?\"'“”。ABc:/<>-1é"), max_size=40), min_size=1, max_size=6))
def test_no_word_is_lost_or_invented_and_lines_stay_in_order(lines: list[str]) -> None:
    found = split_sentences(list(enumerate(lines, 1)))
    kept = [char for s in found for char in s.text if char.isalnum()]
    assert kept == [char for line in lines for char in line if char.isalnum()]
    assert all(1 <= s.start_line <= s.end_line <= len(lines) for s in found)
    assert all(before.end_line <= after.start_line for before, after in pairwise(found))


def test_a_line_that_the_author_breaks_ends_a_sentence_where_a_new_thought_begins() -> None:
    found = split_sentences([(1, f"Type: `number`{BREAK}"), (2, f"Default: `1`{BREAK}"), (3, "and no more")])
    assert [(one.text, one.after_break) for one in found] == [
        ("Type: `number`", False),
        ("Default: `1` and no more", True),
    ]


def test_a_bold_question_before_a_colon_stays_with_what_it_introduces() -> None:
    assert split("**Is it good?**: Problems it solves. More.") == ["**Is it good?**: Problems it solves.", "More."]
