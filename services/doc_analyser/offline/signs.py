"""Signs of which of two documents is best read first, weighed by how well each foretells human prerequisites. Pure.

Every sign is a square array: above zero at [i, j] when document i comes before document j, and the negative at [j, i].
The weights were fitted on the prerequisites that people wrote for eleven programming courses, and rounded;
`python -m bench.prerequisites` measures the order they give. Thousands of documents have to fit, so the arrays are of
32 bits, and each is added to the sum as soon as it is there, a few rows at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from shared.engine.types import DocumentAnalysis
from shared.language.terms import word_set

Square = NDArray[np.float32]
Rows = Callable[[slice], Square]
"""Some rows of a square: a temporary array of all rows would need as much memory as the square."""

_WEIGHTS = {"named": 0.7, "needed": 0.2, "opening": 2.0, "ground": 0.35}
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
class _Page:
    names: tuple[str, ...]
    mentions: Counter[str]

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
    """How much speaks for which order of each pair of documents."""
    pages = [_page(analysis) for analysis in analyses]
    spoken = _mentions(pages)
    named = spoken > _SPOKEN
    total = np.zeros_like(spoken)
    signs = _signs(pages, spoken, named)
    del spoken
    for name, rows_of in signs:
        for rows in blocks(len(pages)):
            total[rows] += rows_of(rows) * np.float32(_WEIGHTS[name])
        del rows_of  # and with it the square: the next one is about to be made
    total /= 2
    return Weighed(np.tanh(total, out=total), named)


def blocks(count: int) -> Iterator[slice]:
    """All rows of a square, a few at a time."""
    return (slice(start, start + _ROWS_TOGETHER) for start in range(0, count, _ROWS_TOGETHER))


def _signs(pages: Sequence[_Page], spoken: Square, named: NDArray[np.bool_]) -> Iterator[tuple[str, Rows]]:
    """The signs one after the other, before they are weighed. The square behind one is gone when the next is there."""
    yield "named", _less_reverse(spoken)
    del spoken
    yield "needed", _differences(_spread(named.sum(axis=0)))
    yield "opening", _differences([any(word in _OPENING for word in page.words) for page in pages])
    yield "ground", _differences([-_ground(page) for page in pages])


def _page(analysis: DocumentAnalysis) -> _Page:
    mentions: Counter[str] = Counter()
    for section in analysis.sections:
        mentions.update(dict(section.mentions))
    return _Page(analysis.names, mentions)


def _mentions(pages: Sequence[_Page]) -> Square:
    """[i, j]: the logarithm of how often i names what j is about."""
    about: dict[str, list[int]] = {}
    for j, page in enumerate(pages):
        for key in dict.fromkeys(page.names):
            about.setdefault(key, []).append(j)
    spoken = np.zeros((len(pages), len(pages)), dtype=np.float32)
    for i, page in enumerate(pages):
        for key in about.keys() & page.mentions.keys():
            spoken[i, about[key]] += page.mentions[key]
    np.fill_diagonal(spoken, 0)
    return np.log1p(spoken, out=spoken)


def _ground(page: _Page) -> float:
    places = [_GROUND_OF[word] for word in page.words if word in _GROUND_OF]
    return sum(places) / len(places) if places else _MIDDLE


def _less_reverse(square: Square) -> Rows:
    return lambda rows: square.T[rows] - square[rows]


def _differences(values: ArrayLike) -> Rows:
    column = np.asarray(values, dtype=np.float32)
    return lambda rows: column[rows, None] - column[None, :]


def _spread(values: NDArray[np.int_]) -> NDArray[np.float64]:
    """In units of the standard deviation."""
    return np.asarray((values - values.mean()) / (values.std() + 1e-9) if len(values) else values, dtype=np.float64)
