"""The order in which documents are best read: the author's where it says something, else what the signs prove. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from services.doc_analyser.offline.signs import Square, blocks
from shared.docs.navigation import Navigation
from shared.engine.reading_order import (
    author_positions,
    is_apart,
    is_corner,
    is_front,
    natural_key,
    opening_paths,
    rank_of,
    reading_order,
)
from shared.engine.types import DocumentAnalysis

_AUTHOR = 1.2
"""Outweighs the signs, which stay below 1."""
_CONTENTS = 3.0
"""The contents that an author wrote outweigh all signs together, as does that they leave a document out."""
_LISTED_BY_NAME = 0.15
_RANK = 0.3
_APART = 4.0
_ALPHABETICAL = 0.85
_ENOUGH_ENTRIES = 5
_NUMBERED_SHARE = 0.3
_PASSES = 40
_NUMBER = re.compile(r"(?:^|[-_ ])(\d+)(?:[-_. ]|$)|^[a-z]+(\d+)$")
_LEAST_COUNTED = 3
_TWO_DIGITS = 100
_MOST_LEFT_OUT = 1.5
"""How far longer numbers may run beyond their count and still be a count: a few parts may have gone."""


@dataclass(frozen=True)
class AuthorsOrder:
    """The order as the author gives it: signs of each pair of documents, the groups a document stands in, and which
    documents the author listed.
    """

    signs: Square
    chains: Sequence[tuple[str, ...]]
    listed: frozenset[int]

    def order(self, before: Square) -> tuple[int, ...]:
        """The places of documents in reading order; those of one group of the author's or of one folder together."""
        if not self.chains:
            return ()
        return tuple(self._arrange(list(range(len(self.chains))), 0, before + self.signs))

    def _arrange(self, members: Sequence[int], depth: int, total: Square) -> list[int]:
        """The members in order, groups of this depth as wholes. Between groups the documents that are listed decide."""
        groups: dict[str, list[int]] = {}
        for one in members:
            chain = self.chains[one]
            groups.setdefault(chain[depth] if depth < len(chain) else f"\0{one}", []).append(one)
        names = list(groups)
        if len(names) == 1:
            only = groups[names[0]]
            return only if len(only) == 1 else self._arrange(only, depth + 1, total)
        voices = [[one for one in own if one in self.listed] or own for own in groups.values()]
        ordered: list[int] = []
        for place in best_order(_between(voices, total)):
            group = groups[names[place]]
            ordered += group if len(group) == 1 else self._arrange(group, depth + 1, total)
        return ordered


def read_author(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> AuthorsOrder:
    """The author's order of these documents, from the contents, from numbers in names and from kinds of documents."""
    listed = author_positions(analyses, navigation)
    numbers = (number for number, analysis in enumerate(analyses) if analysis.document_id in listed)
    chains = _chains(analyses, navigation)
    return AuthorsOrder(_author_signs(analyses, navigation, chains), chains, frozenset(numbers))


def best_order(weights: Square) -> list[int]:
    """An order with much weight forward: by sums at first, then each one moved to where it does best."""
    order = [int(i) for i in np.argsort(-weights.sum(axis=1), kind="stable")]
    for _ in range(_PASSES):
        moved = False
        for place in range(len(order)):
            target = _best_place(order, place, weights)
            if target != place:
                order.insert(target, order.pop(place))
                moved = True
        if not moved:
            break
    return order


def _best_place(order: Sequence[int], place: int, weights: Square) -> int:
    one = order[place]
    toward_front = np.cumsum(weights[one, list(order[:place])][::-1])
    toward_end = np.cumsum(weights[list(order[place + 1 :]), one])
    front = float(toward_front.max(initial=0.0))
    end = float(toward_end.max(initial=0.0))
    if max(front, end) <= 1e-9:
        return place
    if front >= end:
        return place - 1 - int(np.argmax(toward_front))
    return place + 1 + int(np.argmax(toward_end))


def _between(groups: Sequence[Sequence[int]], total: Square) -> Square:
    """[a, b]: the mean of what speaks for a document of group a before one of group b."""
    counts = np.array([len(group) for group in groups])
    starts, sizes = np.cumsum(counts) - counts, counts.astype(np.float32)
    members = np.concatenate([np.asarray(group) for group in groups])
    means = np.empty((len(groups), len(groups)), dtype=np.float32)
    for place, group in enumerate(groups):  # one after the other: all rows in a new order would be a second square
        by_group = np.add.reduceat(total[group], [0], axis=0)
        means[place] = np.add.reduceat(by_group[:, members], starts, axis=1)
    means /= sizes[:, None] * sizes[None, :] if len(groups) < len(members) else np.float32(1)
    np.fill_diagonal(means, 0)
    return means


def _chains(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> list[tuple[str, ...]]:
    """Per document the groups it stands in, the widest first: the author's headings, else those that all listed
    documents of its folder share, else its folders.
    """
    listed: dict[str, tuple[str, ...]] = {}
    above: list[tuple[int, str]] = []  # an entry may stand more than one step below the entry above it
    entries = () if is_corner({analysis.path for analysis in analyses}, navigation) else navigation.entries
    for number, entry in enumerate(entries):
        while above and above[-1][0] >= entry.depth:
            above.pop()
        if entry.path is not None:
            listed.setdefault(entry.path, tuple(name for _, name in above))
        above.append((entry.depth, f"{number} {entry.title}"))
    by_folder: dict[str, tuple[str, ...]] = {}
    for path, chain in listed.items():
        folder = path.rpartition("/")[0]
        both = zip(by_folder.get(folder, chain), chain, strict=False)
        by_folder[folder] = tuple(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], both))
    chains: list[tuple[str, ...]] = []
    opening = opening_paths([analysis.path for analysis in analyses])
    for analysis in analyses:
        folder = analysis.path.rpartition("/")[0]
        own = tuple(f"/{part}" for part in folder.split("/")) if folder else ()
        unlisted = () if analysis.path in opening else by_folder.get(folder) or own
        chains.append(listed.get(analysis.path, unlisted))
    return chains


def _author_signs(
    analyses: Sequence[DocumentAnalysis], navigation: Navigation, chains: Sequence[tuple[str, ...]]
) -> Square:
    count = len(analyses)
    order = {analysis.document_id: number for number, analysis in enumerate(reading_order(analyses, navigation))}
    places = np.array([order[analysis.document_id] for analysis in analyses])
    listed = author_positions(analyses, navigation)
    numbered, in_numbers = _numbered(analyses)
    written = _CONTENTS if "." in navigation.origin.rpartition("/")[2] else in_numbers
    groups = _groups_by_name(analyses, listed, chains) if in_numbers < _CONTENTS else np.full(count, -1)
    all_by_name = in_numbers < _CONTENTS and _by_name([a for a in analyses if a.document_id in listed], listed)
    trusted = _LISTED_BY_NAME if all_by_name else written
    in_contents = np.array([analysis.document_id in listed for analysis in analyses], dtype=bool)
    ranks = np.array([rank_of(analysis) for analysis in analyses], dtype=np.int8)
    apart = np.array([one.is_entry or is_apart(one.path, one.title) for one in analyses], dtype=bool)
    # An overview opens its folder or the course, unless the author's contents or numbers say otherwise. An index that
    # they leave out opens its folder all the same, and so does one of a folder that they do not speak of.
    told = in_contents | numbered
    opens = (ranks == 0) & ~told
    follows = ~told & (ranks > 0)
    numbers: dict[str, int] = {}
    paths = [analysis.path for analysis in analyses]
    folders = np.array([numbers.setdefault(path.rpartition("/")[0], len(numbers)) for path in paths], dtype=np.int32)
    heads = np.where([is_front(path) for path in paths], folders, np.int32(-1))
    leads = heads >= 0
    opening = opening_paths(paths)
    fronts = ~told & np.array([path in opening for path in paths], dtype=bool)
    signs = np.zeros((count, count), dtype=np.float32)
    for some in blocks(count):
        rows = signs[some]
        rows += np.float32(_RANK) * np.sign(ranks[None, :] - ranks[some, None])
        forward = np.where(places[some, None] < places[None, :], np.float32(1), np.float32(-1))
        for both, weight in (
            (numbered[some, None] & numbered[None, :], in_numbers),
            (in_contents[some, None] | in_contents[None, :], _CONTENTS),
            (in_contents[some, None] & in_contents[None, :], trusted),
            ((groups[some, None] == groups[None, :]) & (groups[some, None] >= 0), _LISTED_BY_NAME),
        ):
            np.multiply(forward, np.float32(weight), out=rows, where=both)
        is_first = opens[some, None] & (follows[None, :] | (told[None, :] & (heads[some, None] == folders)))
        is_last = opens[None, :] & (follows[some, None] | (told[some, None] & (heads == folders[some, None])))
        rows[is_first] = np.float32(_AUTHOR)
        rows[is_last] = np.float32(-_AUTHOR)
        beside = (folders[some, None] == folders[None, :]) & ~told[some, None] & ~told[None, :]
        rows[beside & leads[some, None] & ~leads[None, :]] = np.float32(_CONTENTS)
        rows[beside & ~leads[some, None] & leads[None, :]] = np.float32(-_CONTENTS)
        rows[fronts[some, None] & ~fronts[None, :]] = np.float32(_CONTENTS)
        rows[~fronts[some, None] & fronts[None, :]] = np.float32(-_CONTENTS)
        rows[~apart[some, None] & apart[None, :]] = np.float32(_APART)
        rows[apart[some, None] & ~apart[None, :]] = np.float32(-_APART)
    np.fill_diagonal(signs, 0)
    return signs


def _groups_by_name(
    analyses: Sequence[DocumentAnalysis], listed: Mapping[str, int], chains: Sequence[tuple[str, ...]]
) -> NDArray[np.int32]:
    """Per document the number of its group where the contents list that by the alphabet, else -1."""
    members: dict[tuple[str, ...], list[int]] = {}
    for number, analysis in enumerate(analyses):
        if analysis.document_id in listed and chains[number]:
            members.setdefault(chains[number], []).append(number)
    groups = np.full(len(analyses), -1, dtype=np.int32)
    for number, own in enumerate(members.values()):
        if _by_name([analyses[one] for one in own], listed):
            groups[own] = number
    return groups


def _by_name(analyses: Sequence[DocumentAnalysis], listed: Mapping[str, int]) -> bool:
    """Whether the author's contents list these documents merely by the alphabet, but for an index before them."""
    entries = sorted((a for a in analyses if not is_front(a.path)), key=lambda a: listed[a.document_id])
    if len(entries) < _ENOUGH_ENTRIES:
        return False
    names = ([natural_key(a.title) for a in entries], [natural_key(a.path.rsplit("/", 1)[-1]) for a in entries])
    return max(sum(a <= b for a, b in pairwise(keys)) for keys in names) >= _ALPHABETICAL * (len(entries) - 1)


def _numbered(analyses: Sequence[DocumentAnalysis]) -> tuple[NDArray[np.bool_], float]:
    """Whether a document has a number in the name of its file or folder, where at least three in ten have one.

    Also the weight of these numbers: names that count (01, 02, 03) are contents that an author wrote; numbers of other
    kinds, such as years or the numbers of issues, say less.
    """
    numbers = [_numbers(analysis.path) for analysis in analyses]
    found = np.array([bool(some) for some in numbers], dtype=bool)
    if found.sum() < _NUMBERED_SHARE * len(found):
        return np.zeros_like(found), _AUTHOR
    by_place: dict[tuple[str, int], set[int]] = {}
    for place, number in (one for some in numbers for one in some):
        by_place.setdefault(place, set()).add(number)
    counts = bool(by_place) and _counts(max(by_place.values(), key=len))
    return found, _CONTENTS if counts else _AUTHOR


def _numbers(path: str) -> list[tuple[tuple[str, int], int]]:
    """The number in the name of a document's file and of its folder, each with the folder around and the depth."""
    parts = path.split("/")
    last = range(max(0, len(parts) - 2), len(parts))
    matches = {depth: _NUMBER.search(parts[depth].rsplit(".", 1)[0].lower()) for depth in last}
    return [(("/".join(parts[:depth]), depth), int(match[1] or match[2])) for depth, match in matches.items() if match]


def _counts(numbers: Collection[int]) -> bool:
    """Whether numbers begin at the beginning, and have two digits or leave out few.

    The first part may be the front page, which has no number. Authors leave gaps (10, 20, 30) and give what comes last
    a high number (98, 99).
    """
    is_begun = min(numbers) <= (10 if all(number % 10 == 0 for number in numbers) else 2)
    most = max(numbers)
    return len(numbers) >= _LEAST_COUNTED and is_begun and (most < _TWO_DIGITS or most <= _MOST_LEFT_OUT * len(numbers))
