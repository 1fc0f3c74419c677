"""Every status and percentage that a user sees. They follow from the pipeline and the facts. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.course.product import Product
from services.gateway.course.state import RUNNING, CourseState, StageRun, TaskStatus
from services.gateway.fold.next_stage import next_stage
from services.gateway.fold.outdated import outdated_stages
from services.gateway.stages.product import PRODUCT
from shared.events.base import ATTEMPTS, Stage
from shared.pipeline import Pipeline, StageRow

SUFFIX: dict[TaskStatus, str] = {
    "PENDING": "running",
    "STARTED": "running",
    "RETRY": "running",
    "SUCCESS": "complete",
    "FAILURE": "failed",
    "REVOKED": "canceled",
}

_AS_THEY_ARE = (
    "retryable", "dead", "attempt", "max_attempts", "worker", "next_attempt_at", "inputs", "planned", "done", "notes",
    "started_at", "completed_at",
)  # fmt: skip
"""The fields of a run that users see as they are."""


def course_statuses(pipeline: Pipeline) -> tuple[str, ...]:
    """Every status a course can have."""
    suffixes = dict.fromkeys(SUFFIX.values())
    return "draft", "generating", *(f"{row.key}_{suffix}" for row in pipeline for suffix in suffixes)


@dataclass(frozen=True)
class StageStatus:
    """A stage as a user sees it. `progress` 0..100; times in UTC."""

    status: TaskStatus = "PENDING"
    task_id: str | None = None
    progress: int = 0
    current_step: str | None = None
    error_message: str | None = None
    error_code: str | None = None
    retryable: bool = False
    dead: bool = False
    attempt: int = 0
    max_attempts: int = ATTEMPTS
    worker: str = ""
    next_attempt_at: datetime | None = None
    inputs: dict[str, Any] | None = None
    outdated: bool = False
    planned: int = 0
    done: int = 0
    notes: tuple[str, ...] = ()
    started_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True)
class CourseStatus:
    """A course as a user sees it. `progress` is the overall percentage, `task_status` is of what was asked for last."""

    status: str
    current_stage: str
    progress: int
    dead: bool
    task_status: TaskStatus


def progress_of(run: StageRun) -> int:
    """Per cent of the run that facts prove."""
    if run.status == "SUCCESS":
        return 100
    return min(99, 100 * run.done // run.planned) if run.planned else 0


def step_of(row: StageRow, run: StageRun) -> str:
    """The step of the run, for people."""
    match run.status:
        case "PENDING":
            return "Waiting for a worker"
        case "STARTED":
            return "Stopping" if run.cancel_requested else (run.step or row.label)
        case "RETRY":
            return f"Waiting to try again: {run.message}"
        case "SUCCESS":
            return run.step or "Complete"  # a step at the end is what the course lacks
        case "FAILURE":
            return "Failed"
        case "REVOKED":
            return "Canceled"


def stage_statuses(state: CourseState, product: Product = PRODUCT) -> dict[str, StageStatus]:
    """Every stage of a course, by its key; what is outdated takes a digest per stage, and is found out once."""
    outdated = outdated_stages(state, product)
    return {row.key: _stage_status(row, state.runs.get(row.name), row.name in outdated) for row in product.pipeline}


def _stage_status(row: StageRow, run: StageRun | None, outdated: bool) -> StageStatus:
    if run is None:
        return StageStatus()
    return StageStatus(
        status=run.status, task_id=run.run_id, progress=progress_of(run), current_step=step_of(row, run),
        error_message=_shown_error(run, run.message), error_code=_shown_error(run, run.error), outdated=outdated,
        **{name: getattr(run, name) for name in _AS_THEY_ARE},
    )  # fmt: skip


def _shown_error(run: StageRun, text: str) -> str | None:
    return (text or None) if run.status in {"FAILURE", "REVOKED", "RETRY"} else None


def overall_progress(row: StageRow, status: TaskStatus, stage_progress: int, pipeline: Pipeline) -> int:
    """0, 10, 25, 35, 50, 60, 75, 85, 100: while a stage runs, moved from its start towards its end by its own."""
    if status == "SUCCESS":
        return row.percent_complete
    if status not in RUNNING:
        return max((before.percent_complete for before in pipeline.providers(row)), default=0)
    reach = row.percent_complete - row.percent_running - 1
    return row.percent_running + reach * min(stage_progress, 100) // 100


def course_status(state: CourseState, product: Product = PRODUCT) -> CourseStatus:
    """The course as a whole; what it shows is the stage that was asked for last, as long as no other one runs."""
    pipeline = product.pipeline
    if state.is_waiting_for_first_stage:
        return CourseStatus("generating", pipeline[0].key, 0, False, "STARTED")
    shown = _shown(state)
    if shown is None:
        return CourseStatus("draft", pipeline[0].key, 0, False, "PENDING")
    row, run = pipeline.by_name[shown], state.runs[shown]
    return CourseStatus(
        status=f"{row.key}_{SUFFIX[run.status]}",
        current_stage=row.key,
        progress=max(state.reached, facts_progress(state, product)),
        dead=run.dead,
        task_status=_task_status(state, run, product),
    )


def facts_progress(state: CourseState, product: Product = PRODUCT) -> int:
    """The overall percentage that facts prove of the stage that is shown. It may be less than before: see
    `CourseState.reached`.
    """
    shown = _shown(state)
    if shown is None or state.is_waiting_for_first_stage:
        return 0
    run = state.runs[shown]
    return overall_progress(product.pipeline.by_name[shown], run.status, progress_of(run), product.pipeline)


def _shown(state: CourseState) -> Stage | None:
    """The stage that was asked for last; when it is over, a stage that still runs."""
    if state.current is None or state.runs[state.current].is_running:
        return state.current
    return state.running[0][0] if state.running else state.current


def _task_status(state: CourseState, run: StageRun, product: Product) -> TaskStatus:
    """The whole of what was asked for: STARTED until it is over, whatever its stage waits for, so that a client that
    polls for as long as it reads STARTED sees the end.
    """
    return "STARTED" if run.is_running or next_stage(state, product) is not None else run.status
