"""Decisions about one stage: run it, cancel its run, run it again. Pure."""

from datetime import datetime

from services.gateway.course.commands import CancelStage, Emit, RetryStage, RunStage, Start, Step, Steps
from services.gateway.write.now import Decision, Now
from shared.events.gateway import StageCancelRequested
from shared.kernel.refusals import Refusal, Same


def run_stage(now: Now, command: RunStage) -> Decision:
    """A run with these inputs; or the run that does the same, when it is at work or began after this was asked."""
    inputs = now.side(command.stage).filled(now.state, command.inputs)
    return start_stage(now, Start(command.stage, inputs), asked_at=command.asked_at)


def start_stage(now: Now, start: Start, before: tuple[Step, ...] = (), asked_at: datetime | None = None) -> Decision:
    """Ask for a run, after the steps that come `before` it."""
    state, side = now.state, now.side(start.stage)
    missing = now.missing_before(start.stage)
    if missing is None and not before and (refusal := _refused(now, start)) is not None:
        return refusal
    run = state.runs.get(start.stage)
    if run is not None and not before and side.is_same(state, run, start.inputs):
        began_since = asked_at is not None and run.requested_at >= asked_at and not run.cancel_requested
        if run.is_running or began_since:
            return Same(run.run_id)
    if not now.product.is_free(state, side.row):
        return now.out_of_turn("Wait for the stage that runs, or cancel it.")
    return now.first_do(missing) if missing is not None else Steps((*before, start))


def _refused(now: Now, start: Start) -> Refusal | None:
    refused = now.side(start.stage).refuse(now.state, start, start.stage in now.outdated)
    return now.out_of_turn(refused) if isinstance(refused, str) else refused


def cancel(now: Now, command: CancelStage) -> Decision:
    """Stop the run of the stage."""
    run = now.state.runs.get(command.stage)
    if run is None or not run.is_running:
        return now.not_now("not_running", f"{now.side(command.stage).row.key} is not running")
    if run.cancel_requested:
        return Same(run.run_id)
    course_id = now.state.course_id
    asked = StageCancelRequested(course_id=course_id, run_id=run.run_id, stage=command.stage, by=command.by)
    return Steps((Emit(asked),))


def retry(now: Now, command: RetryStage) -> Decision:
    """Run the stage again with the inputs of the run that failed or was canceled."""
    stage, run, key = command.stage, now.state.runs.get(command.stage), now.side(command.stage).row.key
    if command.run_id is not None and (run is None or run.run_id != command.run_id):
        detail = f"{key} was asked for again after that run, and its latest run is the one that counts"
        return now.not_now("not_the_latest_run", detail)
    if run is not None and run.is_running:
        return Same(run.run_id)
    if run is None or run.status == "SUCCESS":
        detail = f"{key} has not failed and was not canceled, so there is nothing to try again"
        return now.not_now("nothing_to_retry", detail)
    refusal = now.would_fail_again(stage, run)
    if refusal is not None:
        return refusal
    return start_stage(now, Start(stage, now.side(stage).again(now.state, run), run.run_id))
