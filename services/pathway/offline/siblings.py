"""Sections that say the same in several places: one is taught, the others are listed beside it. Pure."""

from collections.abc import Mapping, Sequence

from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey

_LEAST_PRINTS, _LEAST_WORDS = 3, 30
_LEAST_PRINTS_INSIDE = 5
_ALIKE = 0.8
_LEAST_WORDS_IF_EQUAL = 20
"""A shorter section is left to its document, unless it is a formula that each document repeats word for word."""


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
    """The longer section of another document that has every sentence of this one, which shows no code of its own."""
    if one.section.code_blocks or len(one.section.prints) < _LEAST_PRINTS_INSIDE:
        return None
    having = set.intersection(*(set(holding[mark]) for mark in one.section.prints))
    able = [
        kept[at]
        for at in sorted(having)
        if kept[at].document.document_id != one.document.document_id
        and len(kept[at].section.prints) > len(one.section.prints)
    ]
    return max(able, key=lambda other: len(other.section.prints), default=None)


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
