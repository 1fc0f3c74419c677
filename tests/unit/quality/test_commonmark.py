"""The parser of lessons: what CommonMark says, sooner."""

from collections.abc import Callable
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from shared.course.commonmark import new_parser
from shared.course.export.fence_marks import move_marks_out_of_fences
from shared.course.field_text import read_markdown
from tests.support.processor_time import processor_seconds

_OPEN = ("a:b[" * 40 + "[^c1]\n\n") * 500
_PIECES = ["[", "]", "(", ")", "!", "](", "`", "*", "a", " ", "\n", "<b>", "\\", "[^c1]", "[a]: b\n\n"]


@settings(max_examples=400)
@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_it_reads_as_the_library_does(text: str) -> None:
    usual = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    assert new_parser().render(text) == usual.render(text)


def test_brackets_that_nobody_closes_are_not_read_again_and_again() -> None:
    usual = _seconds(MarkdownIt("commonmark", {"html": False}).parse)
    assert _seconds(new_parser().parse) < usual / 3
    assert _seconds(partial(read_markdown, "main_content")) < usual / 2
    assert _seconds(move_marks_out_of_fences) < usual / 3


def _seconds(read: Callable[[str], object]) -> float:
    """Processor time of the fastest of three readings, each of a text that was not read before."""
    return min(processor_seconds(partial(read, f"{_OPEN}Turn {turn}.\n")) for turn in range(3))
