"""The model budget of an owner: a run over it is refused, in words that say when it begins anew."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.state import CourseState, Spent
from services.gateway.write.budget import Budget, BudgetLimits
from services.gateway.write.deleted_use import deleted_use, keep_use, sum_deleted_use
from shared.events.base import EventUsage
from shared.events.gateway import DocsAnalysisRequested, PathwaysRequested
from shared.events.pathway import PathwaysProposed, PathwaysStarted
from tests.integration.gateway.conftest import Gateway, running_gateway

TOKENS, USD = 1000, 2.5
CLICK = {"repo_url": "https://github.com/pallets/click", "engine": "anthropic"}
USED = EventUsage(
    model="m", calls=2, input_tokens=700, output_tokens=200, cached_tokens=100, estimated_cost_usd=1.25
)  # fmt: skip


@pytest.fixture
async def frugal(engine: AsyncEngine) -> AsyncIterator[Gateway]:
    async with running_gateway(engine, model_budget_tokens=TOKENS, model_budget_usd=USD) as made:
        yield made


async def _spend(gateway: Gateway, course_id: str, usage: EventUsage = USED) -> None:
    """Stage 3 of the course, as a model is paid for it."""
    await gateway.post(course_id, "generate-pathways", {})
    run_id = (await gateway.workers.request(course_id, PathwaysRequested)).run_id
    await gateway.workers.append(
        PathwaysStarted(course_id=course_id, run_id=run_id, attempt=1, worker="w"),
        PathwaysProposed(course_id=course_id, run_id=run_id, pathway_ids=[], smallest_distance=1.0, usage=usage),
    )
    await gateway.project()


async def test_a_run_over_the_budget_is_refused_and_the_offline_engine_is_not(frugal: Gateway) -> None:
    course_id = await frugal.analysed()
    before = (await frugal.api.get("/api/limits")).json()["model_budget"]
    assert (before["tokens_used"], before["tokens_limit"], before["usd_limit"]) == (0, TOKENS, USD)
    await _spend(frugal, course_id)
    used = (await frugal.api.get("/api/limits")).json()["model_budget"]
    assert (used["tokens_used"], used["usd_used"]) == (1000, 1.25)
    other = await frugal.create()
    answer = await frugal.api.post(f"/api/courses/{other}/generate", json=CLICK)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (429, "budget_exceeded")
    assert "1,000 of 1,000 tokens" in problem["detail"]
    assert "dollars" not in problem["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    assert (await frugal.course(other))["status"] == "draft"
    await frugal.post(other, "generate", {**CLICK, "engine": "offline"})
    bobs = (await frugal.bob.post("/api/projects/", json={"title": "Bob's"})).json()["course_id"]
    assert (await frugal.bob.post(f"/api/courses/{bobs}/generate", json=CLICK)).status_code == 202


async def test_a_course_that_is_deleted_gives_no_budget_back(frugal: Gateway) -> None:
    course_id = await frugal.analysed()
    await _spend(frugal, course_id)
    before = (await frugal.api.get("/api/limits")).json()["model_budget"]
    assert (await frugal.api.delete(f"/api/projects/{course_id}")).status_code == 200
    await frugal.project()
    assert (await frugal.api.get("/api/limits")).json()["model_budget"] == before
    other = await frugal.create()
    assert (await frugal.api.post(f"/api/courses/{other}/generate", json=CLICK)).json()["code"] == "budget_exceeded"
    assert (await frugal.bob.get("/api/limits")).json()["model_budget"]["tokens_used"] == 0


async def test_the_use_of_deleted_courses_is_kept_once_and_for_its_month(gateway: Gateway) -> None:
    used, today = Spent(5, 0.5), datetime.now(UTC).date()
    first = (today - timedelta(days=1)).replace(day=1)
    old = CourseState(owner="ann", seq=1, spent={(first - timedelta(days=1)).isoformat(): used})
    new = CourseState(owner="ann", seq=2, spent={first.isoformat(): used, today.isoformat(): used})
    async with gateway.engine.begin() as connection:
        for deleted in ([old], [new], [new]):
            await keep_use(connection, deleted)
    await gateway.eraser.sweep()  # no further deletion is needed
    async with gateway.engine.connect() as connection:
        days = await connection.scalars(select(deleted_use.c.day).order_by(deleted_use.c.day))
        assert [day.isoformat() for day in days] == sorted(new.spent)
        assert await sum_deleted_use(connection, "ann", first) == used + used


async def test_an_unattended_run_that_comes_to_its_end_says_so_and_can_go_on(frugal: Gateway) -> None:
    spender, course_id = await frugal.analysed(), await frugal.create()
    await frugal.post(course_id, "generate", CLICK)
    await frugal.project()
    await _spend(frugal, spender)
    await frugal.workers.clone(course_id)
    await frugal.project()
    status = await frugal.get(course_id, "stage2/status")
    assert (status["status"], status["error_code"], status["retryable"]) == ("FAILURE", "budget_exceeded", True)
    assert not [one for one in await frugal.workers.recorded(course_id) if isinstance(one.event, DocsAnalysisRequested)]


@pytest.mark.parametrize(
    ("period", "now", "until"),
    [
        ("day", datetime(2026, 2, 28, 23, 59, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)),
        ("month", datetime(2026, 12, 31, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("month", datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)),
    ],
)
async def test_a_period_begins_anew(engine: AsyncEngine, period: str, now: datetime, until: datetime) -> None:
    limits = BudgetLimits(tokens=1, period="day" if period == "day" else "month")
    standing = await Budget(engine, limits, lambda: now).standing("ann")
    assert standing.until == until
    assert standing.used == Spent()
