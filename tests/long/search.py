"""Looks for strings that take a reader more time than their length explains: all marks, all pairs, some triples."""

import gc
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from types import FrameType

from tests.support.processor_time import processor_seconds, slowness

Work = Callable[[str], object]
"""The work that is done with a text."""

Shape = Callable[[str, int], str]
"""A text of about a length, made of a string."""

_PARAGRAPH = 19_900  # as long as a line may be that is read
_SHORT = 10_000
_LONG = 100_000
_FEW_BLOCKS = 5_000
_SUSPICIOUS_SECONDS = 0.03
_MOST_SECONDS = 10.0
_SEVERAL = 4
_TRIES = 5
_MOST_GROWTH = 8.0  # for so many times the length; what grows with its square takes 16 times as long


class TooLong(Exception):
    """A text took longer than anybody waits for it."""


def as_line(seed: str, length: int) -> str:
    """One line, as long as the reader reads any, then the next."""
    line = "The widget says " + seed * (min(_PARAGRAPH, length) // len(seed))
    return "\n\n".join([line] * max(1, length // _PARAGRAPH)) + "\n"


def as_paragraph(seed: str, length: int) -> str:
    """One paragraph of many lines."""
    return "The widget says\n" + (seed * max(1, 70 // len(seed)) + "\n") * (length // 70)


def as_lines(seed: str, length: int) -> str:
    return (seed + "\n") * (length // (len(seed) + 1))


def as_blocks(seed: str, length: int) -> str:
    return (seed + "\n\n") * (length // (len(seed) + 2))


SHAPES = (as_line, as_paragraph, as_lines, as_blocks)


def seconds(work: Work, text: str) -> float:
    """Processor time of some work, which is given up after a while."""
    try:
        with _limited():
            return processor_seconds(lambda: work(text))
    except TooLong:
        return _MOST_SECONDS


@contextmanager
def _limited() -> Iterator[None]:
    def end(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, _MOST_SECONDS * slowness())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def is_slow(work: Work, seed: str, shape: Shape, allowed: float = 1.0) -> str:
    """How slow a repeated string is, or ""."""
    is_blocks = shape in (as_lines, as_blocks)
    short = shape(seed, _FEW_BLOCKS if is_blocks else _SHORT)
    before = seconds(work, short)
    if before < _SUSPICIOUS_SECONDS:
        return ""
    before = min(before, seconds(work, short))
    if before < _SUSPICIOUS_SECONDS:
        return ""
    # Thousands of tiny blocks may take their time, if it grows as they do.
    long, most = (
        (shape(seed, _SEVERAL * _FEW_BLOCKS), _MOST_GROWTH * before) if is_blocks else (shape(seed, _LONG), allowed)
    )
    after = _MOST_SECONDS
    for _ in range(_TRIES):  # the processor may be busy with others
        if (after := min(after, seconds(work, long))) < most:
            return ""
    return f"{seed!r} {shape.__name__}: {before:.3f} s for {len(short)} characters, {after:.1f} s for {len(long)}"


class Search:
    """A search that ends after some seconds, and says what it found as soon as it has it."""

    def __init__(self, budget: float) -> None:
        self._budget = budget
        gc.freeze()  # else each collection goes through all that pytest holds, and a longer text has more of them

    def slow(self, name: str, work: Work, marks: Sequence[str], allowed: float = 1.0) -> list[str]:
        """The slow ones among the marks, their pairs and triples: all while there is time, in a random order."""
        ends = time.monotonic() + self._budget
        found: list[str] = []
        tried = 0
        for seed in _strings(marks):
            for shape in SHAPES if seed in marks else SHAPES[:2]:
                if said := is_slow(work, seed, shape, allowed):
                    found.append(said)
                    _say(f"slow: {name} {said}")
            tried += 1
            if time.monotonic() > ends:
                break
        _say(f"{name}: {tried} strings tried, {len(found)} slow")
        return found


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _strings(marks: Sequence[str]) -> Iterator[str]:
    chance = random.Random()  # each search tries other strings; a string that is slow is printed itself
    yield from dict.fromkeys(marks)
    pairs = ["".join(pair) for pair in product(marks, repeat=2)]
    chance.shuffle(pairs)
    yield from pairs
    while True:
        yield "".join(chance.choices(marks, k=3))
