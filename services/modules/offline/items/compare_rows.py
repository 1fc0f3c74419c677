"""Compare: what tells the rows or the columns of a table apart."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.modules.offline.items.clauses import is_clear
from services.modules.offline.items.entries import Entry, Group, find_groups, names_itself
from services.modules.offline.items.options import choose_options, normal, split_words
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import drop_targets, show_plain
from shared.docs.model import Block
from shared.engine.types import Span

_ALIKE = 0.5
_MOST_ROWS, _MOST_CELL_WORDS = 14, 8
_YES = frozenset({"yes", "✅", "✓", "✔", "✔️", "x", "true", "supported", "✅ yes", "y"})
_NO = frozenset({"no", "❌", "✗", "✘", "-", "–", "—", "", "false", "unsupported", "not supported", "❌ no", "n"})
_FIGURE = re.compile(r"[\d.,\s%€$-]+")


@dataclass(frozen=True)
class _Row:
    cells: tuple[str, ...]
    span: Span


def ask_comparisons(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """Questions about tables of at least three columns and rows, and about things told in nearly the same words."""
    for group in said.recall(find_groups, one):
        yield from _ask_alike(one, said, group)
    for block in one.section.blocks:
        if block.kind == "table" and len(block.rows[0]) >= 3 and 4 <= len(block.rows) <= _MOST_ROWS:
            header = [_clean(cell) for cell in block.rows[0]]
            rows = _read_rows(one, block)
            if len(rows) >= 3 and all(header):
                yield from _ask_differences(one, said, header, rows)
                yield from _ask_cells(one, said, header, rows)


def _ask_alike(one: TaughtSection, said: TaughtText, group: Group) -> Iterator[Question]:
    """What is true of one thing, beside what is said of others in nearly the same words."""
    for entry in group.entries:
        alike = [other for other in group.entries if other is not entry and _are_alike(entry.text, other.text)]
        if alike and is_clear(entry.text, 4, 24, loaded=True) and not names_itself(entry.name, entry.text):
            stem = f"Which of these describes {entry.name} rather than {alike[0].name}?"
            others = [*alike, *(o for o in group.entries if o is not entry and o not in alike)]
            choices = [_entry_choice(other) for other in others]
            yield from _ask(one, said, stem, _entry_choice(entry, is_key=True), choices)


def _entry_choice(entry: Entry, *, is_key: bool = False) -> Choice:
    lead = "Right: " if is_key else "No: "
    return Choice(entry.text, f"{lead}that is {entry.name}.", (entry.span,), is_key)


def _are_alike(one: str, other: str) -> bool:
    a, b = split_words(one), split_words(other)
    return a != b and len(a & b) >= _ALIKE * max(len(a), len(b))


def _ask_differences(
    one: TaughtSection, said: TaughtText, header: Sequence[str], rows: Sequence[_Row]
) -> Iterator[Question]:
    """What one column has and another one has not."""
    for has in range(1, len(header)):
        for lacks in range(1, len(header)):
            key = [row for row in rows if _truth(row.cells[has]) is True and _truth(row.cells[lacks]) is False]
            others = [row for row in rows if _truth(row.cells[has]) is False or _truth(row.cells[lacks]) is True]
            if has == lacks or not key or len(key) + len(others) < len(rows):
                continue
            stem = f"Which of these does {header[has]} have that {header[lacks]} lacks?"
            choices = [_row_choice(row, header, has, lacks) for row in others]
            for row in key[:1]:
                yield from _ask(one, said, stem, _row_choice(row, header, has, lacks, is_key=True), choices)


def _ask_cells(one: TaughtSection, said: TaughtText, header: Sequence[str], rows: Sequence[_Row]) -> Iterator[Question]:
    """What a column has in the row that two other cells name, where cells repeat: a table of decisions."""
    for out in range(2, len(header)):
        values = list(dict.fromkeys(normal(row.cells[out]) for row in rows))
        if not 3 <= len(values) < len(rows) or any(
            _FIGURE.fullmatch(v) or len(v.split()) > _MOST_CELL_WORDS for v in values
        ):
            continue
        for row in rows:
            named = [i for i in range(out) if row.cells[i] and _repeats(row, rows, i)][:2]
            same = [other for other in rows if all(other.cells[i] == row.cells[i] for i in named)]
            if len(named) == 2 and len(same) == 1 and row.cells[out]:
                case = " and ".join(f"{header[i]} is {row.cells[i]}" for i in named)
                stem = f"{case[0].upper()}{case[1:]}. What is there under {header[out]}?"
                others = {normal(o.cells[out]): o for o in rows if normal(o.cells[out]) != normal(row.cells[out])}
                choices = [_cell_choice(o, header, named, out) for o in others.values()]
                yield from _ask(one, said, stem, _cell_choice(row, header, named, out, is_key=True), choices)


def _ask(one: TaughtSection, said: TaughtText, stem: str, key: Choice, others: Sequence[Choice]) -> Iterator[Question]:
    options = choose_options(one, stem, key, others, said, [span for other in others for span in other.spans])
    if options:
        yield Question(
            form="compare",
            kind="single_choice",
            stem=stem,
            options=options,
            explanation=key.feedback.removeprefix("Right: "),
            spans=key.spans,
            document_id=one.document_id,
            section_id=one.section.id,
            bloom="analyze",
        )


def _row_choice(row: _Row, header: Sequence[str], has: int, lacks: int, *, is_key: bool = False) -> Choice:
    lead = "Right: " if is_key else "No: "
    told = f"{header[has]}: {row.cells[has] or '–'}, {header[lacks]}: {row.cells[lacks] or '–'}"
    return Choice(row.cells[0], f"{lead}{told}.", (row.span,), is_key)


def _cell_choice(row: _Row, header: Sequence[str], named: Sequence[int], out: int, *, is_key: bool = False) -> Choice:
    lead = "Right: " if is_key else "No, that is so where "
    told = " and ".join(f"{header[i]} is {row.cells[i]}" for i in named)
    return Choice(row.cells[out], f"{lead}{told}.", (row.span,), is_key)


def _repeats(row: _Row, rows: Sequence[_Row], at: int) -> bool:
    """Whether a cell alone does not tell the row."""
    return sum(1 for other in rows if other.cells[at] == row.cells[at]) > 1


def _read_rows(one: TaughtSection, block: Block) -> list[_Row]:
    width = len(block.rows[0])
    return [
        _Row(tuple(_clean(cell) for cell in row), Span(path=one.path, start_line=start, end_line=end))
        for row, (start, end) in zip(block.rows[1:], block.row_lines[1:], strict=True)
        if len(row) == width and row[0].strip() and not _FIGURE.fullmatch(show_plain(row[0]))
    ]


def _clean(cell: str) -> str:
    return " ".join(drop_targets(cell).split()).strip("*¹²³ ")


def _truth(cell: str) -> bool | None:
    plain = show_plain(cell).lower().strip()
    return True if plain in _YES else False if plain in _NO else None
