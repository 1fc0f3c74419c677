"""Headings without a word are read like any other."""

import pytest

from shared.engine.offline.analyse import analyse
from shared.engine.port import DocumentSource
from tests.unit.docs.pages import read


@pytest.mark.parametrize("heading", ["!!!", "\\*\\*\\*", "; , ;", "…"])
def test_a_heading_without_a_word_is_no_doing(heading: str) -> None:
    document = read(f"# {heading}\n\nThe widget says hello to you.\n\n## {heading}\n\nThe widget says more.\n")
    assert analyse(DocumentSource("d", "s", "0", document)).word_count > 5
