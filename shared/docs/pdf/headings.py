"""Which lines are headings, and of which level: by the outline first, then by numbers, sizes and weights. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, takewhile

from shared.docs.pdf.file import Bookmark
from shared.docs.pdf.layout import Line, has_leaders, is_bullet, join_words
from shared.docs.pdf.pages import HYPHEN

_MOST_OF_TITLE_PAGE = 12  # lines
_MOST_LINES = 4
_LONGEST = 160
_FEWEST_ENTRIES = 3  # of a table of contents on one page
_DEEPEST = 6
_MARK = (
    r"(?:(?:chapter|appendix|section|part|kapitel|anhang|teil|chapitre|annexe)\s+)?"
    r"(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}(?:-[A-Z\d]{1,2})*|[A-Z](?:\.\d{1,3})*)"
)
_NUMBERED = re.compile(rf"^{_MARK}(?:[.:)]|\b)\s*", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"^(\d{1,3}(?:\.\d{1,3}){0,5})\.?\s+(?=[^\W\d_]|[\"“(])")
_ROMAN_NUMBER = re.compile(r"[IVX]{1,5}\.\s+(?=[^\W\d_])")
_DEEP_NUMBER = re.compile(r"^\d{1,2}(?:\.\d{1,2})+\.?\s+[^\W\d_].*[^.,;:]$")
_CAPTION = re.compile(
    r"^(?:fig(?:ure|\.)|table|listing|algorithm|abbildung|tabelle|tableau)\s*[A-Z]?\.?\d", re.IGNORECASE
)  # fmt: skip
_NUMBER_CELL = re.compile(rf"{_MARK}[.:)]?", re.IGNORECASE)
_PAGE_AT_END = re.compile(r"(.+?)[\s.]+(\d{1,4}|[ivxlc]{1,7})")
_WORD = re.compile(r"[^\W\d_]{3}|[\u2e80-\uffff]{2}")
_FIRST_SECTION = re.compile(
    r"abstract|summary|introduction|zusammenfassung|einleitung|résumé|resumen|(?:1|I)\b.*", re.IGNORECASE
)
_ENDS_OPEN = re.compile(r"[,;]$")

Style = tuple[float, bool, bool, bool]


@dataclass(frozen=True)
class Found:
    """A heading: its lines, one after the other, and its level from 1."""

    lines: tuple[Line, ...]
    level: int

    @property
    def text(self) -> str:
        """Its lines as one."""
        return " ".join(line.text for line in self.lines).replace(HYPHEN + " ", "")


def find_headings(
    lines: Sequence[Line],
    bookmarks: Sequence[Bookmark],
    heights: Sequence[float],
    size: float,
    named: str = "",
    slides: Mapping[int, tuple[Line, ...]] | None = None,
) -> list[Found]:
    """The headings of a document in their order; the title of the document has level 1 if the document shows one.
    `named`: the title of the document's metadata. `slides`: the titles of its slides, by the index of the first line.
    """
    marked = dict(_match_bookmarks(lines, bookmarks, heights))
    styled = _of_slides(lines, slides, marked) if slides else _by_style(lines, marked, size)
    found = sorted({**styled, **marked}.items())
    found = _without_empty(found) if not marked else found
    title = _title(
        lines, {i for start, one in marked.items() for i in range(start, start + len(one.lines))}, size, named
    )
    if title is None:
        return _nested([one for _, one in found])
    taken = set(map(id, title.lines))
    authors = _list_authors(found, title, is_alone=_has_title_page(lines))
    found = [(at, one) for at, one in found if at in marked or one not in authors]
    before = [Found(one.lines, one.level + 1) for at, one in found if taken.isdisjoint(map(id, one.lines))]
    return _nested([title, *before])


def _of_slides(
    lines: Sequence[Line], slides: Mapping[int, tuple[Line, ...]], marked: Mapping[int, Found]
) -> dict[int, Found]:
    """The titles of slides, one deeper than the parts of an outline; a slide of its title alone begins a part."""
    own = [marked[at].level for at in slides if at in marked]
    deepest = max((one.level for one in marked.values()), default=0)
    level = max(own) if own and 2 * len(own) >= len(slides) else deepest + 1
    found = {at: run for at, run in slides.items() if at not in marked}
    ends = ((at, run, at + len(run)) for at, run in found.items() if at)
    parts = {at for at, run, end in ends if end < len(lines) and lines[end].page != run[0].page}
    return {at: Found(run, level + (bool(parts) and at not in parts)) for at, run in found.items()}


def _list_authors(found: Sequence[tuple[int, Found]], title: Found, *, is_alone: bool) -> list[Found]:
    """What looks like headings between the title and the first section on the same page: authors and their places.
    `is_alone`: the page has nothing else.
    """
    page, below = title.lines[0].page, title.lines[-1].baseline
    on_page = [one for _, one in found if one.lines[0].page == page and one.lines[0].baseline > below]
    none = len(on_page) if is_alone else 0
    first = next((at for at, one in enumerate(on_page) if _FIRST_SECTION.fullmatch(one.text)), none)
    return on_page[:first]


def _nested(found: Sequence[Found]) -> list[Found]:
    """The headings with levels that leave none out: each is as deep as there are headings around it."""
    around: list[int] = []
    nested = []
    for one in found:
        while around and around[-1] >= one.level:
            around.pop()
        around.append(one.level)
        nested.append(Found(one.lines, min(len(around), _DEEPEST)))
    return nested


def _without_empty(found: Sequence[tuple[int, Found]]) -> list[tuple[int, Found]]:
    """The headings without those that nothing stands below: lines of a title page look like headings."""
    followed = [
        index + len(one.lines) < after or deeper.level > one.level for (index, one), (after, deeper) in pairwise(found)
    ]
    return [one for one, is_followed in zip(found, [*followed, True], strict=False) if is_followed]


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _match_bookmarks(
    lines: Sequence[Line], bookmarks: Sequence[Bookmark], heights: Sequence[float]
) -> Iterator[tuple[int, Found]]:
    """The lines that bookmarks point to, by the index of the first."""
    by_page: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        by_page[line.page].append(index)
    taken: set[int] = set()
    top_depth = min((one.depth for one in bookmarks), default=1)
    for bookmark in bookmarks:
        wanted = _bare(bookmark.title)
        unmarked = _bare(_NUMBERED.sub("", bookmark.title)) or wanted
        fits: list[tuple[float, int, int]] = []
        for page in (bookmark.page, bookmark.page + 1):
            target = heights[page - 1] - bookmark.top if bookmark.top is not None and page == bookmark.page else 0.0
            for index in by_page.get(page, ()):
                count = 0 if index in taken else _count_lines(lines, index, wanted, unmarked)
                if count:
                    away = abs(lines[index].baseline - lines[index].size - target) - 3 * lines[index].size
                    fits.append((max(0.0, away) + (5000 if page != bookmark.page else 0), index, count))
            if fits:
                break
        if fits:
            _, index, count = min(fits)
            taken.update(range(index, index + count))
            yield index, Found(tuple(lines[index : index + count]), min(bookmark.depth - top_depth + 1, _DEEPEST))


def _count_lines(lines: Sequence[Line], index: int, wanted: str, unmarked: str) -> int:
    """How many lines from here on say what a bookmark says, with or without a number before it; 0 if they do not."""
    text = ""
    for count, line in enumerate(lines[index : index + _MOST_LINES], 1):
        if line.page != lines[index].page:
            break
        text = f"{text} {line.text}".strip()
        if len(text) > _LONGEST * 2:
            break
        said = _bare(text)
        if said in (wanted, unmarked) or (_NUMBERED.match(text) and _bare(_NUMBERED.sub("", text)) == unmarked):
            return count
        if not (wanted.startswith(said) or unmarked.startswith(said) or _NUMBERED.match(text)):
            break
    return 0


def without_contents(lines: Sequence[Line], headings: Sequence[Found]) -> list[Line]:
    """The lines without tables of contents: entries, which say what a heading says on one line or more, and a heading
    that nothing else stands below.
    """
    said = {text for one in headings for text in said_as(one.text)}
    inside = {id(line) for one in headings for line in one.lines}
    entries: set[int] = set()
    for index, line in enumerate(lines):
        numbered = _PAGE_AT_END.fullmatch(line.text)
        if id(line) in inside or not (numbered or has_leaders(line)):
            continue
        text = numbered[1] if numbered else line.text
        first = _begins_at(lines, index, text, said, inside)
        if first is None and (has_leaders(line) or (index - 1 in entries and lines[index - 1].page == line.page)):
            first = index
        entries.update(range(index if first is None else first, index + (first is not None)))
    pages: dict[int, list[int]] = defaultdict(list)
    for at in sorted(entries):
        if number := _PAGE_AT_END.fullmatch(lines[at].text):
            pages[lines[at].page].append(int(number[2]) if number[2].isdecimal() else 0)
    listed = {page for page, numbers in pages.items() if len(numbers) >= _FEWEST_ENTRIES and numbers == sorted(numbers)}
    entries = {at for at in entries if has_leaders(lines[at]) or lines[at].page in listed}
    places = {id(line): at for at, line in enumerate(lines)}
    starts = [places[id(one.lines[0])] for one in headings if id(one.lines[0]) in places]
    for one, start, end in zip(headings[1:], starts[1:], [*starts[2:], len(lines)], strict=False):
        below = range(start + len(one.lines), end)
        if below and entries.issuperset(below):
            entries.update(range(start, end))
    return [line for at, line in enumerate(lines) if at not in entries]


def said_as(text: str) -> set[str]:
    """What a heading says, with its number and without."""
    return {_bare(text), _bare(_NUMBERED.sub("", text))} - {""}


def _begins_at(lines: Sequence[Line], end: int, text: str, said: set[str], inside: set[int]) -> int | None:
    """Where the entry of a table of contents begins that ends with this text on this line, if a heading says so."""
    for first in range(end, max(end - _MOST_LINES, -1), -1):
        if lines[first].page != lines[end].page or id(lines[first]) in inside:
            return None
        if said & said_as(" ".join([*(line.text for line in lines[first:end]), text])):
            return first
    return None


def style_of(line: Line) -> Style:
    """What headings of one level have in common."""
    letters = [c for c in line.text if c.isalpha()]
    capitals = len(letters) > 3 and all(c.isupper() for c in letters)
    return round(line.size * 2) / 2, line.is_bold, capitals, line.share("italic") > 0.8


def _by_style(lines: Sequence[Line], marked: Mapping[int, Found], size: float) -> dict[int, Found]:
    """Headings by how they look. An outline, where it names most of what looks so, says which looks are headings."""
    inside = {i for start, one in marked.items() for i in range(start, start + len(one.lines))}
    known: dict[Style, Counter[int]] = defaultdict(Counter)
    for one in marked.values():
        known[style_of(one.lines[-1])][one.level] += 1
    groups = _groups(lines, inside, size)
    if known:
        levels = {
            style: counted.most_common(1)[0][0] for style, counted in known.items() if style[0] > size or style[1]
        }
        return {
            start: Found(group, levels[style_of(group[-1])]) for start, group in groups if style_of(group[-1]) in levels
        }
    levels = _rank([group for _, group in groups])
    found = {}
    for start, group in groups:
        number = _PLAIN_NUMBER.match(group[0].text)
        level = number[1].count(".") + 1 if number else levels[style_of(group[0])]
        found[start] = Found(group, min(level, _DEEPEST))
    return found


def _rank(groups: Sequence[tuple[Line, ...]]) -> dict[Style, int]:
    """The level of each style: the depth of its numbers, else one more than that of the next larger style."""
    depths: dict[Style, Counter[int]] = defaultdict(Counter)
    for group in groups:
        number = _PLAIN_NUMBER.match(group[0].text)
        if number:
            depths[style_of(group[0])][number[1].count(".") + 1] += 1
    levels: dict[Style, int] = {}
    above, order = 0, sorted({style_of(group[0]) for group in groups}, reverse=True)
    for index, style in enumerate(order):
        below = [depths[other].most_common(1)[0][0] for other in order[index:] if other in depths]
        own = depths[style].most_common(1)[0][0] if style in depths else min([above + 1, *(d - 1 for d in below)])
        levels[style] = above = max(1, own)
    return levels


def _groups(lines: Sequence[Line], inside: set[int], size: float) -> list[tuple[int, tuple[Line, ...]]]:
    """Runs of lines that look like one heading each, with the index of their first line."""
    groups: list[tuple[int, tuple[Line, ...]]] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if index in inside or not _looks_large(line, size):
            index += 1
            continue
        run = [line, *takewhile(partial(_goes_on, line, size), lines[index + 1 : index + 1 + _MOST_LINES])]
        if _stands_alone(run, lines[index - 1] if index else None, size):
            groups.append((index, tuple(run)))
        index += len(run)
    return groups


def _looks_large(line: Line, size: float) -> bool:
    larger = line.size >= 1.1 * size
    styled = line.size >= 0.95 * size and (
        line.is_bold
        or (_NUMBERED.match(line.text) and line.share("italic") > 0.8)
        or ((_PLAIN_NUMBER.match(line.text) or _ROMAN_NUMBER.match(line.text)) and style_of(line)[2])
        or (_DEEP_NUMBER.match(line.text) and line.right < sum(line.column) / 2)
    )
    return (larger or bool(styled)) and not line.is_mono and line.share("math") < 0.3


def _goes_on(first: Line, size: float, line: Line) -> bool:
    """Whether a line may be the next one of a heading; one that is as large as the text has capitals or is italic."""
    style = style_of(first)
    differs = first.size >= 1.1 * size or style[1] or (style == style_of(line) and any(style[2:]))
    near = 0 < line.baseline - first.baseline < (_MOST_LINES + 1) * first.size
    return (
        near
        and differs
        and line.page == first.page
        and style_of(line)[:2] == style[:2]
        and not _PLAIN_NUMBER.match(line.text)
    )


def _stands_alone(run: Sequence[Line], before: Line | None, size: float) -> bool:
    """Whether lines that look large are a heading: words, few, apart from what is around them, and no caption."""
    text = " ".join(line.text for line in run)
    letters = sum(c.isalpha() for c in text)
    if (
        not _WORD.search(text)
        or letters < len(text) / 2.5
        or len(text) > _LONGEST
        or len(run) > 3
        or _CAPTION.match(text)
        or is_bullet(run[0].words[0])
    ):
        return False
    if (text.endswith(".") and not _PLAIN_NUMBER.match(text) and run[0].size < 1.1 * size) or _ENDS_OPEN.search(text):
        return False
    if any(_NUMBER_CELL.fullmatch(join_words(cell)) is None for line in run for cell in line.cells(2.5)[:-1]):
        return False
    first = run[0]
    close = before is not None and before.page == first.page and 0 < first.baseline - before.baseline < 1.3 * first.size
    return not (close and before is not None and before.column == first.column and run[0].size < 1.1 * size)


def _has_title_page(lines: Sequence[Line]) -> bool:
    """Whether the first page has little more than a title, and others come after it."""
    on_first = sum(1 for line in lines if line.page == lines[0].page)
    return on_first <= _MOST_OF_TITLE_PAGE and on_first < len(lines)


def _title(lines: Sequence[Line], inside: set[int], size: float, named: str) -> Found | None:
    """The title of the document: what its metadata names where the first page says it, else the largest lines of that
    page, if nothing else is as large, or if they open a title page: there the chapters that follow may be as large.
    """
    first = [(i, line) for i, line in enumerate(lines) if line.page == lines[0].page and not line.is_mono]
    wanted = _bare(named)
    for start, line in first if wanted else ():
        count = _count_lines(lines, start, wanted, wanted)
        if count and line.size > size and inside.isdisjoint(range(start, start + count)):
            return Found(tuple(lines[start : start + count]), 1)
    if not first:
        return None
    largest = max(line.size for _, line in first)
    start = next(i for i, line in first if line.size == largest)
    run = [*takewhile(lambda one: (one.size, one.page) == (largest, lines[0].page), lines[start : start + _MOST_LINES])]
    others = sum(1 for line in lines if line.size >= largest) - len(run)
    text = " ".join(line.text for line in run)
    stands_out = not others or (start == 0 and _has_title_page(lines))
    is_title = largest >= 1.2 * size and stands_out and sum(c.isalpha() for c in text) > 3 and len(text) <= 2 * _LONGEST
    return Found(tuple(run), 1) if is_title and start not in inside and not _PLAIN_NUMBER.match(text) else None
