"""From the words of a page to its lines in reading order: columns first, then rows of words. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from shared.docs.pdf.pages import Page, Word

_DEEPEST = 3
_MOSTLY = 0.7
_FEWEST_NUMBERED = 4
_GRID = 3.0
_EDGE = 0.15  # of a page's height: where running heads stand
_NUMBER = re.compile(r"(?:page\s+)?[-–—\s]*(\d{1,4}|[ivxlc]{1,7})[-–—\s]*(?:(?:/|of)\s*\d{1,4})?", re.IGNORECASE)
_LEADERS = re.compile(r"\w.*(?:\.\s?){5,}\s*(?:\d{1,4}|[ivxlc]{1,7})?$")
_BULLET = re.compile(r"[•‣◦▪▫●○■□◆◇➢➤✓✔∗·⋄▶►–—*-]|[\ue000-\uf8ff]")
_AT_AN_END = re.compile(r"^(\d{1,4})\b|\b(\d{1,4})$")


@dataclass(eq=False)
class Line:
    """A line of one column: its words from left to right; `column` is the left and right edge of the column."""

    page: int
    words: list[Word]
    column: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def largest(self) -> Word:
        """The word that gives the line its size and baseline: of the size that most of its characters have."""
        sizes: Counter[float] = Counter()
        for word in self.words:
            sizes[word.size] += len(word.text)
        size = max(sizes, key=lambda one: (sizes[one], one))
        return next(word for word in self.words if word.size == size)

    @property
    def size(self) -> float:
        """The size of most of its characters."""
        return self.largest.size

    @property
    def baseline(self) -> float:
        """Its distance from the top of the page."""
        return self.largest.baseline

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].left

    @cached_property
    def right(self) -> float:
        """Where it ends."""
        return max(word.right for word in self.words)

    @cached_property
    def text(self) -> str:
        """Its words with a space where a gap is seen."""
        return join_words(self.words)

    @cached_property
    def characters(self) -> int:
        """How many characters its words have."""
        return sum(len(word.text) for word in self.words)

    def share(self, trait: str) -> float:
        """The share of its characters whose font has this trait."""
        return sum(len(word.text) for word in self.words if getattr(word.font, trait)) / self.characters

    @cached_property
    def is_mono(self) -> bool:
        """Whether its font has fixed width."""
        return self.share("mono") > 0.9

    @cached_property
    def is_bold(self) -> bool:
        """Whether nearly all of it is bold."""
        return self.share("bold") > 0.8

    def cells(self, gap: float) -> list[list[Word]]:
        """Its words in groups that are `gap` times its size apart."""
        return split_at_gaps(self.words, gap)


def join_words(words: Sequence[Word]) -> str:
    """The words as text; a word may begin where another ends, and a cell go on in the next row."""
    texts = [words[0].text] if words else []
    for before, word in pairwise(words):
        apart = word.left - before.right > 0.12 * min(before.size, word.size) or word.left < before.left
        texts.append(" " if apart else "")
        texts.append(word.text)
    return "".join(texts)


def is_bullet(word: Word) -> bool:
    """Whether a word is a sign that begins an item of a list; fonts of symbols have letters for such signs."""
    return _BULLET.fullmatch(word.text) is not None or (word.font.symbols and len(word.text) == 1)


def is_broken_address(word: Word) -> bool:
    """Whether the last word of a line is an address that may go on with the next line."""
    return word.font.mono and "://" in word.text and word.text[-1] in "/.-_?&=#"


def split_at_gaps(words: Sequence[Word], gap: float) -> list[list[Word]]:
    """The words of one row in groups, parted where the white between two is more than `gap` times their size."""
    groups = [[words[0]]]
    for word in words[1:]:
        before = groups[-1][-1]
        if word.left - before.right > gap * max(word.size, before.size):
            groups.append([])
        groups[-1].append(word)
    return groups


def lines_of(page: Page) -> list[Line]:
    """The lines of a page in reading order."""
    lines: list[Line] = []
    for region in _regions(list(page.words), 0):
        found = [Line(page.number, row) for row in _without_numbers(_rows(region))]
        prose = [line for line in found if not line.is_mono] or found
        edges = (min(line.left for line in prose), max(line.right for line in prose))
        for line in found:
            line.column = edges
        lines += found
    return lines


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """Words on one baseline, raised and lowered ones with them; rows from the top, words from the left."""
    rows: list[list[Word]] = []
    near: dict[int, list[list[Word]]] = defaultdict(list)
    for word in sorted(words, key=lambda one: (-one.size, one.baseline, one.left)):
        place = int(word.baseline // 8)
        row = next((row for key in (place, place - 1, place + 1) for row in near[key] if _belongs(word, row)), None)
        if row is None:
            row = []
            rows.append(row)
            near[place].append(row)
        row.append(word)
    rows.sort(key=lambda row: row[0].baseline)
    return [sorted(row, key=lambda word: word.left) for row in rows]


def _belongs(word: Word, row: Sequence[Word]) -> bool:
    """Whether a word stands in a row of words that are as large or larger."""
    main = row[0]
    offset = word.baseline - main.baseline
    if abs(offset) <= 0.2 * word.size:
        return True
    if word.size > 0.85 * main.size or word.size < 0.4 * main.size or not -0.5 <= offset / main.size <= 0.3:
        return False
    return min(max(one.left - word.right, word.left - one.right) for one in row) < 0.8 * main.size


def _regions(words: list[Word], depth: int) -> list[list[Word]]:
    """The words of a page in parts that are read one after the other: columns, and what stands across them."""
    if not words:
        return []
    segments = [Line(0, group) for row in _rows(words) for group in split_at_gaps(row, 0.9)]
    gutter = _gutter(segments) if depth < _DEEPEST else None
    if gutter is None:
        return [words]
    regions: list[list[Word]] = []
    across: list[Word] = []
    for band in _bands(segments, gutter):
        sides = _sides(band, gutter)
        if all(map(_are_columns, sides)) or _is_code_beside_prose(*sides):
            if across:
                regions.append(across)
            for side in sides:
                regions += _regions([word for segment in side for word in segment.words], depth + 1)
            across = []
        else:
            across = across + [word for segment in band for word in segment.words]
    return [*regions, across] if across else regions


def _sides(segments: Sequence[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    """The segments left and right of a gutter that none of them crosses."""
    return [one for one in segments if one.right <= gutter + 1], [one for one in segments if one.left >= gutter - 1]


def _gutter(segments: Sequence[Line]) -> float | None:
    """Where a page is best parted into two columns, if it is."""
    left, right = min(one.left for one in segments), max(one.right for one in segments)
    width = right - left
    prose = [one for one in segments if one.characters >= 15]
    if len(prose) < 8:
        return None
    best, places = 3, []
    for step in range(int(width * 0.2 / _GRID), int(width * 0.8 / _GRID) + 1):
        x = left + step * _GRID
        before = sum(1 for one in prose if one.right <= x + 1)
        after = sum(1 for one in prose if one.left >= x - 1)
        score = 2 * min(before, after) - (len(prose) - before - after)
        if score > best:
            best, places = score, [x]
        elif score == best:
            places.append(x)
    return places[len(places) // 2] if places and best > 3 else None


def _bands(segments: Sequence[Line], gutter: float) -> list[list[Line]]:
    """The segments from the top, parted where one crosses the gutter: that one is a band of its own."""
    bands: list[list[Line]] = [[]]
    for segment in segments:
        if segment.left < gutter - 1 and segment.right > gutter + 1:
            bands += [[segment], []]
        else:
            bands[-1].append(segment)
    return [band for band in bands if band]


def _is_column(segments: Sequence[Line]) -> bool:
    """Whether segments on one side of a gutter read like a column of prose, and not like cells of a table."""
    width = max((one.right for one in segments), default=0.0) - min((one.left for one in segments), default=0.0)
    wide = [one.characters for one in segments if one.right - one.left >= 0.6 * width and one.characters >= 12]
    return len(wide) >= 3 and sum(wide) >= 0.5 * sum(one.characters for one in segments)


def _are_columns(segments: Sequence[Line]) -> bool:
    """Whether segments read like a column of prose, or like two beside each other."""
    if _is_column(segments):
        return True
    gutter = _gutter(segments) if segments else None
    return gutter is not None and all(map(_is_column, _sides(segments, gutter)))


def _is_code_beside_prose(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether one side of a gutter is code and the other has words of other fonts."""
    shares = [
        sum(one.characters for one in side if one.is_mono) / max(1, sum(one.characters for one in side))
        for side in (left, right)
    ]
    return min(len(left), len(right)) >= _FEWEST_NUMBERED and min(shares) < 0.1 and max(shares) > 0.9


def not_typewritten(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines; in a text that is nearly all of fixed width that says nothing, so they count as other lines then."""
    if sum(line.characters for line in lines if line.is_mono) < _MOSTLY * sum(line.characters for line in lines):
        return lines
    plain = [[word._replace(font=word.font._replace(mono=False)) for word in line.words] for line in lines]
    return [Line(line.page, words, line.column) for line, words in zip(lines, plain, strict=True)]


def _without_numbers(rows: list[list[Word]]) -> list[list[Word]]:
    """Rows without the numbers that count them: small ones left of code, or those at the right edge of a column."""
    for edge in (0, -1):
        counted = [row for row in rows if len(row) > 1 and row[edge].text.isdecimal()]
        if not edge:
            counted = [row for row in counted if row[0].size < 0.95 * row[1].size and row[1].font.mono]
        in_order = sum(int(b[edge].text) == int(a[edge].text) + 1 for a, b in pairwise(counted))
        if len(counted) >= (_MOSTLY * len(rows) if edge else 0) + _FEWEST_NUMBERED and in_order >= 0.9 * (
            len(counted) - 1
        ):
            numbers = {id(row[edge]) for row in counted}
            rows = [kept for row in rows if (kept := [word for word in row if id(word) not in numbers])]
    return rows


def body_size(lines: Iterable[Line]) -> float:
    """The size of most characters of a document."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += line.characters
    return max(sizes, key=lambda size: sizes[size], default=10.0)


def without_running_heads(lines: Sequence[Line], heights: Sequence[float], size: float) -> list[Line]:
    """The lines without those that lead through the pages: repeated heads and feet, page numbers."""
    at_edges = [line for line in lines if _is_at_edge(line, heights)]
    repeated = Counter(said for _, said in {(line.page, _repeats_as(line)) for line in at_edges})
    offsets = Counter(number - line.page for line in at_edges for number in _end_numbers(line))
    common = {offset for offset, times in offsets.most_common(2) if times >= max(3, len(heights) / 4)}
    running = {
        id(line)
        for line in at_edges
        if repeated[_repeats_as(line)] >= (3 if line.size <= 1.15 * size else max(3, len(heights) / 4))
        or _NUMBER.fullmatch(line.text)
        or (line.size <= 1.15 * size and any(number - line.page in common for number in _end_numbers(line)))
    }
    return [line for line in lines if id(line) not in running]


def has_leaders(line: Line) -> bool:
    """Whether dots lead from the words of a line to its end, as in a table of contents."""
    return not line.is_mono and _LEADERS.search(line.text) is not None


def _is_at_edge(line: Line, heights: Sequence[float]) -> bool:
    height = heights[line.page - 1]
    return line.baseline < _EDGE * height or line.baseline > (1 - _EDGE) * height


def _repeats_as(line: Line) -> tuple[int, str]:
    return round(line.baseline / 4), re.sub(r"\d+", "#", line.text)


def _end_numbers(line: Line) -> list[int]:
    return [int(number) for match in _AT_AN_END.finditer(line.text) for number in match.groups() if number]
