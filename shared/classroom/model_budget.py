"""Table `app.model_spending`: what models cost each organisation, by what was asked, and the budgets of the operator.

The log does not hold it: it is backed up and never rebuilt. A cost is an estimate by the prices of the settings. What a
call may cost at most is reserved before the call, so that calls side by side cannot pass a budget together. A process
that is killed leaves its reservation, until the same thing is asked again: a call whose end nobody saw counts in full.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Delete,
    Double,
    Index,
    RowMapping,
    Table,
    Text,
    and_,
    case,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.classroom.model_keys import ModelAccess, open_model_access
from shared.engine.types import Usage
from shared.kernel.errors import CoursewrightError, EngineDeclined, PermanentError
from shared.kernel.settings import LogSettings
from shared.readmodels.base import APP_METADATA
from shared.sources.sealed_tokens import OpeningKeys

PaidBy = Literal["organization", "trial", "operator"]
_MOST_LISTED = 1000
_MAY_HAVE_COST = frozenset({"engine_timeout", "engine_malformed"})

model_spending = Table(
    "model_spending",
    APP_METADATA,
    Column("org_id", Text, primary_key=True),
    Column("asked_id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("paid_by", Text, nullable=False),
    Column("is_settled", Boolean, nullable=False),
    Column("cost_usd", Double, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
_one = model_spending.c
Index("ix_model_spending_org_id_at", _one.org_id, _one.at)
_MONTH = func.date_trunc("month", func.timezone("UTC", func.now()))
_DAY = func.date_trunc("day", func.timezone("UTC", func.now()))


class BudgetSettings(BaseSettings):
    """What an operator pays for organisations that have no key of their own."""

    model_config = LogSettings.model_config

    model_budget_usd: float = Field(default=20.0, ge=0, description="of an organisation in a month of UTC")
    model_trial_budget_usd: float = Field(default=2.0, ge=0, description="of an organisation on the free trial, in all")
    model_learner_budget_usd: float = Field(
        default=0.5, ge=0, description="of a learner in a day of UTC, whoever pays; 0 means no limit"
    )


class BudgetSpent(PermanentError):
    """The budget of an organisation does not hold what the call may cost."""

    code = "budget_spent"
    http_status = 402


class LearnerBudgetSpent(PermanentError):
    """The share of a learner does not hold what the call may cost. `retry_after_seconds`: until it begins anew."""

    code = "learner_budget_spent"
    http_status = 429

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True)
class Asking:
    """What is asked for an organisation: a message or a job by its id, the conversation or the course that it belongs
    to, and what the calls for it may cost at most. `person_id`: the learner whose share it is of; the id of all that a
    learner asks begins with it.
    """

    org_id: str
    asked_id: str
    conversation_id: str
    most_usd: float
    person_id: str = ""


@dataclass
class Spending:
    """The access to the model, and what was spent with it so far."""

    access: ModelAccess
    usage: Usage = field(default_factory=Usage)

    def add(self, usage: Usage) -> None:
        """The cost of one more answer."""
        self.usage += usage


@asynccontextmanager
async def spending(
    engine: AsyncEngine, keys: OpeningKeys | None, budgets: BudgetSettings, asking: Asking
) -> AsyncIterator[Spending]:
    """During the block a model is asked. Raises BudgetSpent, LearnerBudgetSpent, and PermanentError for a key that
    cannot be opened.

    Asked again under the same id the cost is that of the last time, which tells what an earlier time paid for and did
    not tell (ModelClient).
    """
    async with engine.begin() as connection:
        access = await open_model_access(connection, keys or OpeningKeys({}), asking.org_id)
        await reserve(connection, _paid_by(access), budgets, asking)
    held = Spending(access)
    try:
        yield held
    except CoursewrightError as error:
        if isinstance(error, EngineDeclined) and error.spent is not None:
            held.add(error.spent)
        if error.code not in _MAY_HAVE_COST:
            await _settle(engine, asking, held.usage)
        raise
    await _settle(engine, asking, held.usage)


async def reserve(
    connection: AsyncConnection, paid_by: PaidBy, budgets: BudgetSettings, asking: Asking
) -> None:  # fmt: skip
    """The most that it may cost counts from now on. Raises BudgetSpent and LearnerBudgetSpent."""
    name = f"model budget {asking.org_id}"
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
    others = and_(_one.org_id == asking.org_id, _one.asked_id != asking.asked_id)
    share = budgets.model_learner_budget_usd
    if asking.person_id and share:
        own = _one.asked_id.startswith(f"{asking.person_id}/", autoescape=True)
        if await _sum(connection, others, own, _one.at >= func.timezone("UTC", _DAY)) + asking.most_usd > share:
            raise _share_spent(share)
    if paid_by != "organization":
        most = budgets.model_trial_budget_usd if paid_by == "trial" else budgets.model_budget_usd
        since = [_one.at >= func.timezone("UTC", _MONTH)] if paid_by == "operator" else []
        if await _sum(connection, others, _one.paid_by == paid_by, *since) + asking.most_usd > most:
            raise BudgetSpent(_message(paid_by, most))
    made = insert(model_spending).values(
        org_id=asking.org_id, asked_id=asking.asked_id, conversation_id=asking.conversation_id, paid_by=paid_by,
        is_settled=False, cost_usd=asking.most_usd, input_tokens=0, output_tokens=0,
    )  # fmt: skip
    await connection.execute(made.on_conflict_do_nothing())


async def _sum(connection: AsyncConnection, *which: ColumnElement[bool]) -> float:
    return float(await connection.scalar(select(func.coalesce(func.sum(_one.cost_usd), 0.0)).where(*which)) or 0.0)


def _paid_by(access: ModelAccess) -> PaidBy:
    if access.api_key is not None:
        return "organization"
    return "trial" if access.is_free_trial else "operator"


def _message(paid_by: PaidBy, most: float) -> str:
    now = datetime.now(UTC)
    until = "" if paid_by == "trial" else f"; it begins anew on {(now.replace(day=1) + timedelta(32)):%Y-%m}-01"
    which = f"free trial ({most:g} USD)" if paid_by == "trial" else f"month ({most:g} USD)"
    own = "an owner can give a key of its own, which the tutor uses"
    return f"What is left of this organization's model budget for its {which} is not enough{until}; {own}"


def _share_spent(most: float) -> LearnerBudgetSpent:
    now = datetime.now(UTC)
    until = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    message = f"What is left of your share of the model budget for today ({most:g} USD) is not enough for this message"
    return LearnerBudgetSpent(f"{message}; it begins anew at {until:%Y-%m-%d %H:%M} UTC", (until - now).total_seconds())


async def _settle(engine: AsyncEngine, asking: Asking, usage: Usage) -> None:
    """The cost in place of what was reserved. What an earlier time settled was paid too: the larger one counts."""
    known = case((_one.is_settled, _one.cost_usd), else_=0.0)
    change = update(model_spending).where(_one.org_id == asking.org_id, _one.asked_id == asking.asked_id)
    settled = change.values(
        is_settled=True, cost_usd=func.greatest(known, usage.estimated_cost_usd),
        input_tokens=func.greatest(_one.input_tokens, usage.input_tokens + usage.cached_tokens),
        output_tokens=func.greatest(_one.output_tokens, usage.output_tokens),
    )  # fmt: skip
    async with engine.begin() as connection:
        await connection.execute(settled)


async def list_spending(connection: AsyncConnection, org_id: str) -> Sequence[RowMapping]:
    """What each conversation of this month cost, the dearest first."""
    cost = func.sum(_one.cost_usd).label("cost_usd")
    query = (
        select(
            _one.conversation_id, _one.paid_by, cost, func.sum(_one.input_tokens).label("input_tokens"),
            func.sum(_one.output_tokens).label("output_tokens"), func.count().label("messages"),
        )
        .where(_one.org_id == org_id, _one.at >= func.timezone("UTC", _MONTH))
        .group_by(_one.conversation_id, _one.paid_by)
        .order_by(cost.desc(), _one.conversation_id)
        .limit(_MOST_LISTED)
    )  # fmt: skip
    return (await connection.execute(query)).mappings().all()


def forget_spending(org_id: str) -> Delete:
    """It goes with its organisation."""
    return model_spending.delete().where(_one.org_id == org_id)
