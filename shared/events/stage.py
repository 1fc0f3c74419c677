"""Events every stage may write, each of its own runs."""

from datetime import datetime

from .base import SharedStageEvent


class StageRetryScheduled(SharedStageEvent):
    """An attempt failed for a passing reason; the next one starts no earlier than `not_before` (UTC), which was
    `delay_seconds` away (0: not recorded). A worker whose clock was set anew waits for that long, and no longer.
    """

    attempt: int
    not_before: datetime
    delay_seconds: float = 0.0
    error: str
    message: str

    def natural_key(self) -> str:
        return f"{self.attempt}"


class StageCanceled(SharedStageEvent):
    """The run was stopped on request; what was recorded stays."""

    reason: str


class StageDead(SharedStageEvent):
    """Attempts are exhausted; a dead letter holds the request."""

    reason: str
