"""How much speaks for reading one of two documents first, weighed by what foretells human prerequisites. Pure.

`before[i, j]` is above zero when document i comes first, and the negative of `before[j, i]`.
The weights were fitted on the prerequisites that people wrote for eleven programming courses, and rounded;
`python -m bench.prerequisites` measures the order they give. Thousands of documents have to fit, so the arrays are of
32 bits, and the sum is made a few rows at a time.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.engine.types import DocumentAnalysis
from shared.language.terms import word_set

Square = NDArray[np.float32]

_NAMED, _NEEDED, _OPENS, _LATE = 0.7, 0.2, 2.0, 0.35
_ROWS_TOGETHER = 256
_SPOKEN = 0.5
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
class Weighed:
    """`before[i, j]` between -1 and 1: how much speaks for i before j. `named[i, j]`: document i names j's subject."""

    before: Square
    named: NDArray[np.bool_]


def weigh(analyses: Sequence[DocumentAnalysis]) -> Weighed:
    """How much speaks for which order of each pair of documents."""
    spoken = _mentions(analyses)
    named = spoken > _SPOKEN
    needed = named.sum(axis=0)
    early = np.array([_earliness(one) for one in analyses], dtype=np.float32)
    if len(analyses):
        early += np.float32(_NEEDED) * (needed - needed.mean()) / (needed.std() + 1e-9)
    total = np.empty_like(spoken)
    for rows in blocks(len(analyses)):
        total[rows] = np.float32(_NAMED) * (spoken.T[rows] - spoken[rows]) + early[rows, None] - early[None, :]
    total /= 2
    return Weighed(np.tanh(total, out=total), named)


def blocks(count: int) -> Iterator[slice]:
    """All rows of a square, a few at a time."""
    return (slice(start, start + _ROWS_TOGETHER) for start in range(0, count, _ROWS_TOGETHER))


def _earliness(analysis: DocumentAnalysis) -> float:
    """How early courses teach what a document is named for."""
    words = analysis.names[0].split() if analysis.names else []
    places = [_GROUND_OF[word] for word in words if word in _GROUND_OF]
    place = sum(places) / len(places) if places else _MIDDLE
    return _OPENS * any(word in _OPENING for word in words) - _LATE * place


def _mentions(analyses: Sequence[DocumentAnalysis]) -> Square:
    """[i, j]: the logarithm of how often i names what j is about."""
    about: dict[str, list[int]] = {}
    for j, analysis in enumerate(analyses):
        for key in dict.fromkeys(analysis.names):
            about.setdefault(key, []).append(j)
    spoken = np.zeros((len(analyses), len(analyses)), dtype=np.float32)
    for i, analysis in enumerate(analyses):
        said: Counter[str] = Counter()
        for section in analysis.sections:
            said.update(dict(section.mentions))
        for key in about.keys() & said.keys():
            spoken[i, about[key]] += said[key]
    np.fill_diagonal(spoken, 0)
    return np.log1p(spoken, out=spoken)
