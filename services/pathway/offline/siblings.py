"""Sections that say the same in several places: one is taught, the others are listed beside it. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey

_LEAST_PRINTS, _LEAST_WORDS = 3, 30
_LEAST_PRINTS_INSIDE, _SHARE_INSIDE = 5, 1.0
_LEAST_PRINTS_ON_FRONT_PAGES, _SHARE_ON_FRONT_PAGES = 3, 0.7
_ALIKE = 0.8
_LEAST_WORDS_IF_EQUAL = 20
"""A shorter section is left to its document, unless it is a formula that each document repeats word for word."""
_TOP_FOLDERS = frozenset({"docs", "doc", "src", "content", "en"})
_FRONT = re.compile(r"(?:readme|index|_index|home)\.")


def is_front_page(path: str) -> bool:
    """Whether a document is a README or index page at the top of the project or of its documentation."""
    *folders, file = path.lower().split("/")
    return _TOP_FOLDERS.issuperset(folders) and _FRONT.match(file) is not None


def find_siblings(everything: Sequence[Placed]) -> dict[SectionKey, SectionKey]:
    """Section → the one of another document that says nearly the same but for names, or holds all of it."""
    holding: dict[str, list[int]] = {}
    kept: list[Placed] = []
    siblings: dict[SectionKey, SectionKey] = {}
    for one in everything:
        first = _first_alike(one, kept, holding)
        if first is not None:
            siblings[one.key] = first.key
            continue
        for mark in one.section.prints:
            holding.setdefault(mark, []).append(len(kept))
        kept.append(one)
    inside = {one.key: other.key for one in kept if (other := _holder(one, kept, holding)) is not None}
    return {one: inside.get(other, other) for one, other in (siblings | inside).items()}


def _holder(one: Placed, kept: Sequence[Placed], holding: Mapping[str, Sequence[int]]) -> Placed | None:
    """The longer section of another document that says all this one says, or most of it where both are front pages."""
    shared = Counter(at for mark in one.section.prints for at in holding[mark])
    able = [kept[at] for at in sorted(shared) if _holds(kept[at], one, shared[at])]
    return max(able, key=lambda other: len(other.section.prints), default=None)


def _holds(other: Placed, one: Placed, shared: int) -> bool:
    if other.document is one.document or len(other.section.prints) <= len(one.section.prints):
        return False
    least, share = _LEAST_PRINTS_INSIDE, _SHARE_INSIDE
    if is_front_page(one.document.path) and is_front_page(other.document.path):
        least, share = _LEAST_PRINTS_ON_FRONT_PAGES, _SHARE_ON_FRONT_PAGES
    elif one.section.code_blocks:
        return False
    return len(one.section.prints) >= least and shared >= share * len(one.section.prints)


def _first_alike(one: Placed, kept: Sequence[Placed], holding: Mapping[str, Sequence[int]]) -> Placed | None:
    is_long = len(one.section.prints) >= _LEAST_PRINTS and one.section.words >= _LEAST_WORDS
    if not is_long and one.section.words < _LEAST_WORDS_IF_EQUAL:
        return None
    shared: dict[int, int] = {}
    for mark in one.section.prints:
        for at in holding.get(mark, ()):
            shared[at] = shared.get(at, 0) + 1
    own = len(one.section.prints)
    return next(
        (
            kept[at]
            for at in sorted(shared)
            if shared[at] >= (_ALIKE if is_long else 1.0) * (own + len(kept[at].section.prints) - shared[at])
            and kept[at].document.document_id != one.document.document_id
        ),
        None,
    )
