"""Blocks of HTML inside Markdown as blocks of text: paragraphs, headings, items, tables; tags inside lines stay."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from shared.docs.markdown.containers import box_of
from shared.docs.markdown.live import without_controls
from shared.docs.markdown.tags import attribute, embedded, is_diagram
from shared.docs.wide_cells import read_span, spread

NumberedLines = list[tuple[int, str]]

_TAG = re.compile(r"<(/?)([A-Za-z][\w-]*+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>")
_BLOCK_NAME = re.compile(
    r"address|article|aside|blockquote|body|center|d[dlt]|details|dialog|div|fieldset|figcaption|figure|footer|form|h[1-6r]"
    r"|head|header|html|legend|li|main|nav|ol|p|pre|section|summary|t[dhr]|table|tbody|template|tfoot|thead|title|ul",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|svg|iframe|video|audio|noscript|template(?!\s+(?:#|v-slot)))\b.*?(?:</\1\s*>|\Z)"
    r"|<[?!][^<>]*>",
    re.IGNORECASE | re.DOTALL,
)


@dataclass
class HtmlPart:
    """A block found in HTML. `lines` is its text with inline tags; a table has `rows` of cells, code its raw lines.

    An item has its depth (`level`), its `number` in its list, and the number of that list in the stretch of HTML.
    `heads`: the text is what a page shows of a fold that is closed. `box`: the number and the kind of the admonition
    or quote that it stands in, if any, or "dd" of what the terms before it mean.
    """

    kind: Literal["text", "heading", "item", "table", "code", "term"]
    lines: NumberedLines = field(default_factory=list)
    level: int = 0
    ordered: bool = False
    number: int = 0
    list_number: int = 0
    anchor: str = ""
    language: str = ""
    rows: list[list[NumberedLines]] = field(default_factory=list)
    heads: bool = False
    box: tuple[int, str] = (0, "")


def html_parts(lines: Sequence[tuple[int, str]]) -> list[HtmlPart]:
    """The blocks of one stretch of HTML in reading order, empty ones left out."""
    reading = _HtmlReading(lines)
    reading.run()
    return [part for part in reading.parts if part.rows or any(text.strip() for _, text in part.lines)]


@dataclass
class _List:
    """A list that is open."""

    number: int
    ordered: bool
    items: int = 0


class _HtmlReading:
    """A walk over the block tags; text between two of them belongs to the block that is open."""

    def __init__(self, lines: Sequence[tuple[int, str]]) -> None:
        self.numbers = [number for number, _ in lines]
        joined = "\n".join(text.strip("\xa0") for _, text in lines)
        self.text = _HIDDEN.sub(
            lambda match: embedded(match[0]) + "\n" * match[0].count("\n"), without_controls(joined)
        )
        self.last_table_end = self.text.lower().rfind("</table")
        self.parts: list[HtmlPart] = []
        self.current = HtmlPart("text")
        self.lists: list[_List] = []
        self.list_count = 0
        self.table: HtmlPart | None = None
        self.rows: list[list[tuple[NumberedLines, int, int]]] = []  # of the table: cells, with their columns and rows
        self.boxes: list[tuple[str, tuple[int, str]]] = []  # the open elements, and the box that each stands in
        self.opened = Counter[str]()

    def run(self) -> None:
        position = line = 0
        for tag in _TAG.finditer(self.text):
            if _BLOCK_NAME.fullmatch(tag[2]) is None:
                continue
            line = self.take(position, tag.start(), line)
            position = tag.end()
            self.tag(tag, line)
            line += self.text.count("\n", tag.start(), tag.end())
        self.take(position, len(self.text), line)
        self.flush(HtmlPart("text"))
        self.end_table()

    def take(self, begin: int, end: int, line: int) -> int:
        """Add text begin..end, which starts on `line`, to the open block; the line it ends on."""
        if begin == end:
            return line
        pieces = self.text[begin:end].split("\n")
        target = self.current.lines
        if self.table and self.rows and self.rows[-1]:
            target = self.rows[-1][-1][0]
        target.extend((self.numbers[line + offset], piece) for offset, piece in enumerate(pieces))
        return line + len(pieces) - 1

    def flush(self, following: HtmlPart) -> None:
        self.parts.append(self.current)
        self.current = following
        following.box = self.boxes[-1][1] if self.boxes else following.box

    def open_box(self, name: str, tag: str, *, closes: bool) -> None:
        """Note that an element begins, which may be a box by its classes, or that the last one of its name ends."""
        ends, around = name if closes else "dd" if name in ("dd", "dt") else "", "" if closes else "dl"
        while self.opened[ends] and self.boxes[-1][0] != around:  # with what nothing closes in it
            last = self.boxes.pop()[0]
            self.opened[last] -= 1
            if last == ends:
                break
        if not closes:
            kind = box_of(attribute(tag, "class")) or (name if name in ("blockquote", "dd") else "")
            outer = self.boxes[-1][1] if self.boxes else (0, "")
            self.boxes.append((name, (self.numbers[0] + len(self.parts), kind) if kind else outer))
            self.opened[name] += 1

    def tag(self, tag: re.Match[str], line: int) -> None:
        closes, name = bool(tag.group(1)), tag.group(2).lower()
        if name in ("aside", "blockquote", "dd", "div", "dl", "dt", "p", "section"):
            self.open_box(name, tag.group(), closes=closes)
        if self.table is not None:
            self.table_tag(name, tag.group(), closes=closes)
        elif name == "table" and not closes and tag.end() <= self.last_table_end:
            self.flush(HtmlPart("text"))
            self.table = HtmlPart("table")
        elif name in ("ul", "ol"):
            self.flush(HtmlPart("text"))
            if not closes:
                self.open_list(ordered=name == "ol")
            elif self.lists:
                self.lists.pop()
        elif closes:
            self.flush(HtmlPart("text"))
        elif name == "li":
            self.flush(self.item())
        elif name[0] == "h" and name[1:].isdigit():
            self.flush(HtmlPart("heading", level=int(name[1:]), anchor=attribute(tag.group(), "id")))
        elif name == "pre" or (name == "div" and is_diagram(tag.group())):
            self.flush(HtmlPart("code", language="mermaid" if is_diagram(tag.group()) else ""))
        elif self.current.kind == "item" and name in ("p", "div"):
            return
        else:
            self.flush(HtmlPart("term" if name == "dt" else "text", heads=name == "summary"))

    def open_list(self, *, ordered: bool) -> None:
        self.list_count += 1
        self.lists.append(_List(self.list_count, ordered))

    def item(self) -> HtmlPart:
        if not self.lists:
            self.open_list(ordered=False)
        current = self.lists[-1]
        current.items += 1
        level = len(self.lists) - 1
        return HtmlPart("item", [], level, current.ordered, current.items, current.number)

    def table_tag(self, name: str, tag: str, *, closes: bool) -> None:
        if name == "table" and closes:
            self.end_table()
        elif name == "tr" and not closes:
            self.rows.append([])
        elif name in ("td", "th") and not closes:
            self.rows = self.rows or [[]]
            self.rows[-1].append(([], read_span(attribute(tag, "colspan")), read_span(attribute(tag, "rowspan"))))

    def end_table(self) -> None:
        if self.table:
            self.parts.append(replace(self.table, rows=spread(self.rows, [])))
            self.table, self.rows = None, []
