"""Helpers of the tests of readers: read a text as a document, and look at it from the side that matters."""

from collections.abc import Mapping
from textwrap import dedent

from shared.docs.model import Block, Document
from shared.docs.reader import read_document


def read(text: str, path: str = "docs/page.md", included: Mapping[str, str] | None = None) -> Document:
    """The document of a text (its common indentation removed), with the files it includes."""
    files = {name: content.encode() for name, content in (included or {}).items()}
    return read_document(path, dedent(text).encode(), files)


def blocks(document: Document, kind: str | None = None) -> list[Block]:
    """All blocks in reading order, or those of one kind."""
    return [b for section in document.sections for b in section.blocks if kind in (None, b.kind)]


def said(document: Document) -> list[tuple[str, int, int]]:
    """Each sentence with its first and last line."""
    return [(s.text, s.start_line, s.end_line) for b in blocks(document) for s in b.sentences]


def texts(document: Document) -> list[str]:
    """The sentences alone."""
    return [text for text, _, _ in said(document)]


def headings(document: Document) -> list[tuple[str, int, int]]:
    """(heading, level, line) of each section."""
    return [(s.heading, s.level, s.start_line) for s in document.sections]
