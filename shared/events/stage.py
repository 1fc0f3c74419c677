"""Events any stage may write."""

from datetime import datetime

from .base import Stage, StageEvent


class StageRetryScheduled(StageEvent):
    """An attempt failed for a passing reason; the next one starts no earlier than `not_before` (UTC)."""

    stage: Stage
    attempt: int
    not_before: datetime
    error: str
    message: str

    def natural_key(self) -> str:
        return f"{self.attempt}"


class StageCanceled(StageEvent):
    """The run was stopped on request; what was recorded stays."""

    stage: Stage
    reason: str


class StageDead(StageEvent):
    """Attempts are exhausted; a dead letter holds the request."""

    stage: Stage
    reason: str
