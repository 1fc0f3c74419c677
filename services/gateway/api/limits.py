"""The limits of a caller, and how much of them is used: `/api/limits`."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from services.gateway.api.calls import Reading
from services.gateway.api.problems import problems
from services.gateway.course.shapes import View
from services.gateway.readmodels.turns import count_work

router = APIRouter(prefix="/api/limits", tags=["limits"])


class CoursesView(View):
    """Courses at work and waiting. 0 means that there is no limit."""

    at_work: int
    waiting: int
    at_work_limit: int = Field(description="of one owner")
    at_work_limit_in_all: int


class BudgetView(View):
    """The model budget. 0 means that there is no limit."""

    period: Literal["day", "month"]
    begins_anew_at: datetime
    tokens_used: int
    tokens_limit: int
    usd_used: float = Field(description="an estimate by list prices")
    usd_limit: float


class LimitsView(View):
    """A caller's limits."""

    request_limit: int = Field(description="requests in a window; 0 means that there is no limit")
    request_window_seconds: int
    courses: CoursesView
    model_budget: BudgetView
    models: list[str] = Field(description="the models that a run may choose")


@router.get(
    "", operation_id="getLimits", summary="Get your limits, and how much of them is used", response_model=LimitsView,
    responses=problems(),
)  # fmt: skip
async def limits(call: Reading) -> LimitsView:
    """Requests, courses at work, and the model budget."""
    settings, budget = call.services.settings, call.services.budget
    standing = await budget.standing(call.owner)
    async with call.services.engine.connect() as connection:
        work = await count_work(connection, call.owner)
    return LimitsView(
        request_limit=settings.request_limit,
        request_window_seconds=settings.request_window_seconds,
        courses=CoursesView(
            at_work=work.at_work, waiting=work.waiting, at_work_limit=settings.places.per_owner,
            at_work_limit_in_all=settings.places.in_all,
        ),
        model_budget=BudgetView(
            period=budget.limits.period, begins_anew_at=standing.until, tokens_used=standing.used.tokens,
            tokens_limit=budget.limits.tokens, usd_used=standing.used.usd, usd_limit=budget.limits.usd,
        ),
        models=settings.engine_models,
    )  # fmt: skip
