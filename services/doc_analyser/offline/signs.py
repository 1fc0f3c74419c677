"""Signs of which of two documents is best read first, weighed by how well each foretells human prerequisites. Pure.

Every sign is a square array: above zero at [i, j] when document i comes before document j, and the negative at [j, i].
The weights were fitted on the prerequisites that people wrote for eleven programming courses (CONTRIBUTING.md says
how to measure them); an equal vote of the same signs does worse than the best one alone.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.engine.terms import singular, word_set
from shared.engine.types import DocumentAnalysis

Square = NDArray[np.float64]

_WEIGHTS = {"named": 0.7, "needed": 0.2, "code": 0.6, "opening": 2.0, "contained": 0.9, "ground": 0.25}
_SPOKEN = 0.5
_LEAST_HOME = 0.3
_OPENING = word_set("basic introduction intro overview fundamental")

# Where general courses of computing place what a document is named for: the earlier the line, the earlier it is taught.
_GROUND = """
    basic introduction intro overview fundamental install installation start started quickstart syntax hello
    number integer boolean bool string character variable arithmetic comparison operator expression constant value
    conditional if else switch function list array loop tuple comment vector while for cond case
    map dict dictionary set hash struct record enum scope recursion nil null range module argument parameter setting
    class object method exception error iterator closure lambda pattern matching guard stream constructor import package
    interface inheritance generic protocol polymorphism trait overload type template abstract attribute plugin extension
    concurrency thread process async promise callback macro decorator generator metaprogramming reflection memory actor
"""
_GROUND_OF = {word: float(place) for place, line in enumerate(_GROUND.strip().splitlines()) for word in line.split()}
_MIDDLE = 3.5


@dataclass(frozen=True)
class _Page:
    names: tuple[str, ...]
    mentions: Counter[str]
    code: Counter[str]
    marked: Counter[str]

    @property
    def words(self) -> list[str]:
        """The words of its main name."""
        return self.names[0].split() if self.names else []


@dataclass(frozen=True)
class Weighed:
    """`before[i, j]` between -1 and 1: how much speaks for i before j. `named[i, j]`: document i names j's subject."""

    before: Square
    named: NDArray[np.bool_]


def weigh(analyses: Sequence[DocumentAnalysis]) -> Weighed:
    """What speaks for which order of each pair of documents."""
    pages = [_page(analysis) for analysis in analyses]
    spoken = _mentions(pages)
    signs = sign_arrays(pages, spoken)
    total = sum((_WEIGHTS[name] * array for name, array in signs.items()), np.zeros((len(pages), len(pages))))
    return Weighed(np.asarray(np.tanh(total / 2), dtype=np.float64), spoken > _SPOKEN)


def sign_arrays(pages: Sequence[_Page], spoken: Square) -> dict[str, Square]:
    """The signs by name, before they are weighed."""
    opening = np.array([float(any(word in _OPENING for word in page.words)) for page in pages])
    return {
        "named": spoken.T - spoken,
        "needed": _spread((spoken > _SPOKEN).sum(axis=0).astype(np.float64)),
        "code": _antisymmetric(_uses_of_code(pages)),
        "opening": opening[:, None] - opening[None, :],
        "contained": _antisymmetric(_contains(pages)),
        "ground": _differences(np.array([-_ground(page) for page in pages])),
    }


def _page(analysis: DocumentAnalysis) -> _Page:
    mentions: Counter[str] = Counter()
    for section in analysis.sections:
        mentions.update(dict(section.mentions))
    return _Page(analysis.names, mentions, Counter(dict(analysis.code_names)), Counter(dict(analysis.marked_names)))


def _mentions(pages: Sequence[_Page]) -> Square:
    """[i, j]: the logarithm of how often i names what j is about."""
    count = len(pages)
    spoken = np.zeros((count, count))
    for j, page in enumerate(pages):
        keys = sorted(set(page.names))
        for i, other in enumerate(pages):
            if i != j:
                spoken[i, j] = math.log1p(sum(other.mentions[key] for key in keys))
    return spoken


def _uses_of_code(pages: Sequence[_Page]) -> Square:
    """[i, j]: how much the code of i uses names that are explained in j."""
    count = len(pages)
    users = Counter(name for page in pages for name in page.code)
    used = np.zeros((count, count))
    for name, (home, certainty) in _homes_of_names(pages).items():
        weight = certainty * (0.3 + math.log((count + 1) / max(1, users[name])))
        for i, page in enumerate(pages):
            if i != home and name in page.code:
                used[i, home] += weight
    return np.log1p(used)


def _homes_of_names(pages: Sequence[_Page]) -> dict[str, tuple[int, float]]:
    """Identifier → the document that explains it, and how far ahead of the next one it is (0 to 1)."""
    marked_total = [math.sqrt(sum(page.marked.values()) + 30) for page in pages]
    code_total = [math.sqrt(sum(page.code.values()) + 50) for page in pages]
    where: dict[str, set[int]] = {}
    for i, page in enumerate(pages):
        for name in page.code:
            where.setdefault(name, set()).add(i)
    for i, page in enumerate(pages):
        for name in page.marked:
            if name in where:
                where[name].add(i)
    homes: dict[str, tuple[int, float]] = {}
    for name in sorted(where):
        scores = sorted(
            (
                pages[i].marked[name] / marked_total[i]
                + 0.5 * pages[i].code[name] / code_total[i]
                + (1.0 if singular(name.lower()) in pages[i].words else 0.0),
                -i,
            )
            for i in where[name]
        )
        best = scores[-1]
        if best[0] >= _LEAST_HOME:
            second = scores[-2][0] if len(scores) > 1 else 0.0
            homes[name] = (-best[1], 1 - second / best[0])
    return homes


def _contains(pages: Sequence[_Page]) -> Square:
    """[i, j]: 1 when the name of i is longer and holds a word of the name of j ("list methods", "lists")."""
    count = len(pages)
    holds = np.zeros((count, count))
    for i, page in enumerate(pages):
        for j, other in enumerate(pages):
            if len(other.words) < len(page.words) and set(other.words) & set(page.words):
                holds[i, j] = 1.0
    return holds


def _ground(page: _Page) -> float:
    places = [_GROUND_OF[word] for word in page.words if word in _GROUND_OF]
    return sum(places) / len(places) if places else _MIDDLE


def _antisymmetric(used: Square) -> Square:
    return np.asarray(used.T - used, dtype=np.float64)


def _differences(values: NDArray[np.float64]) -> Square:
    return np.asarray(values[:, None] - values[None, :], dtype=np.float64)


def _spread(values: NDArray[np.float64]) -> Square:
    """Differences in units of the standard deviation."""
    return _differences((values - values.mean()) / (values.std() + 1e-9) if len(values) else values)
