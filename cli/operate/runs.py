"""`coursewright cancel` and `retry`: a stage of a course, through the gateway's API."""

from typing import Any

from cli.client import Client
from shared.errors import Conflict, PermanentError
from shared.pipeline import BY_NAME, PIPELINE, StageRow

_RUNNING = {"PENDING", "STARTED", "RETRY"}
_ENDED_BADLY = {"FAILURE", "REVOKED"}


def stage_named(text: str) -> StageRow:
    """A stage by number, key or name. Raises PermanentError."""
    for row in PIPELINE:
        if text in {str(row.number), row.key, row.name}:
            return row
    raise PermanentError(f"{text} is no stage; they are {', '.join(BY_NAME)}, or 1 to {len(PIPELINE)}")


def cancel(client: Client, course_id: str, stage: str) -> dict[str, Any]:
    """Stop the stage named, or the one that runs. Raises Conflict when none does."""
    row = stage_named(stage) if stage else _latest(client, course_id, _RUNNING, "Nothing of the course is running")
    return {"course_id": course_id, "stage": row.name, **client.cancel(course_id, row.key)}


def retry(client: Client, course_id: str, stage: str) -> dict[str, Any]:
    """Run again the stage named, or the one that failed or was canceled. Raises Conflict when none did."""
    nothing = "No stage of the course has failed or was canceled"
    row = stage_named(stage) if stage else _latest(client, course_id, _ENDED_BADLY, nothing)
    return {"course_id": course_id, "stage": row.name, **client.retry(course_id, row.key)}


def _latest(client: Client, course_id: str, statuses: set[str], otherwise: str) -> StageRow:
    for row in reversed(PIPELINE):
        view = client.stage(course_id, row.number)
        if view["task_id"] and view["status"] in statuses:
            return row
    raise Conflict(otherwise)
