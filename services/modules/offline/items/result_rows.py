"""Tables of cases: what follows from the values of a row, among what follows from those of other rows."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from services.modules.offline.items.options import ask_choice, digest
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import word_stems
from services.modules.offline.items.taught_text import TaughtText
from shared.course.plain_text import drop_targets, show_plain
from shared.docs.model import Block
from shared.engine.types import Span

_FEWEST_ROWS, _MOST_ROWS, _FEWEST_RESULTS, _MOST_WORDS = 3, 60, 3, 8
_RESULT = re.compile(
    r"result|output|\bafter|allow|match|mapped|becom|passed|resolv|render|inferr|yield|return|gives|equivalent|evaluat"
    r"|expan|generat|interpret|selected|relative path|logical path|url$",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\W*\d+(?:[.,]\d+)?\W*")
_SIGN = re.compile(r"[\d`^~*<>=/$\"'\[\]{}]")
_MARK = re.compile(r"[¹²³⁴-⁹]|\\?\[\d+\\?\]|\W*")


def ask_results(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each row whose last columns follow from its first ones. Code before a table decides, too."""
    for block in takewhile(lambda block: block.kind != "code", one.section.blocks):
        if block.kind == "table" and _FEWEST_ROWS < len(block.rows) <= _MOST_ROWS and all(block.rows[0]):
            rows = [tuple(" ".join(drop_targets(cell).split()) for cell in row) for row in block.rows]
            given = 0 if _is_told_twice(block, one) else _count_given(rows)
            for column in range(given, len(rows[0])) if given else ():
                yield from _ask_column(one, said, block, rows, given, column)


def _is_told_twice(block: Block, one: TaughtSection) -> bool:
    """Whether another table of the section has a row for a case of this one: then something else decides, too."""
    tables = [other for other in one.section.blocks if other.kind == "table" and other != block]
    return bool({row[0] for row in block.rows[1:]} & {row[0] for other in tables for row in other.rows[1:] if row})


def _count_given(rows: Sequence[tuple[str, ...]]) -> int:
    """How many of the first columns it takes to tell each row from each other one; 0 where they are no values.

    The last column of a narrow table follows from all others.
    """
    header, *cases = rows
    if any(len(row) != len(header) for row in rows):
        return 0
    told = (n for n in range(1, len(header)) if len({row[:n] for row in cases}) == len(cases))
    given = next(told, 0)
    given = len(header) - 1 if given and len(header) <= _FEWEST_ROWS else given
    signs = sum(any(_SIGN.search(cell) for cell in row[:given]) for row in cases)
    return given if signs * 2 > len(cases) else 0


def _ask_column(
    one: TaughtSection, said: TaughtText, block: Block, rows: Sequence[tuple[str, ...]], given: int, column: int
) -> Iterator[Question]:
    header, *cases = rows
    if not _RESULT.search(show_plain(header[column])) or not _are_results([row[column] for row in cases]):
        return
    told = [
        ", ".join(f"{name} {_show(cell)}" for name, cell in zip(header[:given], row, strict=False)) for row in cases
    ]
    path = block.file(one.path)
    options = [
        Choice(_show(row[column]), f"{case} gives this.", (Span(path=path, start_line=start, end_line=end),))
        for row, case, (start, end) in zip(cases, told, block.row_lines[1:], strict=True)
    ]
    for case, key in zip(told, options, strict=True):
        others = sorted((o for o in options if o.text != key.text), key=lambda o: digest(case + o.text))
        stems = word_stems(one, f"take {case}. What follows for {header[column]}?", alone=True)
        yield from ask_choice("what_happens", one, said, stems, key, others, ranked=True, lines=True)


def _are_results(cells: Sequence[str]) -> bool:
    """Whether cells are values of some variety: short, and code or figures."""
    signs = sum(bool(_SIGN.search(cell)) for cell in cells)
    return (
        len(set(cells)) >= _FEWEST_RESULTS
        and signs * 2 > len(cells)
        and not all(map(_FIGURE.fullmatch, cells))
        and all(not _MARK.fullmatch(cell) and len(show_plain(cell).split()) <= _MOST_WORDS for cell in cells)
    )


def _show(cell: str) -> str:
    """A value as code, unless it is code or words."""
    return cell if "`" in cell or not _SIGN.search(cell) else f"`{cell}`"
