"""Decisions about unattended runs: start a run, go on with it, stop it. Pure."""

from dataclasses import replace

from services.gateway.course.commands import CancelGeneration, Emit, Generate, Step, Steps
from services.gateway.course.state import Plan
from services.gateway.write.now import Decision, Now
from shared.events.base import Stage
from shared.events.gateway import GenerationCanceled, GenerationRequested
from shared.kernel.errors import PermanentError
from shared.kernel.refusals import Refusal, Same

NO_SOURCE = Refusal(
    409, "no_source",
    "The course has no source yet. POST generate or analyze-repository with a repo_url, or upload a file.",
)  # fmt: skip


def generate(now: Now, command: Generate) -> Decision:
    """From the repository to the course; the same asked twice is the same run, and goes on where it stopped."""
    state, plan = now.state, now.state.plan
    if not command.repo_url and not state.has_own_sources:
        return NO_SOURCE
    if plan is not None and is_plan_of(plan, command):
        again = _go_on(now, plan)
        if again is not None:
            return again
    at_work = any(now.side(stage).row.unattended for stage, _ in state.running)
    if at_work or (plan is not None and is_under_way(now, plan.id)):
        return _stopping(now) or now.out_of_turn("Wait for it, or cancel it: POST cancel.")
    return Steps((Emit(request_generation(state.course_id, command)),))


def is_plan_of(plan: Plan, command: Generate) -> bool:
    """Whether an unattended run was asked for with the same inputs."""
    return replace(plan, id="", seq=0) == Plan("", **vars(command))


def request_generation(course_id: str, wanted: Generate) -> GenerationRequested:
    """The fact that somebody asked for an unattended run."""
    return GenerationRequested(course_id=course_id, **vars(wanted))


def is_under_way(now: Now, plan_id: str) -> bool:
    """Whether a stage of an unattended run is at work, or follows."""
    if now.state.is_waiting_for_first_stage or now.next_stage is not None:
        return True
    return any(run.plan == plan_id for _, run in now.state.running)


def _stopping(now: Now) -> Refusal | None:
    """The refusal when all runs at work were asked to stop and have not ended; None otherwise. Nothing can start before
    they end.
    """
    running = now.state.running
    if not running or not all(run.cancel_requested for _, run in running):
        return None
    refusal = now.not_now("stopping", "What runs was canceled and is stopping. Ask again.")
    return replace(refusal, retry_after_seconds=1)


def _go_on(now: Now, plan: Plan) -> Decision | None:
    """If the run is under way: the run itself, or the refusal while it stops. Otherwise the steps that start the failed
    or canceled stage again. None when there is no such stage, another run is at work, this plan did not run a stage
    before it, the stage would fail again, or the result of a stage before it is outdated.
    """
    if is_under_way(now, plan.id):
        return Same(plan.id) if now.state.is_waiting_for_first_stage else _stopping(now) or Same(plan.id)
    state, outdated = now.state, now.outdated
    for side in now.product.stages:
        stage, run = side.row.name, state.runs.get(side.row.name)
        if not side.is_planned(plan):
            continue
        if state.running or run is None or run.plan != plan.id:
            return None
        if run.status in {"FAILURE", "REVOKED"}:
            if now.would_fail_again(stage, run) is not None:
                return None
            try:
                return Steps(side.steps(state, plan, run.run_id))
            except PermanentError as error:
                return now.not_now(error.code, error.message)
        if stage in outdated:
            return None
    return None


def resume(now: Now) -> Decision:
    """The unattended run goes on in the stage where it failed or was canceled."""
    state = now.state
    again = _go_on(now, state.plan) if state.plan is not None else None
    if again is not None:
        return again
    run = state.runs.get(state.current) if state.current is not None else None
    if state.current is not None and run is not None and state.plan is not None and run.plan == state.plan.id:
        refusal = now.would_fail_again(state.current, run)
        if refusal is not None:
            return refusal
    detail = "The course has no unattended run that failed or was canceled. POST generate starts one."
    return _stopping(now) or now.not_now("nothing_to_resume", detail)


def _stage_to_stop(now: Now) -> Stage | None:
    """The first stage at work of those that an unattended run goes through; if there is none at work, the stage that
    would have come next.
    """
    planned = [stage for stage, _ in now.state.running if now.side(stage).row.unattended]
    plan = now.state.plan
    if planned or plan is None:
        return planned[0] if planned else now.next_stage
    sides = [side for side in now.product.stages if side.is_planned(plan)]
    runs = [(side.row.name, now.state.runs.get(side.row.name)) for side in sides]
    return next((stage for stage, run in runs if run is None or run.plan != plan.id), None)


def cancel_generation(now: Now, command: CancelGeneration) -> Decision:
    """Stop all that runs, and what would have followed."""
    state, running, following = now.state, now.state.running, now.next_stage
    if state.is_waiting_for_first_stage and (refusal := _stopping(now)) is not None:
        return refusal  # the run that was replaced is not over yet, and would be taken for the one to stop
    if not running and following is None:
        if state.current is not None and state.runs[state.current].status == "REVOKED":
            return Same(state.runs[state.current].run_id)
        return now.not_now("not_running", "Nothing is at work on the course")
    if running and all(run.cancel_requested for _, run in running):
        return Same(running[0][1].run_id)
    steps: tuple[Step, ...] = now.stops(command.by)
    stopped = _stage_to_stop(now)
    if state.plan is not None and stopped is not None:
        canceled = GenerationCanceled(
            course_id=state.course_id, generation_id=state.plan.id, stage=stopped, by=command.by
        )  # fmt: skip
        steps += (Emit(canceled),)
    return Steps(steps)
