"""Status in the older paths: `/api/course-generation`."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from sqlalchemy import Row

from services.gateway.api.calls import Call, CourseId, Reading
from services.gateway.api.problems import problems
from services.gateway.api.schemas.stages import CourseStatusView, StageProgressView
from services.gateway.api.status import course_view, stage_view
from services.gateway.readmodels.course_tasks import find_tasks
from services.gateway.readmodels.courses import find_course
from shared.errors import NotFound
from shared.pipeline import BY_KEY

router = APIRouter(prefix="/api/course-generation", tags=["generation status"])

CourseQuery = Annotated[str, Query(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The course's id")]


async def _load(call: Call, course_id: str) -> tuple[Row[Any], dict[str, Row[Any]]]:
    async with call.services.engine.connect() as connection:
        course = await find_course(connection, call.owner, course_id)
        tasks = await find_tasks(connection, call.owner, course_id)
    if course is None:
        raise NotFound("Course not found")
    return course, tasks


@router.get(
    "/{course_id}/status", operation_id="getGenerationStatus", summary="Get the status of the whole generation",
    response_model=CourseStatusView, responses=problems(404),
)  # fmt: skip
async def generation_status(course_id: CourseId, call: Reading) -> CourseStatusView:
    """Of what was asked for last, a generation or a stage, with an overall percentage."""
    course, tasks = await _load(call, course_id)
    return course_view(course, tasks, call.services.progress)


async def _progress(call: Call, course_id: str, key: str) -> StageProgressView:
    _, tasks = await _load(call, course_id)
    if key not in tasks:
        raise NotFound(f"{key} was not asked for yet")
    view = stage_view(BY_KEY[key], tasks[key], course_id, call.services.progress)
    detail = view.model_dump(
        mode="json", include={"task_id", "attempt", "planned", "done", "outdated", "inputs", "notes"}
    )
    return StageProgressView(
        status=view.status, progress=view.progress, current_step=view.current_step, error=view.error_message,
        started_at=view.started_at, completed_at=view.completed_at, detail=detail,
    )  # fmt: skip


@router.get(
    "/stage2/progress", operation_id="getStage2Progress", summary="Get the progress of stage 2",
    response_model=StageProgressView, responses=problems(404),
)  # fmt: skip
async def stage2_progress(course_id: CourseQuery, call: Reading) -> StageProgressView:
    """404 until the stage was asked for."""
    return await _progress(call, course_id, "stage2")


@router.get(
    "/stage3/progress", operation_id="getStage3Progress", summary="Get the progress of stage 3",
    response_model=StageProgressView, responses=problems(404),
)  # fmt: skip
async def stage3_progress(course_id: CourseQuery, call: Reading) -> StageProgressView:
    """404 until the stage was asked for."""
    return await _progress(call, course_id, "stage3")


@router.get(
    "/stage4/progress", operation_id="getStage4Progress", summary="Get the progress of stage 4",
    response_model=StageProgressView, responses=problems(404),
)  # fmt: skip
async def stage4_progress(course_id: CourseQuery, call: Reading) -> StageProgressView:
    """404 until the stage was asked for."""
    return await _progress(call, course_id, "stage4")
