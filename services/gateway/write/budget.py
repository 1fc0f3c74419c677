"""The model budget of an owner: how much the runs of a day or a month may use, in tokens or US dollars.

The use so far is read from the facts, and that of deleted courses from `deleted_use`. A run begins while something is
left. So the last run may pass the budget, by at most `ENGINE_TOKEN_CAP`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.state import Spent
from services.gateway.readmodels.courses import sum_spent
from services.gateway.write.deleted_use import sum_deleted_use
from shared.event_log.port import NewEvent
from shared.kernel.refusals import Refusal, Refused


@dataclass(frozen=True)
class BudgetLimits:
    """0 means no limit. Days and months are those of UTC."""

    tokens: int = 0
    usd: float = 0.0
    period: Literal["day", "month"] = "month"


@dataclass(frozen=True)
class Standing:
    """An owner's use in the period that goes on until `until`."""

    used: Spent
    until: datetime


class Budget:
    """Refuses what an owner has no budget for."""

    def __init__(
        self, engine: AsyncEngine, limits: BudgetLimits, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._engine, self.limits, self._now = engine, limits, now

    async def standing(self, owner: str) -> Standing:
        """The use of an owner in this period."""
        today = self._now().date()
        since = today if self.limits.period == "day" else today.replace(day=1)
        after = since + timedelta(days=1 if self.limits.period == "day" else 32)
        after = after if self.limits.period == "day" else after.replace(day=1)
        async with self._engine.connect() as connection:
            used = await sum_spent(connection, owner, since) + await sum_deleted_use(connection, owner, since)
        return Standing(used, datetime(after.year, after.month, after.day, tzinfo=UTC))

    async def require(self, owner: str, events: Iterable[NewEvent]) -> None:
        """Raise Refused when an event asks a model and nothing is left."""
        if not (self.limits.tokens or self.limits.usd):
            return
        if all(getattr(new.event, "engine", "offline") == "offline" for new in events):
            return
        standing = await self.standing(owner)
        used = standing.used
        over = []
        if self.limits.tokens and used.tokens >= self.limits.tokens:
            over.append(f"{used.tokens:,} of {self.limits.tokens:,} tokens")
        if self.limits.usd and used.usd >= self.limits.usd:
            over.append(f"{used.usd:.2f} of {self.limits.usd:.2f} US dollars")
        if over:
            detail = (
                f"The model budget of this {self.limits.period} is used: {' and '.join(over)}. It begins anew at "
                f"{standing.until:%Y-%m-%d %H:%M} UTC; the offline engine needs none."
            )
            seconds = max(1, int((standing.until - self._now()).total_seconds()))
            raise Refused(Refusal(429, "budget_exceeded", detail, retry_after_seconds=seconds))
