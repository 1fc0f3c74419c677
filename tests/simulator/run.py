"""Many seeds in a row."""

import contextlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import structlog

from tests.simulator.world import Outcome, Parts, simulate


@dataclass
class Summary:
    """The results of all seeds; `broken` in the order they ran."""

    runs: int = 0
    events: int = 0
    steps: int = 0
    seconds: float = 0.0
    ends: list[str] = field(default_factory=list)
    broken: list[Outcome] = field(default_factory=list)


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Faults are meant here: nothing is logged."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def run_seeds(seeds: Iterable[int], parts: Parts | None = None) -> Summary:
    """Every seed, whatever the others say."""
    summary = Summary()
    with silent():
        for seed in seeds:
            outcome = simulate(seed, parts)
            summary.runs += 1
            summary.events += outcome.events
            summary.steps += outcome.steps
            summary.seconds += outcome.seconds
            summary.ends += outcome.ends
            if outcome.broken:
                summary.broken.append(outcome)
    return summary


def first_broken(parts: Parts, seeds: Iterable[int]) -> Outcome | None:
    """The first seed that breaks these parts."""
    with silent():
        return next((outcome for seed in seeds if (outcome := simulate(seed, parts)).broken), None)
