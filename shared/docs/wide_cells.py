"""Cells of tables of HTML that are several columns wide or rows high, in each place that they fill. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

_MOST, _MOST_TIMES = 20, 8
"""Columns and rows of one cell, and how many times as many places as cells a table may fill."""
_Cell = TypeVar("_Cell")


def read_span(written: str) -> int:
    """How many columns or rows a `colspan` or `rowspan` says; 1 where it says nothing."""
    return min(int(written), _MOST) if re.fullmatch(r"[1-9]\d{0,4}", written) else 1


def spread(rows: Iterable[Sequence[tuple[_Cell, int, int]]], empty: _Cell) -> list[list[_Cell]]:
    """Rows of (cell, columns, rows) as rows of cells. A cell that is as wide as its row has `empty` ones beside it."""
    found: list[list[_Cell]] = []
    above: dict[int, tuple[_Cell, int]] = {}  # by column: the cell that reaches into the row, and how many rows far
    every = [*rows]
    left = _MOST_TIMES * sum(map(len, every))
    for cells in every:
        row: list[_Cell] = []
        below: dict[int, tuple[_Cell, int]] = {}
        for cell, columns, height in (*cells, (empty, 0, 1)):
            while reaching := above.get(len(row)):
                below[len(row)] = reaching[0], reaching[1] - 1
                row.append(reaching[0])
            columns, height = (columns, height) if columns * height <= left else (min(columns, 1), 1)
            left -= columns * height
            below |= dict.fromkeys(range(len(row), len(row) + columns), (cell, height - 1))
            row += [cell] * columns
        above = {column: one for column, one in below.items() if one[1]}
        found.append([*row[:1], *[empty] * (len(row) - 1)] if len(cells) == 1 and cells[0][1] == len(row) else row)
    return found
