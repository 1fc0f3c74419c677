"""From the lines of a document to its blocks: paragraphs, items of lists, code, tables and formulas. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from shared.docs.pdf.headings import Found
from shared.docs.pdf.layout import Line, is_broken_address, is_bullet
from shared.docs.pdf.pages import HYPHEN, Word

Kind = Literal["heading", "paragraph", "item", "code", "table", "formula", "note"]
_ITEM_NUMBER = re.compile(r"\(?(\d{1,2}|[a-z]|[ivx]{1,4})[.)]")
_ENDS = re.compile(r"[.!?:;][\"'”’)\]]*$")
_CAPTION = re.compile(r"^(?:fig(?:ure|\.)|table|listing|algorithm|abbildung|tabelle|tableau)\s*[\dA-Z]", re.IGNORECASE)
_EQUATION_NUMBER = re.compile(r"\(\d+(?:\.\d+)*[a-z]?\)$")
_COMMENT = re.compile(r"#|//|/\*|--|%|;")
_TABLE_GAP = 1.2
_SHORT = 40


@dataclass
class Block:
    """A block and its lines. `level` is that of a heading, or the depth of an item, whose `marker` begins it.

    A row of a table has a list of words for each of its columns; `rows` are parallel to `row_lines`.
    """

    kind: Kind
    lines: list[Line]
    level: int = 0
    marker: str = ""
    text_left: float = 0.0
    rows: list[list[list[Word]]] = field(default_factory=list)
    row_lines: list[list[Line]] = field(default_factory=list)


def blocks_of(lines: Sequence[Line], headings: Sequence[Found], size: float) -> list[Block]:
    """The blocks of a document in reading order; a paragraph that goes on over the end of a page is one."""
    starts = {id(one.lines[0]): one for one in headings}
    maker = _Maker(size, _leading(lines, size))
    index = 0
    while index < len(lines):
        if heading := starts.get(id(lines[index])):
            maker.blocks.append(Block("heading", list(heading.lines), level=heading.level))
            index += len(heading.lines)
            continue
        if table := _table(lines, index, starts):
            maker.blocks.append(table)
            index += sum(len(part) for part in table.row_lines)
            continue
        maker.add(lines[index], lines[index + 1] if index + 1 < len(lines) else None)
        index += 1
    return _joined(maker.blocks)


def _leading(lines: Sequence[Line], size: float) -> float:
    """The usual distance of two lines of the text."""
    steps = Counter(
        round(line.baseline - before.baseline, 1)
        for before, line in pairwise(lines)
        if before.page == line.page
        and before.size == line.size == size
        and size * 0.9 < line.baseline - before.baseline < size * 3
    )
    return steps.most_common(1)[0][0] if steps else 1.2 * size


class _Maker:
    """Adds lines to the block they belong to."""

    def __init__(self, size: float, leading: float) -> None:
        self.blocks: list[Block] = []
        self._size, self._leading = size, leading

    def add(self, line: Line, following: Line | None) -> None:
        """Add a line that is neither of a heading nor of a table."""
        last = self.blocks[-1] if self.blocks else None
        before = last.lines[-1] if last else None
        if self._is_code(line, last, following):
            if last and last.kind == "code" and before and self._step(before, line) < 4 * line.size:
                last.lines.append(line)
            else:
                self.blocks.append(Block("code", [line]))
        elif self._is_formula(line, last):
            if last and last.kind == "formula":
                last.lines.append(line)
            else:
                self.blocks.append(Block("formula", [line]))
        elif item := self._item(line, last):
            self.blocks.append(item)
        elif last and before and last.kind in ("paragraph", "item", "note") and self._goes_on(last, before, line):
            last.lines.append(line)
        else:
            note = line.size < 0.93 * self._size or _CAPTION.match(line.text)
            self.blocks.append(Block("note" if note else "paragraph", [line]))

    def _step(self, before: Line, line: Line) -> float:
        """How far below another a line stands; far, if it does not stand below on the same page."""
        step = line.baseline - before.baseline
        return step if line.page == before.page and step > 0 else 1000.0

    def _is_code(self, line: Line, last: Block | None, following: Line | None) -> bool:
        if (
            last
            and last.kind == "code"
            and line.share("mono") > 0.5
            and self._step(last.lines[-1], line) < 2 * line.size
        ):
            return line.is_mono or line.left >= min(one.left for one in last.lines) - 1
        if not (line.is_mono or _has_comment(line)):
            return False
        if last and last.kind in ("paragraph", "item"):
            before = last.lines[-1]
            goes_on = not _ENDS.search(before.text) or is_broken_address(before.words[-1])
            in_flow = goes_on and self._step(before, line) <= 1.05 * self._leading
            wraps = before.right > line.column[1] - 0.2 * (line.column[1] - line.column[0])
            aligned = min(abs(line.left - left) for left in (last.text_left or before.left, line.column[0])) < 1
            prose_next = (
                following is not None and not following.is_mono and self._step(line, following) <= 1.05 * self._leading
            )
            is_prose = prose_next or len(line.words) < 2 or line.text.endswith(".")
            return not (in_flow and wraps and aligned and is_prose)
        return True

    def _is_formula(self, line: Line, last: Block | None) -> bool:
        goes_on = last is not None and last.kind == "formula" and self._step(last.lines[-1], line) < 2 * self._leading
        numbered = _EQUATION_NUMBER.search(line.text) is not None
        return line.share("math") > (0.5 if not numbered and not (goes_on and line.characters < _SHORT) else 0.15)

    def _item(self, line: Line, last: Block | None) -> Block | None:
        """A new item of a list, if the line begins with a mark of one."""
        if len(line.words) < 2:
            return None
        mark, text_left = line.words[0].text, line.words[1].left
        number = _ITEM_NUMBER.fullmatch(mark) or (_in_circle(line) and re.fullmatch(r"(\d{1,2})", mark))
        if not number and not is_bullet(line.words[0]):
            return None
        before = last.lines[-1] if last else None
        if last and before and last.kind in ("paragraph", "note"):
            apart = (
                self._step(before, line) > 1.2 * self._leading or abs(line.left - last.lines[0].left) > 0.5 * line.size
            )
            if not apart and not _ENDS.search(before.text):
                return None
        if mark in "–—-*" and text_left - line.words[0].right < 0.1 * line.size:
            return None
        depth = 0
        for block in reversed(self.blocks):
            if block.kind not in ("item", "code", "note"):
                break
            if block.kind == "item":
                left = block.lines[0].left
                depth = block.level + 1 if line.left > left + 0.6 * line.size else block.level
                if line.left > left - 0.6 * line.size:
                    break
                depth = max(0, block.level - 1)
        return Block("item", [line], depth, f"{number[1]}." if number and number[1].isdigit() else "-", text_left)

    def _goes_on(self, block: Block, before: Line, line: Line) -> bool:
        """Whether a line goes on with the paragraph or item before it, on the same page."""
        step = self._step(before, line)
        if (
            step > 1.3 * self._leading * max(line.size, before.size) / self._size
            or not 0.92 < line.size / before.size < 1.09
        ):
            return False
        if block.kind == "item":
            return line.left > block.lines[0].left + 0.3 * line.size
        first = block.lines[0]
        usual = block.lines[1].left if len(block.lines) > 1 else min(first.left, before.column[0])
        indented = line.left > max(usual, before.left) + 0.7 * line.size
        if indented and len(block.lines) == 1 and before.left < line.left:
            indented = _ENDS.search(before.text) is not None  # else a hanging indent
        fits = before.right + (line.words[0].right - line.words[0].left) + 2.5 * line.size < before.column[1]
        return not indented and not (fits and _ENDS.search(before.text))


def _in_circle(line: Line) -> bool:
    """Whether a line of usual size begins with a smaller word apart from the next, as numbers in circles do."""
    mark, text = line.words[:2]
    return mark.size < 0.7 * text.size and text.left - mark.right > 0.4 * text.size


def _has_comment(line: Line) -> bool:
    """Whether a line is code, and then a comment in another font; the mark of the comment may have either."""
    other = next((at for at, word in enumerate(line.words) if not word.font.mono), 0)
    return other > 0 and bool(
        _COMMENT.match(line.words[other].text) or (other > 1 and _COMMENT.fullmatch(line.words[other - 1].text))
    )


def _table(lines: Sequence[Line], index: int, starts: Mapping[int, Found]) -> Block | None:
    """The table that begins here, if the cells of the next lines stand in columns."""
    run: list[Line] = []
    for line in lines[index:]:
        before = run[-1] if run else line
        near = (
            line.page == before.page
            and line.column == before.column
            and line.baseline - before.baseline < 3 * line.size
        )
        if not near or id(line) in starts or line.is_mono or line.share("math") > 0.6:
            break
        if len(line.cells(_TABLE_GAP)) < 2 and (not run or not _in_one_column(line, run)):
            break
        run.append(line)
    while run and len(run[-1].cells(_TABLE_GAP)) < 2:
        run.pop()
    if sum(len(line.cells(_TABLE_GAP)) >= 2 for line in run) < 3:
        return None
    columns = _columns([(cell[0].left, cell[-1].right) for line in run for cell in line.cells(_TABLE_GAP)])
    if len(columns) < 2:
        return None
    marks = [line.words[0] for line in run if line.words[0].left < columns[0][1]]
    if all(is_bullet(mark) or _ITEM_NUMBER.fullmatch(mark.text) for mark in marks):
        return None
    table = Block("table", run)
    for line in run:
        cells: list[list[Word]] = [[] for _ in columns]
        for word in line.words:
            cells[next(i for i, (_, right) in enumerate(columns) if word.left < right or i == len(columns) - 1)].append(
                word
            )
        if not cells[0] and table.rows and line.baseline - table.row_lines[-1][-1].baseline < 1.5 * line.size:
            table.rows[-1] = [[*above, *below] for above, below in zip(table.rows[-1], cells, strict=True)]
            table.row_lines[-1].append(line)
        else:
            table.rows.append(cells)
            table.row_lines.append([line])
    filled = sum(bool(cell) for row in table.rows for cell in row) / (len(table.rows) * len(columns))
    return table if len(table.rows) > 1 and filled > 0.5 else None


def _in_one_column(line: Line, run: Sequence[Line]) -> bool:
    """Whether a line without gaps stands below one cell of the lines above."""
    columns = _columns([(cell[0].left, cell[-1].right) for one in run for cell in one.cells(_TABLE_GAP)])
    return (
        any(left - line.size < line.left and line.right < right + 4 * line.size for left, right in columns)
        and len(columns) > 1
    )


def _columns(spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Spans that overlap, as one."""
    columns: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if columns and left < columns[-1][1] + 1:
            columns[-1] = (columns[-1][0], max(columns[-1][1], right))
        else:
            columns.append((left, right))
    return columns


def _joined(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with a paragraph or code that the end of a column or page parted as one again."""
    joined: list[Block] = []
    for block in blocks:
        earlier = next(_open_blocks(joined, block), None)
        if earlier is not None:
            earlier.lines += block.lines
        else:
            joined.append(block)
    return joined


def _open_blocks(joined: Sequence[Block], block: Block) -> Iterator[Block]:
    """The block that another goes on with, after the end of a column."""
    line = block.lines[0]
    for earlier in reversed(joined):
        last = earlier.lines[-1]
        if earlier.kind in ("note", "table") and block.kind == "paragraph":
            continue
        turned = (line.page, line.column) != (last.page, last.column) and line.page - last.page <= 1
        if block.kind == "paragraph" and earlier.kind in ("paragraph", "item") and turned:
            starts_small = line.text[:1].islower()
            cut = last.text.endswith((HYPHEN, "-", ",")) or not _ENDS.search(last.text)
            full = last.right > last.column[1] - 3 * last.size
            if (
                cut
                and (starts_small or (full and abs(line.left - line.column[0]) < 1))
                and 0.95 < line.size / last.size < 1.05
            ):
                yield earlier
        elif block.kind == "code" and earlier.kind == "code" and line.page == last.page + 1:
            yield earlier
        return
