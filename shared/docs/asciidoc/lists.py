"""Lists of AsciiDoc: bulleted, numbered, callouts, descriptions; nested by their marks, with blocks attached by `+`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shared.docs.asciidoc import blocks
from shared.docs.headings import Part
from shared.docs.model import Block, Container
from shared.docs.prose import Line, sentences_of
from shared.docs.reading import Place, Reading, container_of, put_within

_ITEM = re.compile(
    r"^\s*(?:(?P<bullet>\*{1,6}|-|•)|(?P<number>\.{1,6}|\d{1,4}\.|[A-Za-z]\.|[ivxIVX]+\))|(?P<callout><(?:\d+|\.)>))"
    r"[ \t]+(?=\S)"
)
_CHECK = re.compile(r"^\[[ xX*]\][ \t]+")
_TERM = re.compile(r"^\s*(?P<term>\S.*?)(?P<mark>:{2,4}|;;)(?:[ \t]+(?P<text>\S.*))?$")


@dataclass
class _Nesting:
    """The marks of the lists that are open, outermost first, with their ids and how many items they have."""

    marks: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    items: list[Container] = field(default_factory=list)

    def enter(self, reading: Reading, mark: str) -> None:
        if mark in self.marks:
            keep = self.marks.index(mark) + 1
            del self.marks[keep:], self.ids[keep:], self.counts[keep:]
            del self.items[keep - 1 :]
        else:
            self.marks.append(mark)
            self.ids.append(reading.next_list())
            self.counts.append(0)
        self.counts[-1] += 1

    def hold(self, parts: Sequence[Part]) -> None:
        """Take the item or term that the parts begin with as the container of what follows."""
        first = parts[0] if parts else None
        if isinstance(first, Block) and first.kind in ("list_item", "definition"):
            self.items.append(container_of(first))


def starts_list(text: str) -> bool:
    """Whether a line is the first of a list item."""
    return _ITEM.match(text) is not None or _term(text) is not None


def _term(text: str) -> re.Match[str] | None:
    match = _TERM.match(text)
    if match is None or text.startswith("//") or re.match(r"^\s*[\w-]+::(?=.*\]$)\S*\[.*\]$", text):
        return None
    return match if match["term"].count("`") % 2 == 0 else None


def _mark(text: str) -> str:
    """The marker that tells a list from the lists around it: `*`, `**`, `1.`, `::`."""
    if item := _ITEM.match(text):
        mark = item["bullet"] or item["number"] or "<>"
        return "1." if mark[0].isdigit() else "a." if mark[0].isalpha() else mark
    term = _term(text)
    return term["mark"] if term else ""


def read_list(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """Read the list that begins at `index` with all lists in it; gives the index after it."""
    nesting = _Nesting()
    while index < len(lines) and starts_list(lines[index].text):
        nesting.enter(reading, _mark(lines[index].text))
        outer, reading.parts = reading.parts, []
        depth = place.depth + len(nesting.marks) - 1
        here = replace(place, depth=depth, titles=False)
        if _ITEM.match(lines[index].text):
            index = _item(reading, lines, index, here, nesting)
        else:
            index = _description(reading, lines, index, here)
        index = _attached(reading, lines, index, replace(here, depth=depth + 1, nesting=place.nesting + 1))
        nesting.hold(reading.parts)
        reading.parts = [*outer, *put_within(reading.parts, *nesting.items)]
        index = _next_item(lines, index, nesting)
    return index


def _next_item(lines: Sequence[Line], index: int, nesting: _Nesting) -> int:
    """The index of the next item of these lists, past blank lines; else `index`."""
    after = index
    while after < len(lines) and not lines[after].text.strip():
        after += 1
    styled = after < len(lines) and blocks.ATTRIBUTE_LINE.match(lines[after].text) is not None
    if styled and after + 1 < len(lines) and starts_list(lines[after + 1].text):
        return after + 1 if _mark(lines[after + 1].text) not in nesting.marks else index
    return after if after < len(lines) and starts_list(lines[after].text) else index


def _own_lines(lines: Sequence[Line], index: int, first: str) -> tuple[list[Line], int]:
    """The lines of the text of an item whose first line says `first`, and the index after them."""
    end = blocks.paragraph_end(lines, index, starts_list)
    own = [Line(line.number, line.text.strip()) for line in lines[index + 1 : end] if not line.text.startswith("//")]
    return [Line(lines[index].number, first), *own], end


def _item(reading: Reading, lines: Sequence[Line], index: int, place: Place, nesting: _Nesting) -> int:
    match = _ITEM.match(lines[index].text)
    text = lines[index].text[match.end() if match else 0 :]
    own, end = _own_lines(lines, index, _CHECK.sub("", text))
    sentences = sentences_of(reading.inline.clean(own))
    if sentences:
        ordered = bool(match and not match["bullet"])
        reading.parts.append(
            Block(
                "list_item", own[0].number, own[-1].number, sentences, place.depth,
                ordered=ordered, number=nesting.counts[-1], list_id=nesting.ids[-1],
            )
        )  # fmt: skip
    return end


def _description(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    match = _term(lines[index].text)
    number = lines[index].number
    term = reading.inline.one_line([Line(number, match["term"] if match else "")])
    text = (match["text"] or "") if match else ""
    if not text:
        after = index + 1
        while after < len(lines) and not lines[after].text.strip():
            after += 1
        plain = after < len(lines) and not (
            starts_list(lines[after].text)
            or lines[after].text == "+"
            or blocks.DELIMITER.match(lines[after].text)
            or blocks.ATTRIBUTE_LINE.match(lines[after].text)
            or re.match(r"^(?:={1,6}\s|\w[\w-]*::)", lines[after].text)
        )
        if not plain:
            reading.parts.append(Block("definition", number, number, depth=place.depth, term=term))
            return index + 1
        index, text = after, lines[after].text.strip()
    own, end = _own_lines(lines, index, text)
    sentences = sentences_of(reading.inline.clean(own))
    reading.parts.append(Block("definition", number, own[-1].number, sentences, place.depth, term=term))
    return end


def _attached(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """Blocks joined to the item: each after a line `+`, and indented literal text after a blank line."""
    while index < len(lines):
        text = lines[index].text
        if text.strip() == "+":
            index = blocks.read_block(reading, lines, index + 1, place)
        elif not text.strip() and index + 1 < len(lines) and lines[index + 1].text[:1].isspace():
            if not lines[index + 1].text.strip() or starts_list(lines[index + 1].text):
                return index
            index = blocks.read_block(reading, lines, index + 1, place)
        elif blocks.DELIMITER.match(text) or (
            blocks.ATTRIBUTE_LINE.match(text)
            and index + 1 < len(lines)
            and blocks.DELIMITER.match(lines[index + 1].text)
        ):  # a block right below its item belongs to it, though the `+` is missing
            index = blocks.read_block(reading, lines, index, place)
        elif not text.strip() and index + 1 < len(lines) and lines[index + 1].text.strip() == "+":
            index += 1
        else:
            return index
    return index
