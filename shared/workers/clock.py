"""How long a worker process may go on: judged by what it used of the processor, because a busy machine is slow."""

import time

import psutil

from shared.workers.limits import Limits

# The timer inside the worker rings first. This is for work that does not hear it.
_GRACE_SECONDS = 5.0
_STILL_SECONDS = 60.0
_LOOK_SECONDS = 1.0
# A process that waits for something uses a little now and then.
_SIGN_OF_LIFE_SECONDS = 0.05


class ProcessClock:
    """Of one call: `allowed_seconds` of processor time from the first look on. Most calls end before that."""

    look_every_seconds = _LOOK_SECONDS

    def __init__(self, pid: int, allowed_seconds: float) -> None:
        self._pid, self._allowed = pid, Limits(processor_seconds=allowed_seconds)
        self._began: float | None = None
        self._moved = 0.0
        self._moved_at = time.monotonic()

    def overdue(self) -> str:
        """Why the worker has to be killed, for users; empty while it may go on."""
        used, now = self._used(), time.monotonic()
        if self._began is None:
            self._began = used
        if used - self._began > self._allowed.processor_seconds + _GRACE_SECONDS:
            return self._allowed.time_passed
        if used - self._moved >= _SIGN_OF_LIFE_SECONDS:
            self._moved, self._moved_at = used, now
        return "stands still" if now - self._moved_at > _STILL_SECONDS else ""

    def _used(self) -> float:
        try:
            times = psutil.Process(self._pid).cpu_times()
        except psutil.Error:  # it has ended: whoever waits for its answer hears of that
            return 0.0
        return float(times.user + times.system)
