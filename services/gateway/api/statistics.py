"""Health with statistics: `/api/health/statistics`, for the operator and for the one user of a local stack."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from services.gateway.api.callers import Operating
from services.gateway.api.calls import Parts
from services.gateway.api.health import judged
from services.gateway.api.problems import problems
from services.gateway.api.readiness import GOOD
from services.gateway.course.shapes import View
from services.gateway.readmodels.statistics import WEEK, Ended, count_courses, count_ended, list_workers, measure_stages

router = APIRouter(prefix="/api/health", tags=["operations"])

_HOUR = timedelta(hours=1)
_STATUSES: dict[str, Literal["healthy", "degraded", "unhealthy"]] = {"ready": "healthy", "degraded": "degraded"}


class ReasonView(View):
    """A part that is not as it should be."""

    part: str
    state: str


class CountsView(View):
    """Courses by what became of what was asked for last."""

    active: int
    waiting: int = Field(description="for their turn")
    succeeded: int
    failed: int
    canceled: int


class RateView(View):
    """Courses that ended in a time. `success_rate` leaves canceled ones out; null when none succeeded or failed."""

    succeeded: int
    failed: int
    canceled: int
    success_rate: float | None


class LatencyView(View):
    """The runs of a stage that succeeded in the last week, in seconds from the first attempt to the end."""

    stage: str
    runs: int
    p50_seconds: float | None
    p95_seconds: float | None
    waiting: int = Field(description="requests that no worker has taken up")
    idle_workers: int


class WorkerView(View):
    """A process that took up a run in the last hour, by host and process id. `age_seconds`: since its first run."""

    worker: str
    stages: list[str]
    at_work: int
    age_seconds: float
    last_seen_at: datetime


class StatisticsView(View):
    """Health, its reasons, and figures over the courses of all owners."""

    status: Literal["healthy", "degraded", "unhealthy"]
    reasons: list[ReasonView]
    courses: CountsView
    last_hour: RateView
    last_week: RateView
    stages: list[LatencyView]
    workers: list[WorkerView]


@router.get(
    "/statistics", operation_id="getHealthStatistics", summary="Get health with figures", response_model=StatisticsView,
    responses=problems(),
)  # fmt: skip
async def statistics(services: Parts, _: Operating) -> StatisticsView:
    """Read from the tables, so there is nothing to show without the database."""
    now = datetime.now(UTC)
    signs, readiness = await judged(services)
    async with services.engine.connect() as connection:
        counts = await count_courses(connection)
        hour, week = await count_ended(connection, (now - _HOUR, now - WEEK))
        measured = {row.stage: row for row in await measure_stages(connection, now - WEEK)}
        workers = await list_workers(connection, now - _HOUR)
    durables = {state.name: state for state in (signs.pulse.consumers if signs.pulse else ())}
    stages = []
    for row in services.product.pipeline:
        found, durable = measured.get(row.key), durables.get(row.durable)
        stages.append(
            LatencyView(
                stage=row.key, runs=found.runs if found else 0, p50_seconds=found.p50 if found else None,
                p95_seconds=found.p95 if found else None, waiting=durable.lag if durable else 0,
                idle_workers=durable.pulls if durable else 0,
            )
        )  # fmt: skip
    return StatisticsView(
        status=_STATUSES.get(readiness.status, "unhealthy"),
        reasons=[ReasonView(part=part, state=state) for part, state in readiness.checks.items() if state not in GOOD],
        courses=CountsView(**counts),
        last_hour=_rate(hour),
        last_week=_rate(week),
        stages=stages,
        workers=[
            WorkerView(
                worker=one.worker, stages=sorted(one.stages), at_work=one.at_work,
                age_seconds=max(0.0, (now - one.first_seen).total_seconds()), last_seen_at=one.last_seen,
            )
            for one in workers
        ],
    )  # fmt: skip


def _rate(ended: Ended) -> RateView:
    judged_by = ended.succeeded + ended.failed
    rate = round(ended.succeeded / judged_by, 4) if judged_by else None
    return RateView(succeeded=ended.succeeded, failed=ended.failed, canceled=ended.canceled, success_rate=rate)
