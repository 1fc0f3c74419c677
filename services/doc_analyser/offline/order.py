"""The order in which documents are best read: the author's where it says something, else what the signs prove. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from posixpath import basename, commonprefix, dirname, splitext

import numpy as np
from numpy.typing import NDArray

from services.doc_analyser.offline.signs import Square, blocks
from shared.docs.folders import ancestors
from shared.docs.navigation import Navigation
from shared.engine.reading_order import (
    author_positions,
    home_folders,
    is_apart,
    is_corner,
    is_front,
    natural_key,
    opening_paths,
    rank_of,
    reading_order,
)
from shared.engine.titles import is_front_page
from shared.engine.types import DocumentAnalysis

_AUTHOR = 1.2
"""Outweighs the signs, which stay below 1."""
_CONTENTS = 3.0
"""Contents that an author wrote, and numbers in names, outweigh all signs together, as does that contents leave a
document out."""
_LISTED_BY_NAME = 0.15
_RANK = 0.3
_APART = 4.0
_ALPHABETICAL = 0.85
_ENOUGH_ENTRIES = 5
_NUMBERED_SHARE = 0.3
_PASSES = 40
_ABOUT = re.compile(r"(?i)(?:about|overview|introduction|intro)\b")
_TEACHING = re.compile(r"(?:^|/)(?:docs|documentation|get(?:ting)?[-_]?started|introduction)\.\w+$", re.IGNORECASE)
"""A page of a folder that teaches what the others go into, by its name."""
_NUMBER = re.compile(r"(?:^|[-_ ])(\d+)(?:[-_. ]|$)|^[a-z]+(\d+)$")


@dataclass(frozen=True)
class AuthorsOrder:
    """The order as the author gives it: signs of each pair of documents, and the groups each document stands in."""

    signs: Square
    chains: Sequence[tuple[str, ...]]
    silent: Sequence[bool]

    def order(self, before: Square) -> tuple[int, ...]:
        """The places of documents in reading order; those of one group of the author's or of one folder together."""
        return tuple(self._arrange(range(len(self.chains)), 0, before + self.signs)) if self.chains else ()

    def _arrange(self, members: Sequence[int], depth: int, total: Square) -> list[int]:
        """The members in order, groups of this depth as wholes; silent ones (people, say) move no group."""
        groups: dict[str, list[int]] = {}
        for one in members:
            chain = self.chains[one]
            groups.setdefault(chain[depth] if depth < len(chain) else f"\0{one}", []).append(one)
        own = list(groups.values())
        speaking = [[one for one in group if not self.silent[one]] or group for group in own]
        order = best_order(_between(speaking, total)) if len(own) > 1 else [0]
        inner = (own[place] for place in order)
        return [
            one for group in inner for one in (group if len(group) == 1 else self._arrange(group, depth + 1, total))
        ]


def read_author(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> AuthorsOrder:
    """The author's order of these documents, from the contents, from numbers in names and from kinds of documents."""
    apart = [one.is_entry or is_apart(one.path, one.title) for one in analyses]
    families = _families(analyses, navigation)
    silent = [is_last or len(families[one.path]) > 1 for one, is_last in zip(analyses, apart, strict=True)]
    signs = _author_signs(analyses, navigation, apart, families)
    return AuthorsOrder(signs, _chains(analyses, navigation, families), silent)


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


def _chains(
    analyses: Sequence[DocumentAnalysis], navigation: Navigation, families: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, ...]]:
    """Per document the groups it stands in, the widest first: the author's headings, else those that all listed
    documents of its folder share, else its folders.
    """
    paths = [analysis.path for analysis in analyses]
    above: list[tuple[int, str]] = []  # an entry may stand more than one step below the entry above it
    listed: dict[str, tuple[str, ...]] = {}
    lists = () if is_corner({*paths}, navigation) else _lists(paths, navigation)
    for number, (entry, (_, folder)) in enumerate(zip(navigation.entries, lists, strict=bool(lists))):
        while above and above[-1][0] >= entry.depth:
            above.pop()
        if entry.path is not None:
            around = (f"/{part}" for part in folder.split("/")[:-1])
            listed.setdefault(entry.path, (*around, *(name for _, name in above)))
        above.append((entry.depth, f"{number} {entry.title}"))
    shared: dict[str, tuple[str, ...]] = {}
    for path, chain in listed.items():
        folder = dirname(path)
        shared[folder] = tuple(commonprefix([shared.get(folder, chain), chain]))
    opening = dict.fromkeys(opening_paths(paths), ())
    homes = home_folders(paths)
    for path in (path for path in paths if path in listed and homes[path] not in {*shared, dirname(path)}):
        shared[homes[path]] = listed[path] = (*listed[path], f"/{basename(homes[path])}")  # the page opens the folder
    known = {
        path: shared.get(homes[path]) or tuple(f"/{part}" for part in homes[path].split("/") if part) for path in paths
    }
    chains = known | opening | listed
    opening_others = {one for family in families.values() for one in family[:-1]}
    own = (families[path] for path in paths)
    return [(*chains[family[0]], *(f"/{one}" for one in family if one in opening_others)) for family in own]


def _families(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> dict[str, tuple[str, ...]]:
    """Path → the pages of its folder whose names its own goes on from, as `git-remote-add` from `git-remote`, and it.

    Contents place a page they list. They list a family by its first page.
    """
    listed = author_positions(analyses, navigation)
    by_name = {(dirname(one.path), _words_of(one.path)): one for one in analyses if not is_front(one.path)}
    found: dict[str, tuple[str, ...]] = {one.path: (one.path,) for one in analyses}
    for (folder, words), one in sorted(by_name.items(), key=lambda item: item[0]):
        shorter = (by_name.get((folder, words[:end])) for end in range(len(words) - 1, 0, -1))
        if (parent := next(filter(None, shorter), None)) and one.document_id not in listed:
            found[one.path] = (*found[parent.path], one.path)
    return found


def _words_of(path: str) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """The words of a file's name as sort keys."""
    return tuple(natural_key(one) for one in re.split(r"[-_ ]+", splitext(basename(path))[0]) if one)


def _lists(paths: Sequence[str], navigation: Navigation) -> list[tuple[int, str]]:
    """Per entry the number of its list, and the folder, with a slash, that the list orders; "" for all documents.

    Pages with links are a list each: a first page, and one that lists most documents, orders all, another its folder.
    """
    entries = navigation.entries
    if len(entries) < 2 or entries[0].path != navigation.origin or not entries[1].depth:
        return [(0, "")] * len(entries)
    starts = [at for at, one in enumerate(entries) if not one.depth]
    found: list[tuple[int, str]] = []
    for number, (start, end) in enumerate(pairwise([*starts, len(entries)])):
        page = entries[start].path or ""
        is_of_all = is_front_page(page) or 2 * (end - start) >= len(paths)
        found += [(number, "" if is_of_all else page[: page.rfind("/") + 1])] * (end - start)
    return found


def _author_signs(
    analyses: Sequence[DocumentAnalysis],
    navigation: Navigation,
    apart: Sequence[bool],
    families: Mapping[str, tuple[str, ...]],
) -> Square:
    count = len(analyses)
    order = {analysis.document_id: number for number, analysis in enumerate(reading_order(analyses, navigation))}
    places = np.array([order[analysis.document_id] for analysis in analyses])
    listed = author_positions(analyses, navigation)
    series = _numbered(analyses)
    numbered = series >= 0
    paths = [analysis.path for analysis in analyses]
    lists = _lists(paths, navigation)
    number = np.array([lists[listed[one.document_id]][0] if one.document_id in listed else -1 for one in analyses])
    in_contents = number >= 0
    # [list, document]: whether the list says where the document stands. The last row is that of documents in none.
    places_it = np.zeros((len({*lists}) + 1, count), dtype=bool)
    for own, folder in {*lists}:
        places_it[own] = (number == own) | np.array([path.startswith(folder) for path in paths])
    told = in_contents | numbered
    named = [one for one, free in zip(analyses, in_contents & ~numbered, strict=True) if free]
    by_name = _folders_by_name(analyses, named, listed)
    is_written = "." in navigation.origin.rpartition("/")[2]
    ranks = np.array([rank_of(analysis) for analysis in analyses], dtype=np.int8)
    # The first page of the repository opens it unless the author places it, and what is apart comes last.
    opening = opening_paths(paths)
    stages = np.array(apart, dtype=np.int8) - (~told & np.array([path in opening for path in paths], dtype=bool))
    signs = np.zeros((count, count), dtype=np.float32)
    for some in blocks(count):
        rows = signs[some]
        rows += np.float32(_RANK) * np.sign(ranks[None, :] - ranks[some, None])
        forward = np.where(places[some, None] < places[None, :], np.float32(1), np.float32(-1))
        are_listed = in_contents[some, None] & in_contents[None, :]
        are_placed = places_it[number[some]] | places_it[:, some][number].T
        are_by_name = (by_name[some, None] >= 0) & (by_name[some, None] == by_name[None, :])
        for both, weight in (
            (are_placed, np.float32(_CONTENTS)),
            (are_placed & are_listed, np.float32(_CONTENTS if is_written else _AUTHOR)),
            (are_placed & are_listed & are_by_name, np.float32(_LISTED_BY_NAME)),
            (numbered[some, None] & (series[some, None] == series[None, :]), np.float32(_CONTENTS)),
        ):
            np.multiply(forward, weight, out=rows, where=both)
    homes = home_folders(paths)
    leading = {homes[path]: at for at, path in enumerate(paths) if is_front(path) or homes[path] != dirname(path)}
    by_path = sorted(range(count), key=paths.__getitem__, reverse=True)  # of several the first one
    teaching = {dirname(paths[at]): at for at in by_path if _TEACHING.search(paths[at])}
    for at in (at for at, path in enumerate(paths) if not told[at]):
        for folder in (homes[paths[at]], *ancestors(homes[paths[at]])):
            front, text = leading.get(folder), teaching.get(folder)
            for first, worth in ((text if at != front else None, _AUTHOR), (front, _CONTENTS)):
                if first not in (None, at) and not told[first]:
                    signs[first, at], signs[at, first] = worth, -worth
    members: dict[str, list[int]] = {}
    for at in sorted(range(count), key=lambda at: _words_of(paths[at])):
        members.setdefault(families[paths[at]][0], []).append(at)
    for family in members.values():  # many are entries, which stand by name; of few only the first one's place is known
        for end in range(1, len(family)):
            earlier = family[: end if len(family) >= _ENOUGH_ENTRIES else 1]
            signs[earlier, family[end]], signs[family[end], earlier] = _AUTHOR, -_AUTHOR
    for some in blocks(count):
        later = np.sign(stages[None, :] - stages[some, None])
        np.multiply(later, np.float32(_APART), out=signs[some], where=later != 0)
    np.fill_diagonal(signs, 0)
    return signs


def _by_name(analyses: Sequence[DocumentAnalysis], listed: Mapping[str, int]) -> bool:
    """Whether the author's contents list these documents merely by the alphabet, but for an index before them."""
    entries = sorted((a for a in analyses if not is_front(a.path)), key=lambda a: listed[a.document_id])
    if len(entries) < _ENOUGH_ENTRIES:
        return False
    names = ([natural_key(a.title) for a in entries], [natural_key(a.path.rsplit("/", 1)[-1]) for a in entries])
    return max(sum(a < b for a, b in pairwise(keys)) for keys in names) >= _ALPHABETICAL * (len(entries) - 1)


def _folders_by_name(
    analyses: Sequence[DocumentAnalysis], named: Sequence[DocumentAnalysis], listed: Mapping[str, int]
) -> NDArray[np.int_]:
    """Per document the number of its folder, if the author's contents list that by the alphabet; else -1. A page about
    the others that is listed first is so by intent.
    """
    inside: dict[str, list[DocumentAnalysis]] = {dirname(one.path): [] for one in analyses}
    for one in named:
        inside[dirname(one.path)].append(one)
    found = {folder: at if _by_name(own, listed) else -1 for at, (folder, own) in enumerate(inside.items())}
    first = {min(own, key=lambda one: listed[one.document_id]).document_id for own in inside.values() if own}
    opening = {one.document_id for one in named if one.document_id in first and _ABOUT.match(one.title)}
    return np.array([-1 if one.document_id in opening else found[dirname(one.path)] for one in analyses])


def _numbered(analyses: Sequence[DocumentAnalysis]) -> NDArray[np.int_]:
    """Per document the folder in which a number places it or its folder, as at least two names of it and three in ten
    have one; else -1.
    """
    steps = [(dirname(one.path), one.path) for one in analyses]
    names = {path for both in steps for path in both if path}
    with_number = {path for path in names if _NUMBER.search(splitext(basename(path))[0].lower())}
    every, some = (Counter(map(dirname, paths)) for paths in (names, with_number))
    counting = {folder: at for at, folder in enumerate(some) if some[folder] >= max(2, _NUMBERED_SHARE * every[folder])}
    found = ([counting.get(dirname(path), -1) for path in both if path in with_number] for both in steps)
    return np.fromiter((next((at for at in own if at >= 0), -1) for own in found), dtype=np.int_, count=len(steps))
