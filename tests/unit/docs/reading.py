"""Additions to `pages` for the tests of reStructuredText and AsciiDoc: the file's name first, and lines of blocks."""

from collections.abc import Mapping

from shared.docs.model import Block, Document
from tests.unit.docs import pages
from tests.unit.docs.pages import blocks, texts


def read(path: str, text: str, included: Mapping[str, str] | None = None) -> Document:
    """A document from its text."""
    return pages.read(text, path, included)


def only_block(document: Document) -> Block:
    """The one block of a document."""
    (block,) = blocks(document)
    return block


def told(block: Block) -> list[tuple[str, int, int]]:
    """A block's sentences with their lines."""
    return [(sentence.text, sentence.start_line, sentence.end_line) for sentence in block.sentences]


def prose(document: Document) -> str:
    """All sentences on one line."""
    return " ".join(texts(document))


def outline(document: Document) -> list[tuple[int, str, int]]:
    """Level, heading and line of every section."""
    return [(level, heading, line) for heading, level, line in pages.headings(document)]
