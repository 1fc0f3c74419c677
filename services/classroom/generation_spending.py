"""What the generation of courses costs a school, in the account that its tutor has (table `app.model_spending`).

The pipeline asks models with the operator's key, so no key of the school pays for it. A job has one row for each month
in which its course at the gateway used models: what the gateway counted there, and before a stage begins what the stage
may cost besides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.classroom.contents import Content, Generation
from shared.classroom.model_budget import Asking, BudgetSettings, PaidBy, model_spending, reserve
from shared.classroom.model_keys import find_model_key

_one = model_spending.c


@dataclass(frozen=True)
class Used:
    """Of models, in a month."""

    usd: float = 0.0
    tokens: int = 0


@dataclass(frozen=True)
class GenerationSpending:
    """`stage_usd`: what a stage may cost."""

    engine: AsyncEngine
    budgets: BudgetSettings
    stage_usd: float

    async def hold(self, content: Content, job: Generation, used: Mapping[str, Used]) -> None:
        """Before a stage begins: its cost counts beside what was `used` (by the month). Raises BudgetSpent."""
        month = f"{datetime.now(UTC):%Y-%m}"
        most = used.get(month, Used()).usd + self.stage_usd
        asking = Asking(content.org_id, f"{_name(job)}{month}", content.id, most)
        async with self.engine.begin() as connection:
            await reserve(connection, await _paid_by(connection, content.org_id), self.budgets, asking)
            held = update(model_spending).where(_one.org_id == asking.org_id, _one.asked_id == asking.asked_id)
            await connection.execute(held.values(is_settled=False, cost_usd=func.greatest(_one.cost_usd, most)))

    async def count(self, content: Content, job: Generation, used: Mapping[str, Used]) -> None:
        """When a part ends: what was used takes the place of what was held."""
        async with self.engine.begin() as connection:
            own = _one.org_id == content.org_id, _one.asked_id.startswith(_name(job), autoescape=True)
            await connection.execute(update(model_spending).where(*own).values(is_settled=True, cost_usd=0.0))
            for month, one in used.items():
                made = insert(model_spending).values(
                    org_id=content.org_id, asked_id=f"{_name(job)}{month}", conversation_id=content.id,
                    paid_by=await _paid_by(connection, content.org_id), is_settled=True, cost_usd=one.usd,
                    input_tokens=one.tokens, output_tokens=0,
                )  # fmt: skip
                known = {name: made.excluded[name] for name in ("is_settled", "cost_usd", "input_tokens")}
                await connection.execute(
                    made.on_conflict_do_update(index_elements=[_one.org_id, _one.asked_id], set_=known)
                )


def _name(job: Generation) -> str:
    return f"generation/{job.job_id}/"


async def _paid_by(connection: AsyncConnection, org_id: str) -> PaidBy:
    found = await find_model_key(connection, org_id)
    return "trial" if found is not None and found["is_free_trial"] else "operator"
