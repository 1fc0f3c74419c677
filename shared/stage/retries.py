"""When a request is worked on again: what the broker is told of a delivery, and how long a run waits."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.stage.ledger import Ledger

# A run that waits hears of a cancel request or a deletion when its request is delivered again.
LONGEST_UNHEARD_SECONDS = 15.0
_WAITS_REMEMBERED = 10_000
_MOST_SPREAD = 1.1


@dataclass(frozen=True)
class RetryPolicy:
    """Delay of the n-th retry: first × 2^(n−1), at most `longest`, seconds; attempts in all. A server that asks to
    wait longer is waited for, up to `longest_asked_seconds`.
    """

    attempts: int
    first_seconds: float
    longest_seconds: float
    longest_asked_seconds: float

    def delay_seconds(self, attempt: int, spread: float) -> float:
        """`spread` in [0, 1) adds up to 10 %, so that runs that failed together do not come back together."""
        return min(self.first_seconds * 2.0 ** (attempt - 1), self.longest_seconds) * (1 + (_MOST_SPREAD - 1) * spread)


@dataclass(frozen=True)
class Finished:
    """The request needs nothing more: acknowledge it. `outcome` is that of an attempt made now: complete, canceled, or
    the code of an error; empty when there was nothing to do.
    """

    outcome: str = field(default="", compare=False)


@dataclass(frozen=True)
class Postponed:
    """Deliver the request again after a delay."""

    delay_seconds: float


@dataclass(frozen=True)
class Abandoned:
    """Another worker has the run: say nothing to the broker."""


Verdict = Finished | Postponed | Abandoned


class Waits:
    """The waits that runs of this process were told of."""

    def __init__(self, policy: RetryPolicy, clock: Callable[[], datetime]) -> None:
        self._policy, self._clock = policy, clock
        self._due: dict[str, tuple[datetime, float]] = {}

    def left_seconds(self, run_id: str, ledger: Ledger[Any]) -> float:
        """Until the next attempt: by the clock, or by the time that passed since this process first heard of the wait.
        A clock that was set back would strand the run.
        """
        now = asyncio.get_running_loop().time()
        if ledger.not_before is None:
            self._due.pop(run_id, None)
            return 0.0
        by_clock = (ledger.not_before - self._clock()).total_seconds()
        known, due = self._due.get(run_id, (None, 0.0))
        if known != ledger.not_before:
            if len(self._due) >= _WAITS_REMEMBERED:
                self._due.clear()
            longest = max(self._policy.longest_seconds, self._policy.longest_asked_seconds) * _MOST_SPREAD
            due = now + min(by_clock, ledger.delay_seconds or longest, longest)
            self._due[run_id] = ledger.not_before, due
        return min(by_clock, due - now)
