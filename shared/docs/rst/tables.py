"""Tables of reStructuredText: drawn with a grid or with columns only, lists of lists, comma-separated values."""

import csv
import re
from collections.abc import Sequence
from itertools import pairwise

from shared.docs.code_spans import code_span
from shared.docs.included import NotIncluded
from shared.docs.model import Block
from shared.docs.prose import Line, dedent, indentation
from shared.docs.reading import Place, Reading
from shared.docs.rst.explicit import Directive
from shared.docs.rst.paths import include_candidates
from shared.docs.tables import add_table, separated

_GRID_BORDER = re.compile(r"^\+(?:[-=]+\+)+\s*$")
_SIMPLE_BORDER = re.compile(r"^=+(?:\s+=+)*\s*$")
_SPAN_UNDERLINE = re.compile(r"^-+(?:\s+-+)*\s*$")
_ITEM = re.compile(r"^[*+-](\s+|$)")


Cells = list[list[Line]]
"""A row: each of its cells as lines."""


def _add(reading: Reading, rows: Sequence[Cells], place: Place, title: str = "") -> None:
    read = (([_cell_text(reading, cell) for cell in cells], [n for cell in cells for n, _ in cell]) for cells in rows)
    add_table(reading, read, place, title)


def _cell_text(reading: Reading, cell: Sequence[Line]) -> str:
    """A cell as one line: its lists and paragraphs run on, literal markers are dropped."""
    lines = [Line(line.number, re.sub(r"^\s*(?:[*+-]|\d+\.)\s+|::$", "", line.text).strip()) for line in cell]
    directive = next((i for i, line in enumerate(lines) if line.text.startswith(".. ")), len(lines))
    said = reading.inline.one_line([line for line in lines[:directive] if line.text])
    if directive == len(lines):
        return said
    inner = _text_of(reading, dedent(cell[directive:]))
    return f"{said} {inner}".strip()


def _text_of(reading: Reading, lines: Sequence[Line]) -> str:
    """The text of a directive in a cell, on one line."""
    parts = reading.body(lines, Place(nesting=1))
    blocks = [part for part in parts if isinstance(part, Block)]
    code = (" ".join(code_span(line) for line in block.code.split("\n") if line.strip()) for block in blocks)
    texts = (" ".join(sentence.text for sentence in block.sentences) for block in blocks)
    return " ".join(text for pair in zip(code, texts, strict=True) for text in pair if text)


def is_grid_border(text: str) -> bool:
    """Whether a line is the top of a grid table."""
    return _GRID_BORDER.match(text) is not None


def is_simple_border(text: str) -> bool:
    """Whether a line is the top of a simple table."""
    return _SIMPLE_BORDER.match(text) is not None


def read_grid_table(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """Read the grid table that begins at `index`; gives the index after it."""
    end = index
    while end < len(lines) and lines[end].text[:1] in ("+", "|") and lines[end].text.strip():
        end += 1
    borders = [line.text for line in lines[index:end] if is_grid_border(line.text)]
    edges = sorted({match.start() for border in borders for match in re.finditer(r"\+", border)})
    rows: list[Cells] = []
    current: Cells = []
    for line in lines[index:end]:
        if is_grid_border(line.text):
            rows.extend([current] if current else [])
            current = []
            continue
        pieces = _grid_cells(line, edges)
        if len(pieces) != len(current):
            current = [*current, *([] for _ in range(len(pieces) - len(current)))]
        for position, piece in enumerate(pieces):
            if piece.text.strip(" -+=|"):
                current[position].append(piece)
    _add(reading, rows, place)
    return max(end, index + 1)


def _grid_cells(line: Line, edges: Sequence[int]) -> list[Line]:
    """The cells of one line, cut where a column's edge is drawn in it; one over two columns leaves the second empty."""
    cuts = [edge for edge in edges if edge < len(line.text) and line.text[edge] in "|+"]
    cells: list[Line] = []
    for left, right in pairwise(cuts):
        cells.append(Line(line.number, line.text[left + 1 : right].strip()))
        cells.extend(Line(line.number, "") for edge in edges if left < edge < right)
    return cells


def read_simple_table(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """Read the simple table that begins at `index`; gives the index after it, or `index` when it is none."""
    top = lines[index].text.rstrip()
    last = max(
        (i for i in range(index + 1, _table_end(lines, index)) if is_simple_border(lines[i].text)), default=index
    )
    if last == index:
        return index
    starts = [match.start() for match in re.finditer(r"=+", top)]
    rows: list[Cells] = []
    for line in lines[index + 1 : last]:
        if not line.text.strip() or is_simple_border(line.text) or _SPAN_UNDERLINE.match(line.text):
            continue
        cells = _simple_cells(line, starts)
        if cells[0].text or not rows:
            rows.append([[] for _ in starts])
        for column, cell in zip(rows[-1], cells, strict=True):
            column.extend([cell] if cell.text else [])
    _add(reading, rows, place)
    return last + 1


def _table_end(lines: Sequence[Line], index: int) -> int:
    """The index after the last border of the table: a border that a blank line follows ends it, except the header's."""
    borders = 0
    for position in range(index, len(lines)):
        if is_simple_border(lines[position].text):
            borders += 1
            following = lines[position + 1].text.strip() if position + 1 < len(lines) else ""
            if borders >= 2 and not following:
                return position + 1
    return len(lines)


def _simple_cells(line: Line, starts: Sequence[int]) -> list[Line]:
    text = line.text
    cuts = [0]
    for start in starts[1:]:  # text that runs over the edge of its column stays with it
        edge = max(start, cuts[-1])
        while edge < len(text) and not text[edge - 1].isspace():
            edge += 1
        cuts.append(edge)
    return [Line(line.number, text[left:right].strip()) for left, right in pairwise([*cuts, len(text)])]


def read_list_table(reading: Reading, directive: Directive, place: Place) -> None:
    """A list whose items are rows, each a list whose items are cells."""
    rows = [_items(row) or [row] for row in _items(directive.body)]
    _add(reading, rows, place, reading.inline.one_line(directive.argument))


def _items(lines: Sequence[Line]) -> list[list[Line]]:
    """The bodies of the items of a bullet list."""
    items: list[list[Line]] = []
    column = 0
    for line in lines:
        match = _ITEM.match(line.text)
        if match:
            column = len(match.group())
            items.append([Line(line.number, line.text[column:])])
        elif items and line.text.strip():
            items[-1].append(Line(line.number, line.text[min(column, indentation(line.text)) :]))
    return items


def read_csv_table(reading: Reading, directive: Directive, place: Place) -> None:
    """Comma-separated values of the body, or of another file."""
    title = reading.inline.one_line(directive.argument)
    target = directive.options.get("file", "")
    found = next((path for path in include_candidates(reading.path, target) if path in reading.included), None)
    if found is None:
        if target or "url" in directive.options:
            reading.problem(directive.line, "a table that stands in another file was not found")
        _read_values(reading, directive, directive.body, place, title)
        return
    try:
        numbers = range(1, len(reading.included.lines(found)) + 1)
        reading.include(
            found, numbers, directive.line, place,
            lambda inner, lines, there: _read_values(inner, directive, lines, there, title),
        )  # fmt: skip
    except NotIncluded as error:
        reading.problem(directive.line, f"{error}: {target}")


def _read_values(reading: Reading, directive: Directive, body: Sequence[Line], place: Place, title: str) -> None:
    """Comma-separated values as a table; a header of the directive has the first line of the values."""
    delimiter = {"tab": "\t", "space": " ", "": ","}.get(directive.options.get("delim", ""), ",")
    lines = dedent([line for line in body if line.text.strip()])
    rows: list[Cells] = []
    if header := directive.options.get("header"):
        first = directive.line if body is directive.body or not lines else lines[0].number
        rows.append([[Line(first, cell.strip())] for cell in next(csv.reader([header], skipinitialspace=True))])
    rows += [[[cell] for cell in record] for record in separated(reading, lines, delimiter)]
    _add(reading, rows, place, title)
