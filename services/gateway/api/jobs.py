"""Jobs: unattended runs, one for each request, as a queue of jobs shows them."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response

from services.gateway.api.calls import Call, Creating, Reading, Writing
from services.gateway.api.problems import problems
from services.gateway.api.schemas.jobs import JobView, TriggeredJobView, TriggerJobBody
from services.gateway.api.sources import check_source
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import CancelGeneration, CreateCourse, Generate
from services.gateway.course.state import CourseState
from services.gateway.fold.jobs import STEPS, began_at, job_id_of, job_status, run_of_job, state_of_job, step_of_job
from services.gateway.fold.statuses import StageStatus, course_status, stage_statuses
from services.gateway.stages.inputs import level_wished
from shared.course.naming import automatic_title
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused
from shared.readmodels.writing import Done
from shared.web.idempotency import Answer

router = APIRouter(prefix="/api/jobs", tags=["jobs"], route_class=StrictRoute)

JobId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,64}_[A-Za-z0-9-]{1,64}$", description="The job's id")]


@router.post(
    "/trigger", status_code=201, summary="Make a course of a repository", response_model=TriggeredJobView,
    response_model_by_alias=True,
    responses={**problems(409, 413), 200: {"model": TriggeredJobView, "description": "At work already"}},
)  # fmt: skip
async def trigger_job(body: TriggerJobBody, call: Creating) -> Response:
    """A new course and its unattended run. While one of yours is at work on the repository, that one is the answer."""
    try:
        address = await check_source(call, {"repo_url": body.repository_id})
    except Refused as error:
        raise Refused(replace(error.refusal, pointer="/repositoryId")) from error
    assert address is not None
    wanted = Generate(
        repo_url=address.canonical, ref="", complexity_level=level_wished(body.prompt, "intermediate"),
        additional_info=body.prompt, engine="offline", pathway="auto",
    )  # fmt: skip

    async def answer(done: Done, course_id: str) -> Answer:
        job_id = job_id_of(done.elsewhere or course_id, str(done.task_id))
        view = TriggeredJobView(
            job_id=job_id, course_id=done.elsewhere or course_id, duplicate=done.elsewhere is not None,
            callback_token=call.services.sealer.token(done.elsewhere or course_id),
        )  # fmt: skip
        status = 201 if done.elsewhere is None else 200
        return Answer(status, {"Location": f"/api/jobs/{job_id}/status"}, view.model_dump(by_alias=True))

    def command(command_id: str) -> CreateCourse:
        return CreateCourse(command_id, call.owner, automatic_title(address.name), "", wanted)

    return await call.carry_out(None, command, answer, body)


@router.get("/{job_id}/status", summary="Get a job", response_model_by_alias=True, responses=problems(404))
async def get_job_status(job_id: JobId, call: Reading) -> JobView:
    """As it is; one that another request has replaced, as it was then."""
    return await _view(call, job_id)


@router.post(
    "/{job_id}/cancel", status_code=202, summary="Stop a job", response_model=JobView, response_model_by_alias=True,
    responses=problems(404, 409, 412),
)  # fmt: skip
async def cancel_job(job_id: JobId, call: Writing) -> Response:
    """Asking again changes nothing; 409 when it ended otherwise."""
    course_id, _, generation_id = job_id.partition("_")
    state = await call.state(course_id)
    if state.plan is None or state.plan.id != generation_id:
        await _view(call, job_id)
        raise Refused(Refusal(409, "not_running", "The job is over"))

    async def answer(_: Done, __: str) -> Answer:
        return Answer(202, {}, (await _view(call, job_id)).model_dump(mode="json", by_alias=True))

    return await call.carry_out(course_id, CancelGeneration(call.by), answer)


async def _view(call: Call, job_id: str) -> JobView:
    course_id, _, generation_id = job_id.partition("_")
    now, product = await call.state(course_id), call.services.product
    is_replaced = now.plan is None or now.plan.id != generation_id
    state = now
    if is_replaced:
        found = state_of_job(await call.services.log.read(course_id, to_seq=now.seq), generation_id, product)
        if found is None:
            raise NotFound("There is no such job")
        state = found
    plan, run = state.plan, run_of_job(state)
    assert plan is not None
    status = course_status(state, product)
    stage = stage_statuses(state, product)[status.current_stage] if run is not None else StageStatus()
    created, updated = began_at(state) or now.created_at, state.updated_at
    assert created is not None
    assert updated is not None
    return JobView(
        id=job_id, course_id=course_id, repository_id=plan.repo_url,
        status=job_status(state, product, is_replaced=is_replaced), prompt=plan.additional_info,
        run_at=_milliseconds(stage.next_attempt_at or created), attempts=stage.attempt,
        max_attempts=stage.max_attempts, current_step=step_of_job(state, product),
        total_steps=len(STEPS), progress=_live_step(call, state) or stage.current_step, percent=status.progress,
        error=stage.error_message, cancel_requested=is_replaced or bool(run and run.cancel_requested),
        created_at=_milliseconds(created), updated_at=_milliseconds(updated),
    )  # fmt: skip


def _live_step(call: Call, state: CourseState) -> str | None:
    """The worker's own words while it is at work."""
    run = run_of_job(state)
    live = None if state.current is None else call.services.progress.latest(state.course_id, state.current)
    is_live = live is not None and run is not None and run.status == "STARTED" and live.run_id == run.run_id
    return live.step if live is not None and is_live else None


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
