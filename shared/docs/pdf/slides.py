"""Slides: a page wider than high, whose first line is its title. Pure."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median

from shared.docs.pdf.file import Bookmark
from shared.docs.pdf.headings import said_as
from shared.docs.pdf.layout import Line, is_bullet

_MOST = 0.5
_FEWEST_LISTED = 3
_LARGER = 1.15


def are_slides(sizes: Sequence[tuple[float, float]]) -> bool:
    """Whether most pages, given as width and height, are wider than high."""
    return sum(width > 1.2 * height for width, height in sizes) > _MOST * len(sizes)


def slide_titles(lines: Sequence[Line]) -> dict[int, tuple[Line, ...]]:
    """The title of each slide by the index of its first line; nothing if most slides have none. A slide that goes on
    with the title of the one before it has none of its own.
    """
    starts = [0, *(at for at, (one, other) in enumerate(pairwise(lines), 1) if one.page != other.page), len(lines)]
    usual = median([line.size for line in lines]) if lines else 0.0
    titles: dict[int, tuple[Line, ...]] = {}
    for start, end in pairwise(starts):
        first = lines[start]
        run = next(tuple(group) for _, group in groupby(lines[start:end], key=lambda line: line.size))
        if first.size >= _LARGER * usual and len(run) <= 2 and not is_bullet(first.words[0]) and not first.is_mono:
            titles[start] = run
    if len(titles) < _MOST * (len(starts) - 1):
        return {}
    said = [("", -1), *((" ".join(line.text for line in run), at) for at, run in titles.items())]
    again = {at for (before, _), (text, at) in pairwise(said) if text == before}
    return {at: run for at, run in titles.items() if at not in again}


def without_repeats(lines: Sequence[Line], bookmarks: Sequence[Bookmark]) -> list[Line]:
    """The lines without slides whose lines all stand on the next slide too, where a list grows step by step, and
    without what lists the parts of the outline; of that the part stays that begins on the slide.
    """
    pages = [list(group) for _, group in groupby(lines, key=lambda line: line.page)]
    said = [Counter(line.text for line in page) for page in pages]
    parts = {text for bookmark in bookmarks for text in said_as(bookmark.title)}
    kept: list[Line] = []
    for page, own, after in zip(pages, said, [*said[1:], Counter()], strict=True):
        listed = sum(not parts.isdisjoint(said_as(line.text)) for line in page)
        if listed >= _FEWEST_LISTED and listed > _MOST * len(page):
            begun = {text for one in bookmarks if one.page == page[0].page for text in said_as(one.title)}
            kept += [line for line in page if not begun.isdisjoint(said_as(line.text))]
        elif own - after:
            kept += page
    return kept
