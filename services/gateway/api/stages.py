"""Routes that all stages have: status, cancel, retry; and the unattended run."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.gateway.api.calls import (
    CourseId,
    Reading,
    Repairing,
    StageName,
    Writing,
    answer_started,
    etag,
    model_answer,
)
from services.gateway.api.problems import problems
from services.gateway.api.schemas.stages import GenerateBody, StageStatusView, StartedView, StoppingView
from services.gateway.api.sources import check_source
from services.gateway.api.status import stage_view
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import CancelGeneration, CancelStage, Generate, ResumeGeneration, RetryStage
from services.gateway.stages.inputs import check_model, level_wished
from shared.readmodels.writing import Done
from shared.web.idempotency import Answer

router = APIRouter(prefix="/api/courses/{course_id}", tags=["stages"], route_class=StrictRoute)


@router.post(
    "/generate", status_code=202, summary="Run all stages unattended", response_model=StartedView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def generate(course_id: CourseId, body: GenerateBody, call: Writing) -> Response:
    """From the repository to the course, with these inputs; asked twice it is the same run, and one that failed or was
    canceled goes on where it was. When the same run is under way in another course of yours, the answer is that run,
    and `course_id` names the course.
    """
    wanted = body.model_dump()
    check_model(body.engine, body.model, call.services.settings)
    address = await check_source(call, wanted) if body.repo_url is not None else None
    level = body.complexity_level or level_wished(body.additional_info, "intermediate")
    command = Generate(**{**wanted, "repo_url": address.canonical if address else "", "complexity_level": level})
    return await call.carry_out(course_id, command, answer_started, body)


@router.post(
    "/cancel", status_code=202, summary="Stop the generation, whatever stage is at work", response_model=StoppingView,
    responses=problems(404, 409, 412),
)  # fmt: skip
async def cancel_course(course_id: CourseId, call: Writing) -> Response:
    """Finished work stays, and no further stage is asked for. Asking again changes nothing; 409 without work."""

    async def answer(done: Done, _: str) -> Answer:
        return model_answer(StoppingView(task_id=done.task_id, status="stopping"), 202, ETag=etag(done.seq))

    return await call.carry_out(course_id, CancelGeneration(call.by), answer)


@router.post(
    "/resume", status_code=202, summary="Go on with the unattended run there is", response_model=StartedView,
    responses=problems(404, 409, 412),
)  # fmt: skip
async def resume_course(course_id: CourseId, call: Writing) -> Response:
    """With the stage that failed or was canceled; stages that are finished are not done again. `generate` with the same
    inputs does it, too.
    """
    return await call.carry_out(course_id, ResumeGeneration(), answer_started)


@router.get("/{stage}/status", summary="Get a stage's status", responses=problems(404))
async def get_stage_status(course_id: CourseId, stage: StageName, call: Reading) -> StageStatusView:
    """Status, progress and inputs of the stage's latest run; PENDING without a task_id when there was none."""
    _, tasks = await call.with_tasks(course_id)
    return stage_view(stage, tasks.get(stage.key), course_id, call.services.progress)


@router.post(
    "/stages/{stage}/cancel", status_code=202, summary="Stop the run of a stage", response_model=StartedView,
    responses=problems(404, 409, 412),
)  # fmt: skip
async def cancel_stage(course_id: CourseId, stage: StageName, call: Repairing) -> Response:
    """Finished work stays; the stage can be tried again. The operator may ask for it, too."""
    return await call.carry_out(course_id, CancelStage(stage.name, call.by), answer_started)


@router.post(
    "/stages/{stage}/retry", status_code=202, summary="Run a failed stage again", response_model=StartedView,
    responses=problems(404, 409, 412),
)  # fmt: skip
async def retry_stage(
    course_id: CourseId,
    stage: StageName,
    call: Repairing,
    task_id: Annotated[
        str | None, Query(max_length=64, description="Only if this is the stage's latest run; otherwise 409")
    ] = None,
) -> Response:
    """A new run with the inputs of the one that failed or was canceled. The operator may ask for it, too."""
    return await call.carry_out(course_id, RetryStage(stage.name, task_id), answer_started)
