"""`coursewright events show`: a course as it was, from the log alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.course.product import Product
from services.gateway.readmodels.past import Past, PastCourse
from services.gateway.stages.product import PRODUCT
from shared.event_log.port import EventLog
from shared.pipeline import Pipeline

NOW = 2**63 - 1

_SHOWN = (
    "course_id", "title", "description", "status", "current_stage", "progress_percentage", "dead", "repo_url",
    "repo_name", "created_at", "updated_at", "seq",
)  # fmt: skip


@dataclass(frozen=True)
class StageThen:
    """One stage at that moment; `status` is PENDING and the rest empty where it had not been asked for."""

    number: int
    stage: str
    status: str
    progress: int
    attempt: int
    step: str
    error: str
    started_at: datetime | None
    completed_at: datetime | None


async def look_back(
    log: EventLog, course_id: str, at: int, product: Product = PRODUCT
) -> tuple[dict[str, Any], list[StageThen]]:
    """The course's own fields by name, and its stages. Raises NotFound before it existed, and when it is deleted."""
    past = await Past(log, product).load(course_id, at)
    return {name: getattr(past.course, name) for name in _SHOWN}, _stages(past, product.pipeline)


def _stages(past: PastCourse, pipeline: Pipeline) -> list[StageThen]:
    shown = []
    for row in pipeline:
        task = past.tasks.get(row.key)
        if task is None:
            shown.append(StageThen(row.number, row.name, "PENDING", 0, 0, "", "", None, None))
            continue
        shown.append(
            StageThen(
                row.number, row.name, task.status, task.progress_percentage, task.attempt, task.current_step or "",
                task.error_message or "", task.started_at, task.completed_at,
            )
        )  # fmt: skip
    return shown
