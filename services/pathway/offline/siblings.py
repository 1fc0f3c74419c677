"""Sections that say the same in several places: one is taught, the others are listed beside it. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from services.pathway.offline.kinds import is_entry
from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.titles import is_front_page

_LEAST_PRINTS, _LEAST_WORDS = 3, 100
_ALIKE = 0.8
_LEAST_WORDS_IF_RETOLD, _RETOLD, _RETOLD_UNDER_ONE_NAME = 12, 0.7, 0.35
_LEAST_WORDS_IF_EQUAL = 20
"""A shorter section is left to its document. Up to `_LEAST_WORDS`, it is one that documents repeat word for word:
nobody wants to look up the notes of one page on another that says nearly the same.
"""

_VERSION = re.compile(r"\d+(?:\.\d+)+")


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
        for mark in _marks(one):
            holding.setdefault(mark, []).append(len(kept))
        kept.append(one)
    siblings |= _find_retold(kept)
    above = {(one.document.document_id, one.section.parent) for one in everything if one.key not in siblings}
    opening = {one.key for one in everything if one.section.level > 1 and one.section.words < _LEAST_WORDS} & above
    found = {one: other for one, other in siblings.items() if one not in opening}  # else a part has no opening
    for _ in range(3):
        found = {one: found.get(other, other) for one, other in found.items()}
    return found


def _marks(one: Placed) -> set[str]:
    return {*one.section.prints, one.section.whole} - {""}


def _are_entries(one: Placed, other: Placed) -> bool:
    """Whether two sections tell of an option or a name, each of its own page: each command has its `--verbose`."""
    return one.document.title != other.document.title and is_entry(one) and is_entry(other)


def _find_retold(kept: Sequence[Placed]) -> dict[SectionKey, SectionKey]:
    """The sections of front pages that another one tells in other words, and tells more of all that both tell."""
    fronts = [one for one in kept if is_front_page(one.document.path) and one.section.prints]
    beginnings = frozenset({one.document.document_id: one.key for one in reversed(fronts)}.values())
    pairs = [pair for pair in combinations(fronts, 2) if _retells(pair, beginnings)]
    told: Counter[str] = Counter()
    for one in {one.key: one for pair in pairs for one in pair}.values():
        told[one.document.document_id] += _size(one)
    ranked = [sorted(pair, key=lambda one: (told[one.document.document_id], _size(one))) for pair in pairs]
    return {less.key: more.key for less, more in reversed(ranked)}


def _size(one: Placed) -> int:
    return one.section.words + one.section.code_lines


def _retells(pair: tuple[Placed, Placed], beginnings: Collection[SectionKey]) -> bool:
    """Whether most words of the smaller section stand in one of another page with its place, heading or sentences.

    Fewer words are enough under one heading. A section of hardly a word has to stand there, under its heading.
    """
    one, other = sorted(pair, key=_size)
    if one.document.document_id == other.document.document_id or one.document.language != other.document.language:
        return False
    prints, their_prints = frozenset(one.section.prints), frozenset(other.section.prints)
    is_one_name = one.section.heading.casefold() == other.section.heading.casefold()
    if _size(one) < _LEAST_WORDS_IF_RETOLD:
        return is_one_name and prints <= their_prints
    is_one_place = one.key in beginnings and other.key in beginnings
    if not (is_one_name or is_one_place or 2 * len(prints & their_prints) >= min(len(prints), len(their_prints)) > 0):
        return False
    own, theirs = ({word for word, _ in placed.section.mentions if " " not in word} for placed in (one, other))
    return len(own & theirs) >= (_RETOLD_UNDER_ONE_NAME if is_one_name else _RETOLD) * len(own) > 0


def _first_alike(one: Placed, kept: Sequence[Placed], holding: Mapping[str, Sequence[int]]) -> Placed | None:
    """The first section of another document with the same text or, if it is long, with most sentences of both: there
    the words of each page's name are masked, so that a page and its copy may have other ones.
    """
    is_long = len(one.section.prints) >= _LEAST_PRINTS and one.section.words >= _LEAST_WORDS
    if not is_long and one.section.words < _LEAST_WORDS_IF_EQUAL:
        return None
    shared = Counter(at for mark in _marks(one) for at in holding.get(mark, ()))

    def is_alike(other: Placed, both: int) -> bool:
        either = len(one.section.prints) + len(other.section.prints) - both
        apart = one.document.document_id != other.document.document_id
        is_copy = one.section.whole == other.section.whole != ""
        versions = {tuple(_VERSION.findall(placed.document.title)) for placed in (one, other)}
        apart &= () in versions or len(versions) == 1  # an upgrade to each version is done by its own page
        return apart and (is_copy or (is_long and both >= _ALIKE * either)) and not _are_entries(one, other)

    return next((kept[at] for at in sorted(shared) if is_alike(kept[at], shared[at])), None)
