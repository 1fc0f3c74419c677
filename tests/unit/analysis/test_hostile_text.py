"""Headings and paragraphs of marks are analysed like any other."""

import time

import pytest

from shared.engine.offline.analyse import analyse
from shared.engine.port import DocumentSource
from tests.unit.docs.pages import read


@pytest.mark.parametrize("heading", ["!!!", "\\*\\*\\*", "; , ;", "…"])
def test_a_heading_without_a_word_is_no_doing(heading: str) -> None:
    document = read(f"# {heading}\n\nThe widget says hello to you.\n\n## {heading}\n\nThe widget says more.\n")
    assert analyse(DocumentSource("d", "s", "0", document)).word_count > 5


@pytest.mark.parametrize("before", ["# ", ""])
def test_a_run_of_ticks_takes_a_second_at_most(before: str) -> None:
    document = read("# Widget\n\nThe widget says hello to you.\n\n" + before + "The widget says " + "`" * 19_900 + "\n")
    source = DocumentSource("d", "s", "0", document)
    analyse(DocumentSource("d", "s", "0", read("# Warm\n\nThe widget says hello to you.\n")))
    started = time.process_time()
    analyse(source)
    assert time.process_time() - started < 1
