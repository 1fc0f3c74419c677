"""Cutting a line of slices into modules of sensible size, where the author cut too. Pure dynamic programming."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log

from shared.engine.offline.pathways_tree import Slice
from shared.engine.offline.titles import is_generic
from shared.engine.offline.topics import group_strength, weigh_groups
from shared.engine.reading_order import is_apart
from shared.engine.terms import singular

# Costs in one unit: a module twice or half the wished size costs about one half.
_SIZE, _TOO_LONG = 1.0, 1.8
_CUT_INSIDE_GROUP = 0.35
_CUT_INSIDE_DOCUMENT = 0.8
_MIXED_TOP_GROUPS = 0.9
_MIXED_GROUPS = 0.45
_MIXED_WITH_PROJECT = 1.5
_UNLIKE_NEIGHBOURS = 0.25
_TOO_MANY_DOCUMENTS = 12
_LONGEST_RUN = 80
# A run of more than so many times the wished minutes is not looked at.
_LONGEST = 4.0
_NO_THEME = 1.2


def wished_modules(documents: int, minutes: float, slices: int) -> int:
    """How many modules suit the material: about ten up to 60 documents, up to 40 for more, none under ten minutes
    if three can be had otherwise.
    """
    if documents <= 25:
        wish = 3.5 + 0.26 * documents
    elif documents <= 60:
        wish = 10 + (documents - 25) / 17
    else:
        wish = min(40.0, max(12 + (documents - 60) / 16, minutes / 75))
    if documents <= 4:
        wish = min(6.0, max(3.0, minutes / 20))
    return max(1, min(slices, max(3 if minutes >= 6 else 2, min(round(wish), int(minutes // 10)))))


def split_slices(slices: Sequence[Slice], modules: int) -> list[tuple[Slice, ...]]:
    """The slices in order, cut into about that many runs: even in reading time, along the author's groups, and
    between unlike neighbours rather than like ones.
    """
    if not slices:
        return []
    wish = max(1.0, sum(one.minutes for one in slices) / max(1, modules))
    joints = [_Joint(left, right) for left, right in pairwise(slices)]
    # The cheapest place to cut costs nothing, or a course of one document would never be parted.
    free = min((joint.cut for joint in joints), default=0.0)
    groups = {step: minutes for step, minutes in weigh_groups(slices).items() if not is_generic(step[1])}
    keys = [_keys_of(one) for one in slices]
    best = [0.0] + [float("inf")] * len(slices)
    start_of = [0] * (len(slices) + 1)
    for end in range(1, len(slices) + 1):
        minutes = inside = 0.0
        documents: set[str] = set()
        theme = _Theme(groups)
        for start in range(end - 1, max(-1, end - 1 - _LONGEST_RUN), -1):
            minutes += slices[start].minutes
            documents.add(slices[start].analysis.document_id)
            if start < end - 1:
                inside += joints[start].kept
            cut = joints[start - 1].cut - free if start else 0.0
            theme.add(slices[start], keys[start])
            size = _size_cost(minutes, wish, len(documents))
            cost = round(best[start] + size + _NO_THEME * (1.0 - theme.strength()) + inside + cut, 9)
            if cost < best[end]:
                best[end], start_of[end] = cost, start
            if minutes > _LONGEST * wish and start < end - 1:
                break
    runs: list[tuple[Slice, ...]] = []
    end = len(slices)
    while end:
        runs.append(tuple(slices[start_of[end] : end]))
        end = start_of[end]
    return runs[::-1]


def _size_cost(minutes: float, wish: float, documents: int) -> float:
    cost = _SIZE * log(max(minutes, 0.5) / wish) ** 2 * (_TOO_LONG if minutes > wish else 1.0)
    return cost + 0.3 * max(0, documents - _TOO_MANY_DOCUMENTS)


class _Joint:
    """What it costs to cut between two neighbours, and to keep them together."""

    def __init__(self, left: Slice, right: Slice) -> None:
        shared = 0
        for one, other in zip(left.trail, right.trail, strict=False):
            if one != other:
                break
            shared += 1
        same_document = left.analysis.document_id == right.analysis.document_id
        same_group = left.trail == right.trail
        unlike = 1.0 - _likeness(left.terms, right.terms)
        top = shared == 0 and (bool(left.trail) or bool(right.trail))
        self.cut = _CUT_INSIDE_DOCUMENT if same_document else _CUT_INSIDE_GROUP if same_group else 0.1 * shared
        self.cut += _UNLIKE_NEIGHBOURS * (1.0 - unlike)
        apart = 0.0 if same_group else _MIXED_TOP_GROUPS if top else _MIXED_GROUPS
        self.kept = 0.0 if same_document else apart + _UNLIKE_NEIGHBOURS * unlike * 0.2
        if is_apart(left.analysis.path, left.analysis.title) != is_apart(right.analysis.path, right.analysis.title):
            self.cut, self.kept = 0.0, _MIXED_WITH_PROJECT


def _keys_of(one: Slice) -> tuple[str, ...]:
    """How a document's title begins and ends: what neighbours may have in common."""
    words = one.analysis.title.lower().split()
    return (f"{singular(words[-1])}$", f"^{words[0]}") if len(words) > 1 else ()


class _Theme:
    """How well a run can be called by a name, as slices are put in front of it: 1 for a document or a whole group."""

    def __init__(self, groups: Mapping[tuple[str, str], float]) -> None:
        self._groups = groups
        self._documents: dict[str, float] = {}
        self._inside: dict[tuple[str, str], float] = {}
        self._heads: dict[str, float] = {}
        self._total = 0.0

    def add(self, one: Slice, keys: Sequence[str]) -> None:
        """Put a slice in front; `keys` are its `_keys_of`."""
        self._total += one.minutes
        document_id = one.analysis.document_id
        self._documents[document_id] = self._documents.get(document_id, 0.0) + one.minutes
        for step in one.trail:
            if step in self._groups:
                self._inside[step] = self._inside.get(step, 0.0) + one.minutes
        for key in keys:
            self._heads[key] = self._heads.get(key, 0.0) + one.minutes

    def strength(self) -> float:
        """The best theme's, 0 to 1."""
        if len(self._documents) == 1:
            return 1.0
        total = max(self._total, 0.01)
        heaviest = sorted(self._documents.values(), reverse=True)
        two = 0.25 + 0.65 * sum(heaviest[:2]) / total
        group = max((group_strength(m, total, self._groups[s]) for s, m in self._inside.items()), default=0.0)
        shared = max(self._heads.values(), default=0.0) / total
        return max(two, group, 0.85 * shared if shared > 0.9 else 0.0)


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / max(1, min(len(left), len(right)))
