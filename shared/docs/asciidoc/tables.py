"""Tables of AsciiDoc: cells marked by `|` with their specifiers, or comma-separated values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from shared.docs.asciidoc.block_attributes import BlockAttributes
from shared.docs.prose import Line
from shared.docs.reading import Place, Reading
from shared.docs.tables import add_table, separated

_CELL = re.compile(
    r"(?:(?<=\s)|(?<=^)|(?<=\|))(?P<spec>(?:(?P<columns>\d+)?(?:\.(?P<rows>\d+))?(?P<times>[+*]))?[<^>]?(?:\.[<^>])?[aehlmsdv]?)(?<!\\)(?P<mark>[|!])"
)
_COLUMN = re.compile(r"^\s*(?:(?P<times>\d+)\*)?")
_NOISE = re.compile(r"^(?:\[.*\]|[-=.*_+/~`]{2,}+\w*|[|!]={3,}|\+|//.*|[a-z]+::(?=.*\]$)\S*\[.*\])$")
_LIST_MARK = re.compile(r"^\s*(?:\*{1,5}|-|\.{1,5}|\d+\.)\s+")


@dataclass
class _Cell:
    columns: int = 1
    rows: int = 1
    times: int = 1
    lines: list[Line] = field(default_factory=list)


def read_table(reading: Reading, lines: Sequence[Line], mark: str, place: Place, attributes: BlockAttributes) -> None:
    """Add the table whose lines stand between its delimiters."""
    spelled = attributes.named.get("format", "")
    if mark in (",", ":") or spelled in ("csv", "dsv", "tsv"):
        delimiter = {",": ",", ":": ":"}.get(mark) or {"csv": ",", "dsv": ":", "tsv": "\t"}[spelled]
        rows = [[_Cell(lines=[cell]) for cell in row] for row in separated(reading, lines, delimiter)]
    else:
        cells = list(_cells(lines, mark if mark == "!" else attributes.named.get("separator", "|")[:1] or "|"))
        rows = list(_in_rows(cells, _column_count(attributes) or _first_row(cells)))
    read = (([_text(reading, c) for c in row], [n for c in row for n, text in c.lines if text]) for row in rows)
    add_table(reading, read, place, attributes.title)


def _cells(lines: Sequence[Line], separator: str) -> Iterator[_Cell]:
    """All cells in order, each with its lines; a nested table (marked by `!`) stays in its cell's text."""
    current: _Cell | None = None
    for line in lines:
        end = 0
        for match in _CELL.finditer(line.text):
            if match["mark"] != separator:
                continue
            if current is not None:
                current.lines.append(Line(line.number, line.text[end : match.start()].strip()))
                yield current
            current = _specified(match)
            end = match.end()
        if current is not None:
            current.lines.append(Line(line.number, line.text[end:].strip()))
    if current is not None:
        yield current


def _specified(match: re.Match[str]) -> _Cell:
    columns, rows = int(match["columns"] or 1), int(match["rows"] or 1)
    if match["times"] == "*":
        return _Cell(times=min(columns, 50))
    return _Cell(columns=min(columns, 50), rows=min(rows, 1000))


def _column_count(attributes: BlockAttributes) -> int:
    """Columns as `cols` says; 0 when it does not."""
    spelled = attributes.named.get("cols", "")
    if not spelled:
        return 0
    pieces = re.split(r"[,;]", spelled)
    return sum(int(match["times"] or 1) for piece in pieces if (match := _COLUMN.match(piece)))


def _first_row(cells: Sequence[_Cell]) -> int:
    """Columns as the first line with cells shows them."""
    first = cells[0].lines[0].number if cells else 0
    return sum(cell.columns * cell.times for cell in cells if cell.lines[0].number == first)


def _in_rows(cells: Sequence[_Cell], width: int) -> Iterator[list[_Cell]]:
    """The cells as rows of `width`; a cell over several rows or columns leaves empty ones where it reaches."""
    reach = [0] * width  # how many more rows the cell above takes in each column
    row: list[_Cell] = []
    for cell in (repeated for repeated in cells for _ in range(repeated.times)):
        while len(row) < width and reach[len(row)]:
            reach[len(row)] -= 1
            row.append(_Cell())
        for column in range(len(row), min(len(row) + cell.columns, width)):
            reach[column] = cell.rows - 1
        row.extend([cell, *(_Cell() for _ in range(cell.columns - 1))])
        if len(row) >= width:
            yield row
            row = []
    if row:
        yield row


def _text(reading: Reading, cell: _Cell) -> str:
    """A cell as one line of CommonMark: its lists run on, marks of its blocks are dropped."""
    kept = [
        Line(line.number, _LIST_MARK.sub("", line.text).replace("\\|", "|"))
        for line in cell.lines
        if line.text and not _NOISE.match(line.text)
    ]
    return reading.inline.one_line(kept)
