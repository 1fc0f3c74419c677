"""The order in which documents are best read: the author's where it says something, else what the signs prove. Pure."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from services.doc_analyser.offline.signs import Square
from shared.docs.model import Navigation
from shared.engine.reading_order import author_positions, is_apart, natural_key, rank_of, reading_order
from shared.engine.types import DocumentAnalysis

_AUTHOR = 1.2
"""Outweighs every sign (they stay below 1): an author's own order of prose is kept."""
_LISTED_BY_NAME = 0.15
_RANK = 0.3
_UNLISTED = 0.6
"""What the author's contents leave out comes where `reading_order` puts it: the author did not want it first."""
_APART = 4.0
_ALPHABETICAL = 0.85
_ENOUGH_ENTRIES = 5
_NUMBERED_SHARE = 0.3
_PASSES = 40
_NUMBER = re.compile(r"(?:^|[-_ ])\d+(?:[-_. ]|$)|^[a-z]+\d+$")


def order_documents(analyses: Sequence[DocumentAnalysis], navigation: Navigation, before: Square) -> tuple[int, ...]:
    """Places in `analyses`, in reading order. Documents of one group of the author's or of one folder stay together."""
    if not analyses:
        return ()
    total = before + _author_signs(analyses, navigation)
    chains = _chains(analyses, navigation)
    return tuple(_arrange(list(range(len(analyses))), chains, 0, total))


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


def _arrange(members: Sequence[int], chains: Sequence[tuple[str, ...]], depth: int, total: Square) -> list[int]:
    """The members in order, groups of this depth as wholes."""
    groups: dict[str, list[int]] = {}
    for one in members:
        chain = chains[one]
        groups.setdefault(chain[depth] if depth < len(chain) else f"\0{one}", []).append(one)
    names = list(groups)
    if len(names) == 1:
        only = groups[names[0]]
        return only if len(only) == 1 else _arrange(only, chains, depth + 1, total)
    between = np.array([[total[np.ix_(groups[a], groups[b])].mean() for b in names] for a in names])
    np.fill_diagonal(between, 0.0)
    ordered: list[int] = []
    for place in best_order(between):
        group = groups[names[place]]
        ordered += group if len(group) == 1 else _arrange(group, chains, depth + 1, total)
    return ordered


def _chains(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> list[tuple[str, ...]]:
    """Per document the groups it stands in, the widest first: the author's headings, else its folders."""
    listed: dict[str, tuple[str, ...]] = {}
    above: list[str] = []
    for number, entry in enumerate(navigation.entries):
        above = above[: entry.depth]
        if entry.path is not None:
            listed.setdefault(entry.path, tuple(above))
        above.append(f"{number} {entry.title}")
    by_folder = {path.rpartition("/")[0]: chain for path, chain in reversed(listed.items())}
    chains = []
    for analysis in analyses:
        folder = analysis.path.rpartition("/")[0]
        own = tuple(f"/{part}" for part in folder.split("/")) if folder else ()
        chains.append(listed.get(analysis.path, by_folder.get(folder, own)))
    return chains


def _author_signs(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> Square:
    count = len(analyses)
    place = {analysis.document_id: number for number, analysis in enumerate(reading_order(analyses, navigation))}
    listed = author_positions(analyses, navigation)
    trusted = _AUTHOR if not _by_name(analyses, listed) else _LISTED_BY_NAME
    numbered = _numbered(analyses)
    ranks = [rank_of(analysis) for analysis in analyses]
    apart = [is_apart(analysis.path, analysis.title) for analysis in analyses]
    signs = np.zeros((count, count))
    for i, one in enumerate(analyses):
        for j, other in enumerate(analyses):
            forward = 1.0 if place[one.document_id] < place[other.document_id] else -1.0
            if i == j:
                continue
            if apart[i] != apart[j]:
                signs[i, j] = _APART if apart[j] else -_APART
            elif one.document_id in listed and other.document_id in listed:
                signs[i, j] = trusted * forward
            elif one.document_id in listed or other.document_id in listed:
                signs[i, j] = _UNLISTED * forward
            elif i in numbered and j in numbered:
                signs[i, j] = _AUTHOR * forward
            elif ranks[i] != ranks[j]:
                signs[i, j] = _RANK if ranks[i] < ranks[j] else -_RANK
    return signs


def _by_name(analyses: Sequence[DocumentAnalysis], listed: Mapping[str, int]) -> bool:
    """Whether the author's contents merely follow the alphabet."""
    entries = sorted((a for a in analyses if a.document_id in listed), key=lambda a: listed[a.document_id])
    if len(entries) < _ENOUGH_ENTRIES:
        return False
    names = ([natural_key(a.title) for a in entries], [natural_key(a.path.rsplit("/", 1)[-1]) for a in entries])
    return max(sum(a <= b for a, b in pairwise(keys)) for keys in names) >= _ALPHABETICAL * (len(entries) - 1)


def _numbered(analyses: Sequence[DocumentAnalysis]) -> frozenset[int]:
    """Documents with a number in the name of their file or folder, when three in ten documents carry one."""
    found = [
        number
        for number, analysis in enumerate(analyses)
        if any(_NUMBER.search(part.rsplit(".", 1)[0].lower()) for part in analysis.path.split("/")[-2:])
    ]
    return frozenset(found) if len(found) >= _NUMBERED_SHARE * len(analyses) else frozenset()
