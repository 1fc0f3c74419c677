"""Requests of each caller in a sliding window, counted in memory. `shared_counts` adds the counts of other processes.

The window is estimated from two fixed windows: the current one, and the share of the one before that still lies in it.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_MOST_CALLERS = 100_000  # in one window; those beyond are counted as one caller
_OTHERS = "others"


@dataclass(frozen=True)
class Standing:
    """A caller after a request: `remaining` requests at once, the window ends in `reset_seconds`. A request that was
    refused may be sent again after `retry_after_seconds`, which is 0 for one that was taken.
    """

    quota: int
    window_seconds: int
    remaining: int
    reset_seconds: int
    retry_after_seconds: int = 0

    def headers(self) -> dict[str, str]:
        """As in draft-ietf-httpapi-ratelimit-headers-10."""
        headers = {
            "RateLimit-Policy": f'"requests";q={self.quota};w={self.window_seconds}',
            "RateLimit": f'"requests";r={self.remaining};t={self.reset_seconds}',
        }
        return headers | ({"Retry-After": str(self.retry_after_seconds)} if self.retry_after_seconds else {})


@dataclass
class _Window:
    own: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    heard: dict[str, dict[str, int]] = field(default_factory=dict)  # by process
    told: set[str] = field(default_factory=set)  # callers whose count has changed since it was told

    def count(self, caller: str) -> int:
        return self.own[caller] + self.others[caller]


class RequestCounts:
    """The counts of one process, and what it heard of others. `clock` is the wall clock, which processes share.

    `quota` 0 means no limit. A refused request is not counted: a caller that keeps asking is not kept out for ever.
    """

    def __init__(self, quota: int, window_seconds: int, clock: Callable[[], float]) -> None:
        self.quota, self.window_seconds = quota, window_seconds
        self._clock = clock
        self._windows: dict[int, _Window] = {}

    def take(self, caller: str) -> Standing:
        """Count a request of a caller, or refuse it."""
        key, (index, elapsed) = _short(caller), self._now()
        before, window = self._window(index - 1), self._window(index)
        if key not in window.own and len(window.own) >= _MOST_CALLERS:
            key = _OTHERS
        earlier, current = before.count(key), window.count(key)
        left = self.quota - current - earlier * (1 - elapsed / self.window_seconds)
        reset = max(1, math.ceil(self.window_seconds - elapsed))
        if left < 1:
            wait = max(1, math.ceil(self._wait(earlier, current, elapsed)))
            return Standing(self.quota, self.window_seconds, 0, reset, wait)
        window.own[key] += 1
        window.told.add(key)
        return Standing(self.quota, self.window_seconds, math.floor(left) - 1, reset)

    def changed(self) -> dict[int, dict[str, int]]:
        """The counts of this process that have changed since the last call, by window and caller."""
        self._now()
        found = {index: {key: window.own[key] for key in window.told} for index, window in self._windows.items()}
        for window in self._windows.values():
            window.told = set()
        return {index: counts for index, counts in found.items() if counts}

    def hear(self, process: str, index: int, counts: Mapping[str, int]) -> None:
        """Take over the counts of another process. Counts only grow, so hearing them twice or late changes nothing."""
        current, _ = self._now()
        if index not in {current - 1, current, current + 1}:
            return
        window = self._window(index)
        known = window.heard.setdefault(process, {})
        for key, count in counts.items():
            more = count - known.get(key, 0)
            if more > 0 and len(window.others) < _MOST_CALLERS:
                known[key] = count
                window.others[key] += more

    def _wait(self, earlier: int, current: int, elapsed: float) -> float:
        """Seconds until one more request fits."""
        if current < self.quota:
            share = 1 - (self.quota - current - 1) / earlier
            return share * self.window_seconds - elapsed
        share = max(0.0, 1 - (self.quota - 1) / current)
        return self.window_seconds - elapsed + share * self.window_seconds

    def _now(self) -> tuple[int, float]:
        """The index of the current window, and the seconds that have passed of it. Older windows are forgotten."""
        now = self._clock()
        index = int(now // self.window_seconds)
        for old in [one for one in self._windows if one < index - 1]:
            del self._windows[old]
        return index, now - index * self.window_seconds

    def _window(self, index: int) -> _Window:
        return self._windows.setdefault(index, _Window())


def _short(caller: str) -> str:
    """A caller as it is told to other processes: neither a name nor an address."""
    return hashlib.sha256(caller.encode()).hexdigest()[:20]
