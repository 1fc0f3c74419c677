"""`coursewright events show`: a course as it was, from the log alone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nats.aio.client import Client

from services.gateway.readmodels.past import Past, PastCourse
from shared.event_log.jetstream import JetStreamLog
from shared.pipeline import PIPELINE

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


async def look_back(nc: Client, course_id: str, at: int) -> tuple[dict[str, Any], list[StageThen]]:
    """The course's own fields by name, and its stages. Raises NotFound before it existed, and when it is deleted."""
    past = await Past(JetStreamLog(nc)).load(course_id, at)
    return {name: getattr(past.course, name) for name in _SHOWN}, _stages(past)


def _stages(past: PastCourse) -> list[StageThen]:
    shown = []
    for row in PIPELINE:
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
