"""Blocks as lines of Markdown, each with its place. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median

from shared.docs.code_spans import code_span
from shared.docs.document_text import LinePlace
from shared.docs.pdf.blocks import Block
from shared.docs.pdf.layout import Line, is_broken_address, join_words
from shared.docs.pdf.pages import HYPHEN, Word
from shared.docs.plain_lines import as_line, escape

Placed = tuple[str, LinePlace]
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_OPENING, _CLOSING, _WRAPPED = re.compile(r"[([{]"), re.compile(r"[)\]}]"), re.compile(r"\([^\s()]+\)|[“‘].+[”’]")
_TYPESET = str.maketrans({"’": "'", "‘": "`", "−": "-", "ˆ": "^", "˜": "~", "∗": "*", "“": '"', "”": '"', "\xa0": " "})
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def write(blocks: Sequence[Block]) -> Iterator[Placed]:
    """The lines of the text in order; a blank line parts two blocks."""
    words = Counter(word.lower() for block in blocks for line in block.lines for word in _WORD.findall(line.text))
    before: Block | None = None
    for block in blocks:
        lines = list(_WRITERS.get(block.kind, _write_prose)(block, words))
        if not lines:
            continue
        if before is not None:
            is_list = before.kind == block.kind == "item"
            if not is_list:
                yield "", LinePlace(lines[0][1].page)
        yield from lines
        before = block


def _place(lines: Sequence[Line]) -> LinePlace:
    top = min(line.baseline - line.size for line in lines)
    bottom = max(line.baseline + line.size / 4 for line in lines)
    edges = min(line.left for line in lines), max(line.right for line in lines)
    return LinePlace(lines[0].page, round(edges[0], 1), round(max(top, 0.0), 1), round(edges[1], 1), round(bottom, 1))


def _write_heading(block: Block, words: Counter[str]) -> Iterator[Placed]:
    texts = _unbroken([escape(line.text) for line in block.lines], words)
    yield f"{'#' * block.level} {' '.join(text for text in texts if text)}", _place(block.lines)


def _write_prose(block: Block, words: Counter[str]) -> Iterator[Placed]:
    indent = "  " * block.level
    texts = _unbroken([_inline(row) for row in _rows(block)], words)
    hang = " " * (len(block.marker) + 1) if block.marker else ""
    begun = False
    for line, text in zip(block.lines, texts, strict=True):
        if text:
            mark = hang if begun else f"{block.marker} " if block.marker else ""
            yield indent + mark + as_line(text), _place([line])
            begun = True


def _rows(block: Block) -> list[list[Word]]:
    """The words of each line, without the marker, and with an address whole on the line that it begins on."""
    rows = [list(line.words) for line in block.lines]
    rows[0] = rows[0][bool(block.marker) :]
    above = rows[0]
    for row in rows[1:]:
        if above and is_broken_address(above[-1]) and row[0].font.mono:
            above[-1] = above[-1]._replace(text=above[-1].text + row.pop(0).text)
        above = row or above
    return rows


def _inline(words: Sequence[Word]) -> str:
    """Words of one line as inline CommonMark; those of fixed width among others are code, raised digits are raised."""
    text, before = "", None
    for run in _runs(words):
        said = join_words(run)
        first = run[0]
        gap = before is not None and len(join_words([before, first])) > len(before.text + first.text)
        if first.font.mono and not said.endswith(HYPHEN):
            said = _as_code(said)
        elif before is not None and said.isdecimal() and before.baseline - first.baseline > 0.2 * before.size:
            said = said.translate(_RAISED)
        else:
            said = escape(said)
        text += f" {said}" if gap else said
        before = run[-1]
    return text


def _runs(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words of one font and size each; a comma ends a run of code, unless a bracket is open."""
    for _, group in groupby(words, key=lambda word: (word.font.mono, word.size)):
        run: list[Word] = []
        for word in group:
            run.append(word)
            said = "".join(one.text for one in run)
            if word.font.mono and said.endswith(",") and len(_OPENING.findall(said)) <= len(_CLOSING.findall(said)):
                yield run
                run = []
        if run:
            yield run


def _as_code(text: str) -> str:
    """A code span, with the marks of the sentence around it outside."""
    start, end = int(len(text) > 1 and text[0] in "“‘"), len(text)
    while end > start + 1 and _ends_outside(text[start:end]):
        end -= 1
    while start < end - 1 and (text[start] in "\"'“‘" or (text[start] in "([" and text[end - 1] not in ")]")):
        start += 1
    while _WRAPPED.fullmatch(text[start:end]):
        start, end = start + 1, end - 1
    return f"{escape(text[:start])}{code_span(text[start:end].translate(_TYPESET))}{escape(text[end:])}"


def _ends_outside(text: str) -> bool:
    """Whether the last sign belongs to the sentence around a text: a stop, or a bracket that the text does not open."""
    if opening := {")": "(", "]": "["}.get(text[-1]):
        return text.count(opening) < text.count(text[-1])
    return text[-1] in ".,;:!?\"'”’" and not text.endswith("...")


def _unbroken(texts: Sequence[str], words: Counter[str]) -> list[str]:
    """The lines of one paragraph, with each word that was broken at the end of a line whole on that line."""
    whole = list(texts)
    for index in range(len(whole) - 1):
        text = whole[index]
        if text.endswith((HYPHEN, "-")) and text[-2:-1].isalpha() and whole[index + 1][:1].islower():
            rest, _, following = whole[index + 1].partition(" ")
            head = text[:-1].rpartition(" ")[2]
            whole[index] = text[:-1] + ("-" if _keeps_hyphen(head, rest, words) else "") + rest
            whole[index + 1] = following
    return [text.replace(HYPHEN, "-") for text in whole]


def _keeps_hyphen(head: str, rest: str, words: Counter[str]) -> bool:
    """Whether the hyphen between two parts of a word belongs to the word, by the other words of the document."""
    first, second = _WORD.findall(head.lower())[-1:], _WORD.findall(rest.lower())[:1]
    if not first or not second:
        return True
    whole, parted = words[first[0] + second[0]], words[f"{first[0]}-{second[0]}"]
    if whole or parted:
        return parted > whole
    return "-" in first[0] or (words[first[0]] > 1 and words[second[0]] > 1 and len(first[0]) > 2)


def _write_code(block: Block, words: Counter[str]) -> Iterator[Placed]:
    texts = list(_code_lines(block.lines))
    fence = "`" * max(3, 1 + max((len(run) for text, _ in texts for run in re.findall("`+", text)), default=0))
    yield fence + ("text" if block.kind == "formula" else ""), LinePlace(block.lines[0].page)
    yield from texts
    yield fence, LinePlace(block.lines[-1].page)


def _code_lines(lines: Sequence[Line]) -> Iterator[Placed]:
    """Lines of fixed width with their indentation, and the blank lines that their distances leave room for."""
    width = median((word.right - word.left) / len(word.text) for line in lines for word in line.words)
    steps = [b.baseline - a.baseline for a, b in pairwise(lines) if a.page == b.page and b.baseline > a.baseline]
    leading = min([*steps, 1.35 * lines[0].size])
    lefts: dict[tuple[int, tuple[float, float]], float] = {}
    for line in lines:
        place = (line.page, line.column)
        lefts[place] = min(line.left, lefts.get(place, line.left))
    before: Line | None = None
    for line in lines:
        if before is not None and before.page == line.page and line.baseline > before.baseline:
            for _ in range(min(3, round((line.baseline - before.baseline) / leading) - 1)):
                yield "", LinePlace(line.page)
        yield _in_columns(line.words, lefts[line.page, line.column], width), _place([line])
        before = line


def _in_columns(words: Iterable[Word], left: float, width: float) -> str:
    text, before = "", None
    for word in words:
        column = round((word.left - left) / width)
        apart = before is not None and word.left - before.right > 0.12 * word.size
        text += " " * max(column - len(text), int(apart)) + word.text
        before = word
    return text.translate(_TYPESET).replace(HYPHEN, "-")


def _write_table(block: Block, words: Counter[str]) -> Iterator[Placed]:
    for index, (row, lines) in enumerate(zip(block.rows, block.row_lines, strict=True)):
        cells = [_inline(cell).replace(HYPHEN, "-") if cell else "" for cell in row]
        yield f"| {' | '.join(cells)} |", _place(lines)
        if not index:
            yield "|" + " --- |" * len(row), LinePlace(lines[0].page)


_WRITERS = {"heading": _write_heading, "code": _write_code, "table": _write_table, "formula": _write_code}
