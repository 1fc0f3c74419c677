"""An unattended run shown as a job of a queue: its status and its step. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState, StageRun
from services.gateway.fold.evolve import evolve
from services.gateway.fold.statuses import course_status
from shared.event_log.port import Recorded
from shared.events.gateway import GenerationRequested

STEPS = ("Extract", "Analyze", "Order", "Generate", "Review", "Tutorials")
JobStatus = Literal["pending", "claimed", "cloning", "analyzing", "completed", "failed", "dead", "canceled"]
_ENDED: Mapping[str, JobStatus] = {"SUCCESS": "completed", "FAILURE": "failed", "REVOKED": "canceled"}


def job_id_of(course_id: str, generation_id: str) -> str:
    """The id of a job: no table is needed to find its course."""
    return f"{course_id}_{generation_id}"


def state_of_job(history: Sequence[Recorded], generation_id: str, product: Product) -> CourseState | None:
    """The course as the job left it; None when there was no such job. It ends with the next request for the course."""
    state, is_mine = CourseState(), False
    for recorded in history:
        following = evolve(state, recorded, product)
        if is_mine and (following.plan is None or following.plan.id != generation_id):
            return state
        is_mine = is_mine or (isinstance(recorded.event, GenerationRequested) and recorded.id == generation_id)
        state = following
    return state if is_mine else None


def began_at(state: CourseState) -> datetime | None:
    """When the first stage of the run was asked for; before that, when the course changed last."""
    plan = state.plan.id if state.plan is not None else ""
    return min((run.requested_at for run in state.runs.values() if run.plan == plan), default=state.updated_at)


def run_of_job(state: CourseState) -> StageRun | None:
    """The run of the job that began last."""
    run = state.runs.get(state.current) if state.current is not None else None
    return None if run is None or state.plan is None or run.plan != state.plan.id else run


def job_status(state: CourseState, product: Product, *, is_replaced: bool) -> JobStatus:
    """The status. A job that was replaced before its end is canceled."""
    run, status = run_of_job(state), course_status(state, product)
    if status.task_status != "STARTED" and run is not None:
        return "dead" if run.dead else _ENDED[run.status]
    if is_replaced:
        return "canceled"
    if run is None or run.status == "RETRY":
        return "pending"
    if status.current_stage != product.pipeline[0].key or run.status == "SUCCESS":
        return "analyzing"
    if run.status == "PENDING":
        return "pending"
    return "cloning" if run.step else "claimed"


def step_of_job(state: CourseState, product: Product) -> int:
    """The step, 1 to 6: a stage each, of which the last writes, then puts together and checks, then is done."""
    run = run_of_job(state)
    if run is None or state.current is None:
        return 1
    stages, stage = product.pipeline.unattended, product.pipeline.by_name[state.current]
    if stage != stages[-1]:
        return stage.number if stage.unattended else 1  # documents are extracted beside the repository
    number = stage.number
    if run.status == "SUCCESS":
        return len(STEPS)
    return number + 1 if run.planned and run.done >= run.planned else number
