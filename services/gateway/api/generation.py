"""Status in the older paths: `/api/course-generation`."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.gateway.api.calls import Call, CourseId, Reading
from services.gateway.api.problems import problems
from services.gateway.api.schemas.stages import CourseStatusView, StageProgressView
from services.gateway.api.status import course_view, stage_view
from services.gateway.api.strict_json import StrictRoute
from services.gateway.readmodels.turns import WAITING, find_place
from shared.kernel.errors import NotFound
from shared.pipeline import Pipeline, StageRow

router = APIRouter(prefix="/api/course-generation", tags=["generation status"], route_class=StrictRoute)

CourseQuery = Annotated[str, Query(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The course's id")]


@router.get(
    "/{course_id}/status", summary="Get the status of the whole generation", response_model=CourseStatusView,
    responses=problems(404),
)  # fmt: skip
async def get_generation_status(course_id: CourseId, call: Reading) -> Response:
    """The status of the generation or the stage that was asked for last, with an overall percentage."""
    course, tasks = await call.with_tasks(course_id)
    view = course_view(course, tasks, call.services.progress, call.services.product.pipeline)
    view = await _with_place(call, view)
    return Response(view.model_dump_json(), media_type="application/json")


async def _with_place(call: Call, view: CourseStatusView) -> CourseStatusView:
    """The status of a course that waits for its turn, with its place."""
    if view.database_status != WAITING:
        return view
    async with call.services.engine.connect() as connection:
        place = await find_place(connection, view.course_id, call.services.settings.places)
    if place is None:
        return view
    return view.model_copy(update={"queue_position": place, "current_step": f"Waiting for its turn, at place {place}"})


async def _progress(call: Call, course_id: str, row: StageRow) -> StageProgressView:
    _, tasks = await call.with_tasks(course_id)
    if row.key not in tasks:
        raise NotFound(f"{row.key} was not asked for yet")
    view = stage_view(row, tasks[row.key], course_id, call.services.progress)
    detail = view.model_dump(
        mode="json", include={"task_id", "attempt", "planned", "done", "outdated", "inputs", "notes"}
    )
    return StageProgressView(
        status=view.status, progress=view.progress, current_step=view.current_step, error=view.error_message,
        error_message=view.error_message,
        started_at=view.started_at, completed_at=view.completed_at, detail=detail,
    )  # fmt: skip


def progress_router(pipeline: Pipeline) -> APIRouter:
    """A route for each stage: `/stage2/progress`."""
    made = APIRouter(prefix=router.prefix, tags=router.tags, route_class=StrictRoute)
    for row in pipeline:
        made.add_api_route(
            f"/{row.key}/progress", _progress_of(row), operation_id=f"getStage{row.number}Progress",
            summary=f"Get the progress of stage {row.number}", description="404 until somebody asks for the stage.",
            response_model=StageProgressView, responses=problems(404),
        )  # fmt: skip
    return made


def _progress_of(row: StageRow) -> Callable[..., Awaitable[StageProgressView]]:
    async def stage_progress(course_id: CourseQuery, call: Reading) -> StageProgressView:
        return await _progress(call, course_id, row)

    return stage_progress
