"""Headings and paragraphs of marks are analysed like any other."""

import tracemalloc
from collections.abc import Callable

import pytest

from services.doc_analyser.offline.analyse import analyse
from services.doc_analyser.offline.inputs import DocumentFile
from shared.course.plain_text import drop_targets, show_plain
from shared.course.sentence_marks import find_marks, find_trailing_marks, split_pieces
from tests.support.processor_time import processor_seconds
from tests.support.whole_course import make_courses, teach
from tests.unit.docs.pages import read

FILE = DocumentFile("d", "s", "0", "docs/page.md", b"", {})


@pytest.mark.parametrize("heading", ["!!!", "\\*\\*\\*", "; , ;", "…"])
def test_a_heading_without_a_word_is_no_doing(heading: str) -> None:
    document = read(f"# {heading}\n\nThe widget says hello to you.\n\n## {heading}\n\nThe widget says more.\n")
    assert analyse(FILE, document).word_count > 5


@pytest.mark.parametrize("before", ["# ", ""])
def test_a_run_of_ticks_takes_a_second_at_most(before: str) -> None:
    document = read("# Widget\n\nThe widget says hello to you.\n\n" + before + "The widget says " + "`" * 19_900 + "\n")
    analyse(FILE, read("# Warm\n\nThe widget says hello to you.\n"))
    assert processor_seconds(lambda: analyse(FILE, document)) < 1


@pytest.mark.parametrize("seed", ["`", "![", "``\u201c", "[", "](", "_", "*", "<a", "[^", "!", " ", ". "])
def test_a_line_of_marks_is_read_within_a_second(seed: str) -> None:
    line = "The widget says " + seed * (100_000 // len(seed)) + "a"
    assert processor_seconds(lambda: (show_plain(line), split_pieces(line))) < 1


@pytest.mark.parametrize("seed", ["[^a]", "[^.]", "[^a] ", "][^a", "``\\", "\\``", " a.", "a\u3002"])
@pytest.mark.parametrize("find", [find_trailing_marks, split_pieces, find_marks])
def test_a_line_of_citation_marks_is_read_within_a_second(find: Callable[[str], object], seed: str) -> None:
    line = "The widget says " + seed * (100_000 // len(seed)) + "a"
    assert processor_seconds(lambda: find(line)) < 1


@pytest.mark.parametrize("opening", ["[", "[a](", "![a]("])
def test_a_link_that_never_ends_takes_no_memory(opening: str) -> None:
    text = opening + "a " * 450_000
    tracemalloc.start()
    try:
        assert drop_targets(text) == text
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 8 * len(text)


@pytest.mark.parametrize(("path", "title", "seed"), [("a.md", "# Widget", "`"), ("a.rst", "Widget\n======", "a:")])
def test_a_course_of_marks_takes_a_few_seconds(path: str, title: str, seed: str) -> None:
    beginning = f"{title}\n\nThe widget is a tool that says hello to you.\n\n"
    make_courses(teach({path: beginning.encode()}))  # dictionaries are loaded after it
    page = (beginning + f"The widget says {seed * (19_900 // len(seed))}\n\n" * 3).encode()
    made: list[object] = []
    assert processor_seconds(lambda: made.append(make_courses(teach({path: page})))) < 5
    assert made[0]
