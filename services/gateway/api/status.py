"""Stage rows and live progress together, as the status routes show them."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from services.gateway.api.progress import ProgressFeed
from services.gateway.api.schemas.courses import CourseView
from services.gateway.api.schemas.stages import CourseSnapshotView, CourseStatusView, StageStatusView
from services.gateway.fold.statuses import overall_progress
from shared.pipeline import Pipeline, StageRow

# A row of a read table, or the same made from a state of the past.
Shown = Row[Any] | SimpleNamespace


def stage_view(row: StageRow, task: Shown | None, course_id: str, feed: ProgressFeed) -> StageStatusView:
    """A stage; a worker's finer progress counts while it is ahead of the facts and of the same run, and still does when
    the run waits or has failed. The step is of whichever is ahead, so that it agrees with the percentage.
    """
    if task is None:
        return StageStatusView()
    view = StageStatusView(
        task_id=task.task_id, status=task.status, progress=task.progress_percentage, current_step=task.current_step,
        error_message=task.error_message, error_code=task.error_code, retryable=task.retryable, dead=task.dead,
        attempt=task.attempt, next_attempt_at=task.next_attempt_at, outdated=task.outdated,
        started_at=task.started_at, completed_at=task.completed_at, **task.metadata,
    )  # fmt: skip
    live = feed.latest(course_id, row.name)
    if view.status in {"PENDING", "SUCCESS"} or live is None or live.run_id != view.task_id:
        return view
    if live.percent < view.progress:
        return view
    step = (live.step or view.current_step) if view.status == "STARTED" else view.current_step
    return view.model_copy(update={"progress": min(99, live.percent), "current_step": step})


def course_view(course: Shown, tasks: Mapping[str, Shown], feed: ProgressFeed, pipeline: Pipeline) -> CourseStatusView:
    """The request as a whole; its percentage moves with the stage that runs, and only forward."""
    stages = {row.key: stage_view(row, tasks.get(row.key), course.course_id, feed) for row in pipeline}
    current = stages[course.current_stage]
    progress, step, error = course.progress_percentage, current.current_step, current.error_message
    if current.status == "STARTED":
        row = pipeline.by_key[course.current_stage]
        progress = max(progress, overall_progress(row, current.status, current.progress, pipeline))
    if course.status == "generating":
        step, error = "Waiting for the first stage", None
    elif course.task_status == "STARTED" and current.status == "SUCCESS":
        step = "Waiting for the next stage"
    return CourseStatusView(
        course_id=course.course_id,
        status=course.task_status,
        current_stage=course.current_stage,
        progress_percentage=feed.never_less(course.course_id, course.asked, progress),
        current_step=step,
        current_step_number=pipeline.by_key[course.current_stage].number,
        total_steps=len(pipeline),
        error_message=error,
        stage_statuses={key: view.status for key, view in stages.items()},
        database_status=course.status,
        dead=course.dead,
        incomplete=course.incomplete,
    )


def snapshot_view(
    course: Shown, tasks: Mapping[str, Shown], feed: ProgressFeed, pipeline: Pipeline
) -> CourseSnapshotView:
    """The course with all of its stages."""
    return CourseSnapshotView(
        course=CourseView.model_validate(course),
        generation=course_view(course, tasks, feed, pipeline),
        stages={row.key: stage_view(row, tasks.get(row.key), course.course_id, feed) for row in pipeline},
        version=course.seq,
    )
