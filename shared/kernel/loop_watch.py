"""How late the event loop of a process is. Work that keeps it busy keeps everybody else of the process waiting."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator

import structlog
from prometheus_client import CollectorRegistry, Gauge

from shared.kernel.beside import beside

log = structlog.get_logger(__name__)

_EVERY_SECONDS = 0.25
_REMEMBERED_SECONDS = 30.0
# Far above what a busy machine makes of a moment, and below the time after which callers give up.
_LAGGING_SECONDS = 2.0


class LoopWatch:
    """Wakes again and again, and measures how much too late. A loop that stands still answers nobody, this watch
    included: its lag is seen once it goes on, and for a while after.
    """

    def __init__(self) -> None:
        self._lags: deque[tuple[float, float]] = deque()  # when, and how late; each less than the one before it
        self._due: float | None = None

    async def run(self) -> None:
        """Measure until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                due = self._due = loop.time() + _EVERY_SECONDS
                await asyncio.sleep(_EVERY_SECONDS)
                now = loop.time()
                self._note(now, now - due)
        finally:
            self._due = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Measure until the end of the block."""
        async with beside(self.run()):
            yield

    def _note(self, now: float, lag: float) -> None:
        if lag > _LAGGING_SECONDS:
            log.warning("event_loop_lagged", seconds=round(lag, 3))
        while self._lags and self._lags[-1][1] <= lag:
            self._lags.pop()
        self._lags.append((now, lag))
        while now - self._lags[0][0] > _REMEMBERED_SECONDS:
            self._lags.popleft()

    def seconds(self) -> float:
        """The longest lag of the last half minute, one that goes on included."""
        longest = self._lags[0][1] if self._lags else 0.0
        if self._due is None:
            return longest
        return max(longest, asyncio.get_running_loop().time() - self._due)

    @property
    def lags(self) -> bool:
        """Whether callers had to wait for long."""
        return self.seconds() > _LAGGING_SECONDS

    def show_in(self, registry: CollectorRegistry) -> None:
        """As a figure."""
        name = "coursewright_event_loop_lag_seconds"
        gauge = Gauge(name, "Longest time the event loop was late in the last half minute", registry=registry)
        gauge.set_function(self.seconds)
