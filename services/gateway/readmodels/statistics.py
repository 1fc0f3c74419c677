"""Figures over the courses of all owners: how many are at work and wait, how they ended, and how long stages take.

They are of what was asked for last of each course, and of the latest run of each of its stages, as the tables have it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.readmodels.course_tasks import course_tasks
from services.gateway.readmodels.courses import courses
from services.gateway.readmodels.turns import WAITING

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Ended:
    """What ended in a time."""

    succeeded: int
    failed: int
    canceled: int


async def count_courses(connection: AsyncConnection) -> dict[str, int]:
    """Courses by what became of them; `active` are at work, `waiting` wait for their turn."""
    started = courses.c.task_status == "STARTED"
    waiting = courses.c.status == WAITING
    counts = {
        "active": and_(started, ~waiting), "waiting": and_(started, waiting),
        "succeeded": courses.c.task_status == "SUCCESS", "failed": courses.c.task_status == "FAILURE",
        "canceled": courses.c.task_status == "REVOKED",
    }  # fmt: skip
    query = select(*(func.count().filter(condition).label(name) for name, condition in counts.items()))
    return dict((await connection.execute(query.select_from(courses))).mappings().one())


async def count_ended(connection: AsyncConnection, since: Sequence[datetime]) -> list[Ended]:
    """The courses that ended since each of these moments."""
    is_its_end = and_(course_tasks.c.course_id == courses.c.course_id, course_tasks.c.stage == courses.c.current_stage)
    columns = [
        func.count().filter(courses.c.task_status == status, course_tasks.c.completed_at >= moment)
        for moment in since
        for status in ("SUCCESS", "FAILURE", "REVOKED")
    ]
    query = select(*columns).select_from(courses.join(course_tasks, is_its_end))
    found = (await connection.execute(query.where(course_tasks.c.completed_at >= min(since)))).one()
    return [Ended(*found[first : first + 3]) for first in range(0, len(found), 3)]


async def measure_stages(connection: AsyncConnection, since: datetime) -> Sequence[Row[Any]]:
    """For each stage the runs that succeeded since then, and the median and 95th percentile of their seconds."""
    seconds = func.extract("epoch", course_tasks.c.completed_at - course_tasks.c.started_at)
    query = select(
        course_tasks.c.stage,
        func.count().label("runs"),
        func.percentile_cont(0.5).within_group(seconds).label("p50"),
        func.percentile_cont(0.95).within_group(seconds).label("p95"),
    ).where(course_tasks.c.status == "SUCCESS", course_tasks.c.completed_at >= since)
    return (await connection.execute(query.group_by(course_tasks.c.stage).order_by(course_tasks.c.stage))).all()


async def list_workers(connection: AsyncConnection, since: datetime) -> Sequence[Row[Any]]:
    """The processes that have taken up a run since then, or have one: host and process id, as facts name them."""
    process = func.split_part(course_tasks.c.worker, "/", 1)
    at_work = course_tasks.c.status == "STARTED"
    seen = func.coalesce(course_tasks.c.completed_at, course_tasks.c.started_at)
    query = select(
        process.label("worker"),
        func.array_agg(course_tasks.c.stage.distinct()).label("stages"),
        func.count().filter(at_work).label("at_work"),
        func.min(course_tasks.c.started_at).label("first_seen"),
        func.max(seen).label("last_seen"),
    ).where(course_tasks.c.worker.is_not(None), at_work | (seen >= since))
    return (await connection.execute(query.group_by(process).order_by(process))).all()
