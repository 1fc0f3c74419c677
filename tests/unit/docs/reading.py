"""Looking at what a reader made of a text."""

from collections.abc import Mapping

from shared.docs.model import Block, Document
from shared.docs.reader import read_document


def read(path: str, text: str, included: Mapping[str, str] | None = None) -> Document:
    """The document of a text, with the files it includes."""
    return read_document(path, text.encode(), {name: content.encode() for name, content in (included or {}).items()})


def blocks(document: Document) -> list[Block]:
    """All blocks in reading order."""
    return [block for section in document.sections for block in section.blocks]


def only_block(document: Document) -> Block:
    """The one block the document has."""
    (block,) = blocks(document)
    return block


def outline(document: Document) -> list[tuple[int, str, int]]:
    """(level, heading, line) of each section."""
    return [(section.level, section.heading, section.start_line) for section in document.sections]


def told(block: Block) -> list[tuple[str, int, int]]:
    """The sentences of a block with their lines."""
    return [(sentence.text, sentence.start_line, sentence.end_line) for sentence in block.sentences]


def prose(document: Document) -> str:
    """All sentences, one after the other."""
    return " ".join(sentence.text for block in blocks(document) for sentence in block.sentences)
