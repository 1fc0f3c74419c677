"""One row per course and stage: the latest run of it."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, Row, Table, Text, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.fold.statuses import stage_statuses
from services.gateway.readmodels.below_course import belongs_to_course, course_key
from services.gateway.readmodels.courses import IS_MINE, SHOWN, courses
from services.gateway.readmodels.reads import Query, Reads
from services.gateway.stages.product import PRODUCT
from shared.readmodels.base import METADATA, Changes, put

course_tasks = Table(
    "course_tasks",
    METADATA,
    course_key(),
    Column("stage", Text, primary_key=True),
    Column("task_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("progress_percentage", Integer, nullable=False),
    Column("current_step", Text),
    Column("error_message", Text),
    Column("error_code", Text),
    Column("retryable", Boolean, nullable=False),
    Column("dead", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("worker", Text),
    Column("next_attempt_at", DateTime(timezone=True)),
    Column("outdated", Boolean, nullable=False),
    Column("metadata", JSONB, nullable=False),
    Column("started_at", DateTime(timezone=True)),
    Column("completed_at", DateTime(timezone=True)),
    belongs_to_course(),
)

# Fields of a status that columns have by the same names.
_SAME = (
    "task_id", "status", "current_step", "error_message", "error_code", "retryable", "dead", "attempt",
    "next_attempt_at", "outdated", "started_at", "completed_at",
)  # fmt: skip
_IN_METADATA = ("inputs", "planned", "done", "max_attempts")
_PREFIX = "stage_run_"
_TASKS = [one.label(f"{_PREFIX}{one.name}") for one in course_tasks.c if one.name != "course_id"]
_NAMES = [one.name.removeprefix(_PREFIX) for one in _TASKS]
_JOINED = courses.outerjoin(course_tasks, courses.c.course_id == course_tasks.c.course_id)
_WITH_TASKS = Query(select(*SHOWN, *_TASKS).select_from(_JOINED).where(IS_MINE))


def rows_of(state: CourseState, product: Product = PRODUCT) -> list[dict[str, Any]]:
    """A row for each stage that was asked for."""
    return [
        {
            "course_id": state.course_id,
            "stage": stage,
            "progress_percentage": shown.progress,
            "worker": shown.worker or None,
            "metadata": {"notes": list(shown.notes), **{name: getattr(shown, name) for name in _IN_METADATA}},
            **{name: getattr(shown, name) for name in _SAME},
        }
        for stage, shown in stage_statuses(state, product).items()
        if shown.task_id is not None
    ]


def save(state: CourseState, product: Product = PRODUCT) -> Changes:
    """The rows of a course's stages as they are now."""
    return put(course_tasks, *rows_of(state, product))


async def find_with_tasks(
    reads: Reads, owner: str, course_id: str
) -> tuple[SimpleNamespace, dict[str, SimpleNamespace]] | None:
    """The owner's course, and stage key → row for the stages that were asked for, both from one statement."""
    rows = await reads.all(_WITH_TASKS, owner=owner, course_id=course_id)
    if not rows:
        return None
    tasks = [SimpleNamespace(**dict(zip(_NAMES, [*vars(row).values()][len(SHOWN) :], strict=True))) for row in rows]
    return rows[0], {task.stage: task for task in tasks if task.stage is not None}


async def find_tasks_of(
    connection: AsyncConnection, owned: Sequence[tuple[str, str]]
) -> dict[str, dict[str, Row[Any]]]:
    """Stage rows of several courses: course id → stage key → row. `owned`: pairs of owner and course id."""
    query = select(course_tasks).join(courses, courses.c.course_id == course_tasks.c.course_id)
    query = query.where(tuple_(courses.c.user_id, courses.c.course_id).in_(owned))
    found: dict[str, dict[str, Row[Any]]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.course_id, {})[row.stage] = row
    return found
