"""The units of a source: its sentences, list items, table rows and lines of code, each with its raw lines.

Not units: front matter, comments, anchors, directive options, badges, bars of links between pages, lines that hold
links only. A raw line that the reader made nothing of and that looks like text is a unit too, so that a loss of the
reader is a loss of the course. The label of a page or section is not a word of a unit: where the author gave a link no
words, a reader sees the title of its page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from shared.course.plain_text import show_plain
from shared.course.raw_lines import find_text_lines
from shared.docs.model import Block, Document, Section

UnitKind = Literal["sentence", "list_item", "table_row", "code_line", "unread"]

_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\[\]]*\]|!\[[^\[\]]*\]\([^()]*\))*\](?:\((?:[^()]|\([^()]*\))*\)|\[[^\[\]]*\])")
_ADDRESS = re.compile(r"<?https?://[^\s<>]+>?")
_WORD = re.compile(r"\w")
_SPACE = re.compile(r"\W*")


@dataclass(frozen=True)
class Unit:
    """A unit with its words as a reader sees them. `group` is shared by the items of a list and the rows of a table."""

    kind: UnitKind
    path: str
    start_line: int
    end_line: int
    text: str
    group: int = 0
    ordered: bool = False


@dataclass(frozen=True)
class CodeUnit:
    """A code block of the source."""

    path: str
    start_line: int
    end_line: int
    code: str


@dataclass(frozen=True)
class SourceSection:
    """A section of a document as the units and the code blocks it holds. `index` is its place in the document."""

    path: str
    heading: str
    index: int
    start_line: int
    end_line: int
    units: tuple[Unit, ...]
    code: tuple[CodeUnit, ...]


def read_sections(document: Document) -> tuple[SourceSection, ...]:
    """The sections of a document that hold a unit."""
    unread = list(_find_unread(document))
    labels = frozenset(f"[{link.text}]({link.target})" for link in document.links if link.untitled)
    found = (_read_section(document, index, section, unread, labels) for index, section in enumerate(document.sections))
    return tuple(section for section in found if section.units)


def _read_section(
    document: Document, index: int, section: Section, unread: list[int], labels: frozenset[str]
) -> SourceSection:
    blocks = enumerate(section.blocks)
    units = [unit for place, block in blocks for unit in _read_block(document.path, block, place, labels)]
    units += [
        Unit("unread", document.path, line, line, document.raw_lines[line - 1].strip())
        for line in unread
        if section.start_line <= line <= section.end_line
    ]
    code = tuple(_read_code(document.path, block) for block in section.blocks if block.kind == "code")
    return SourceSection(
        path=document.path,
        heading=section.heading,
        index=index,
        start_line=section.start_line,
        end_line=section.end_line,
        units=tuple(units),
        code=tuple(block for block in code if block.code.strip()),
    )


def _read_block(path: str, block: Block, place: int, labels: frozenset[str]) -> Iterator[Unit]:
    """The units of a block; `place` names a table within its section, as a list has a number of its own."""
    path = block.file(path)
    match block.kind:
        case "code":
            yield from _read_lines(_read_code(path, block))
        case "table":
            for row, (start, end) in list(zip(block.rows, block.row_lines, strict=True))[1:]:
                if not is_link_only(" ".join(row)):
                    yield Unit("table_row", path, start, end, show_plain(" ".join(row)), -1 - place)
        case "list_item":
            text = " ".join(sentence.text for sentence in block.sentences)
            if block.sentences and not is_link_only(text):
                start, end = block.sentences[0].start_line, block.sentences[-1].end_line
                yield Unit("list_item", path, start, end, _words(text, labels), block.list_id, block.ordered)
        case _:
            for sentence in block.sentences:
                if not is_link_only(sentence.text):
                    start, end = sentence.start_line, sentence.end_line
                    yield Unit("sentence", sentence.path or path, start, end, _words(sentence.text, labels))


def _words(text: str, labels: frozenset[str]) -> str:
    bare = _LINK.sub(lambda found: "" if found.group() in labels else found.group(), text)
    return show_plain(bare if _WORD.search(bare) else text)


def is_link_only(text: str) -> bool:
    """Whether inline Markdown is links, pictures and bare addresses, and signs between them."""
    rest = _ADDRESS.sub("", _LINK.sub("", text))
    return not _WORD.search(rest) and (rest != text or not rest.strip())


def _read_code(path: str, block: Block) -> CodeUnit:
    return CodeUnit(block.file(path), block.start_line, block.end_line, block.code)


def _read_lines(code: CodeUnit) -> Iterator[Unit]:
    """The lines of a block; where the raw file has another number of them (a notebook), each cites the whole block."""
    lines = code.code.split("\n")
    exact = len(lines) == code.end_line - code.start_line + 1
    for offset, line in enumerate(lines):
        if _SPACE.fullmatch(line) is None:
            start, end = (code.start_line + offset,) * 2 if exact else (code.start_line, code.end_line)
            yield Unit("code_line", code.path, start, end, line.strip())


def _find_unread(document: Document) -> Iterator[int]:
    """Raw lines that look like text and that no block of the document holds."""
    read = {document.title_line}
    for section in document.sections:
        read.add(section.start_line)
        for block in section.blocks:
            read.update(around.line for around in block.within)
            if block.origin is None:
                read.update(range(block.start_line, block.end_line + 1))
            for sentence in (one for one in block.sentences if not one.path):
                read.update(range(sentence.start_line, sentence.end_line + 1))
    return (line for line in find_text_lines(document) if line not in read)
