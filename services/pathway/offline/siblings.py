"""Sections that say the same in several places: one is taught, the others are listed beside it. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey

_LEAST_PRINTS, _LEAST_WORDS = 3, 30
_ALIKE = 0.8
_LEAST_WORDS_IF_EQUAL = 20
"""A shorter section is left to its document, unless it is a formula that each document repeats word for word."""


def find_siblings(everything: Sequence[Placed]) -> dict[SectionKey, SectionKey]:
    """Section → the one of another document that says nearly the same but for names."""
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
    return siblings


def _first_alike(one: Placed, kept: Sequence[Placed], holding: Mapping[str, Sequence[int]]) -> Placed | None:
    """The first section of another document that has most sentences of both, or all if they are short."""
    is_long = len(one.section.prints) >= _LEAST_PRINTS and one.section.words >= _LEAST_WORDS
    if not is_long and one.section.words < _LEAST_WORDS_IF_EQUAL:
        return None
    shared = Counter(at for mark in one.section.prints for at in holding.get(mark, ()))

    def is_alike(other: Placed, both: int) -> bool:
        either = len(one.section.prints) + len(other.section.prints) - both
        apart = one.document.document_id != other.document.document_id
        return apart and both >= (_ALIKE if is_long else 1.0) * either

    return next((kept[at] for at in sorted(shared) if is_alike(kept[at], shared[at])), None)
