"""Tables, whatever markup they are written in: rows of cells, each row with its lines, and comma-separated values."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from shared.docs.model import Block
from shared.docs.prose import Line
from shared.docs.reading import Place, Reading

Row = tuple[Sequence[str], Sequence[int]]
"""The texts of a row's cells as inline CommonMark, and the numbers of the lines they stand on."""


def add_table(reading: Reading, rows: Iterable[Row], place: Place, title: str = "") -> None:
    """Add a table of the rows that say something, each filled up to the width of the widest."""
    kept = [(texts, lines) for texts, lines in rows if lines and any(text.strip() for text in texts)]
    if kept:
        width = max(len(texts) for texts, _ in kept)
        even = tuple((*texts, *[""] * (width - len(texts))) for texts, _ in kept)
        spans = tuple((min(lines), max(lines)) for _, lines in kept)
        start, end = spans[0][0], spans[-1][1]
        reading.parts.append(Block("table", start, end, depth=place.depth, rows=even, row_lines=spans, title=title))


def separated(reading: Reading, lines: Sequence[Line], delimiter: str) -> Iterator[list[Line]]:
    """The values of each record, with the line the record begins on; what cannot be read is said as a problem."""
    filled = [line for line in lines if line.text.strip()]
    reader = csv.reader((line.text + "\n" for line in filled), delimiter=delimiter, skipinitialspace=True)
    begin = 0
    try:
        for record in reader:
            number = filled[min(begin, len(filled) - 1)].number
            yield [Line(number, " ".join(cell.split())) for cell in record]
            begin = reader.line_num
    except csv.Error as error:
        number = filled[begin].number if begin < len(filled) else 1
        reading.problem(number, f"a table cannot be read to its end: {error}")
