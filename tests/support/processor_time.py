"""Processor time at the pace of the machine that limits are written for."""

import re
from collections.abc import Callable
from time import process_time

_USUAL_SECONDS = 0.002  # the yardstick on that machine
_TEXT = "The wheel turns 42 times. " * 800


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time of some work; less where the machine is slower than the usual one, now, by a yardstick."""
    before = slowness()
    began = process_time()
    work()
    seconds = process_time() - began
    return seconds * 2 / (before + slowness())


def slowness() -> float:
    """How many times as long as usual this machine takes at the moment, 1 at least."""
    began = process_time()
    total, seen = 0, {}
    for number in range(14_000):
        total += number * number
        seen[number % 1_000] = total
    re.findall(r"\w+ \d+", _TEXT)
    return max(1.0, (process_time() - began) / _USUAL_SECONDS)
