"""`coursewright cancel` and `retry`: a stage of a course, through the gateway's API."""

from typing import Any

from cli.client import Client
from shared.kernel.errors import Conflict, PermanentError
from shared.pipeline import PIPELINE, Pipeline, StageRow

_RUNNING = {"PENDING", "STARTED", "RETRY"}
_ENDED_BADLY = {"FAILURE", "REVOKED"}


def stage_named(text: str, pipeline: Pipeline = PIPELINE) -> StageRow:
    """A stage by number, key or name. Raises PermanentError."""
    for row in pipeline:
        if text in {str(row.number), row.key, row.name}:
            return row
    raise PermanentError(f"{text} is no stage; they are {', '.join(pipeline.by_name)}, or 1 to {len(pipeline)}")


def cancel(client: Client, course_id: str, stage: str, pipeline: Pipeline = PIPELINE) -> dict[str, Any]:
    """Stop the stage named, or the one that runs. Raises Conflict when none does."""
    nothing = "Nothing of the course is running"
    row = stage_named(stage, pipeline) if stage else _latest(client, course_id, _RUNNING, nothing, pipeline)
    return {"course_id": course_id, "stage": row.name, **client.cancel(course_id, row.key)}


def retry(client: Client, course_id: str, stage: str, pipeline: Pipeline = PIPELINE) -> dict[str, Any]:
    """Run again the stage named, or the one that failed or was canceled. Raises Conflict when none did."""
    nothing = "No stage of the course has failed or was canceled"
    row = stage_named(stage, pipeline) if stage else _latest(client, course_id, _ENDED_BADLY, nothing, pipeline)
    return {"course_id": course_id, "stage": row.name, **client.retry(course_id, row.key)}


def _latest(client: Client, course_id: str, statuses: set[str], otherwise: str, pipeline: Pipeline) -> StageRow:
    for row in reversed(pipeline):
        view = client.stage(course_id, row.number)
        if view["task_id"] and view["status"] in statuses:
            return row
    raise Conflict(otherwise)
