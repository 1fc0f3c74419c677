"""A promise of reliability in these tests: a sentence, and a run that tries to break it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Scale(StrEnum):
    """`quick` is what CI has time for, `full` what `make faults` runs."""

    quick = "quick"
    full = "full"


@dataclass(frozen=True)
class Outcome:
    """The result of a promise. `lost` and `doubled` count effects; `failures` are sentences, one per broken run."""

    runs: int
    lost: int = 0
    doubled: int = 0
    failures: tuple[str, ...] = ()
    figures: Mapping[str, object] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """At least one run was made, and nothing was lost, doubled or broken otherwise."""
        return self.runs > 0 and not (self.lost or self.doubled or self.failures)


@dataclass(frozen=True)
class Promise:
    """`prove(scale, folder)` starts its own servers below the empty folder, stops them, and says what it saw.

    Promises that look at the same runs name them in `evidence`: one process tries them, so the runs are made once.
    `alone`: it counts seconds or attempts, so nothing may run beside it.
    """

    id: str
    text: str
    prove: Callable[[Scale, Path], Outcome]
    evidence: str = ""
    alone: bool = False
