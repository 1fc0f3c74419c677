"""The fold: how each event changes the state of a course. Pure. An event that the fold does not know changes nothing.

The facts of a stage are folded by that stage's object in `stages`.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from services.gateway.course.product import GatewayStage, Product
from services.gateway.course.state import CourseState, Offer, Plan, Spent, StageRun, replace, with_run
from services.gateway.fold.model_use import model_use_of
from services.gateway.fold.statuses import facts_progress
from services.gateway.stages.added import SOURCE_REMOVED, files_changed
from services.gateway.stages.product import PRODUCT
from shared.event_log.port import Recorded
from shared.events import Event, gateway
from shared.events.base import Stage, StageEvent, StageFailure, StageStarted
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled

AUTOPILOT = "coursewright/autopilot"


def fold(state: CourseState, recorded: Sequence[Recorded], product: Product = PRODUCT) -> CourseState:
    """The state after these events, oldest first; those it has seen already change nothing."""
    for item in recorded:
        state = evolve(state, item, product)
    return state


def evolve(state: CourseState, recorded: Recorded, product: Product = PRODUCT) -> CourseState:
    """The state after one event."""
    if recorded.seq <= state.seq or state.deleted:
        return state
    changed = _course_fact(state, recorded, product)
    if changed is state and isinstance(recorded.event, StageEvent):
        changed = _spent(_stage_fact(state, recorded, product), recorded)
    reached = max(changed.reached, facts_progress(changed, product))
    return replace(changed, seq=recorded.seq, updated_at=recorded.time, reached=reached)


def _course_fact(state: CourseState, recorded: Recorded, product: Product) -> CourseState:
    match recorded.event:
        case gateway.CourseCreated() as event:
            return replace(
                state, course_id=event.course_id, owner=event.owner, title=event.title,
                description=event.description, created_at=recorded.time,
            )  # fmt: skip
        case gateway.CourseUpdated() as event:
            return replace(
                state,
                title=state.title if event.title is None else event.title,
                description=state.description if event.description is None else event.description,
            )
        case gateway.CourseDeleted():
            return replace(state, deleted=True)
        case gateway.GenerationRequested() as event:
            plan = Plan(
                recorded.id, event.repo_url, event.ref, event.complexity_level, event.additional_info, event.engine,
                event.pathway, event.credential_id, event.model, recorded.seq,
            )  # fmt: skip
            return replace(state, plan=plan, asked=plan.id, reached=0)
        case gateway.GenerationCanceled() as event:
            return _stopped(state, recorded, event, product)
        case gateway.SourcesSelected() as event:
            return replace(state, selections=tuple(event.selections))
        case gateway.DocumentRevised() as event:
            fields = event.model_dump(mode="json", exclude={"course_id", "document_id"}, exclude_none=True)
            revised = {**state.revisions.get(event.document_id, {}), **fields}
            return replace(state, revisions={**state.revisions, event.document_id: revised})
        case gateway.PathwayRevised() | gateway.PathwayAdded() | gateway.PathwayDeleted() as event:
            return _offers_changed(state, event)
        case gateway.PathwaySelected() as event:
            return replace(state, selected_pathway=event.pathway_id)
        case _:
            return files_changed(state, recorded)


def _stage_fact(state: CourseState, recorded: Recorded, product: Product) -> CourseState:
    event = recorded.event
    row = product.pipeline.stage_of(event)
    if row is not None and isinstance(event, row.request):
        return _requested(state, recorded, product.by_name[row.name])
    if row is not None and isinstance(event, row.failed) and event.attempt == 0:
        state = _never_started(state, recorded, row.name)
    stage = row.name if row is not None else _stage_named(state, event, product)
    run = state.runs.get(stage) if stage is not None else None
    if stage is None or run is None or not isinstance(event, StageEvent) or run.run_id != event.run_id:
        return state
    side = product.by_name[stage]
    return side.found(with_run(state, stage, _moved(run, recorded, side)), recorded)


def _spent(state: CourseState, recorded: Recorded) -> CourseState:
    usage = model_use_of(recorded.event)
    if usage is None:
        return state
    day = f"{recorded.time.astimezone(UTC):%Y-%m-%d}"
    tokens = usage.input_tokens + usage.output_tokens + usage.cached_tokens
    spent = state.spent.get(day, Spent()) + Spent(tokens, usage.estimated_cost_usd)
    return replace(state, spent={**state.spent, day: spent})


def _requested(state: CourseState, recorded: Recorded, side: GatewayStage) -> CourseState:
    event, stage = recorded.event, side.row.name
    assert isinstance(event, StageEvent)
    by_autopilot = recorded.source == AUTOPILOT
    retry_of = getattr(event, "retry_of", None)
    is_planned = state.plan is not None and (side.row.unattended or not state.is_waiting_for_first_stage)
    if not by_autopilot and retry_of is None and (side.row.unattended or state.plan is None):
        # Whoever takes the wheel drives from here on. A stage beside an unattended run takes nothing from it.
        state = replace(state, plan=None, asked=event.run_id, reached=0)
    elif state.is_waiting_for_first_stage and side.row.unattended:
        state = replace(state, began=recorded.seq)
    run = StageRun(
        event.run_id, recorded.time, inputs=_inputs(event, side.shows), basis=side.digest(state),
        plan=state.plan.id if state.plan is not None and is_planned else "",
    )  # fmt: skip
    state = replace(with_run(state, stage, side.moved(run, event)), current=stage)
    return side.requested(state, event)


def _never_started(state: CourseState, recorded: Recorded, stage: Stage) -> CourseState:
    """A failure without an attempt: the request itself could not be made."""
    event = recorded.event
    assert isinstance(event, StageFailure)
    run = StageRun(event.run_id, recorded.time, plan=state.plan.id if state.plan is not None else "")
    return replace(with_run(state, stage, run), current=stage)


def _stopped(
    state: CourseState, recorded: Recorded, event: gateway.GenerationCanceled, product: Product
) -> CourseState:
    """Between two stages nothing runs that could end, so the one that would have come next is canceled here."""
    plan = state.plan
    at_work = any(product.by_name[stage].row.unattended for stage, _ in state.running)
    if plan is None or plan.id != event.generation_id or at_work:
        return state
    run = StageRun(
        recorded.id, recorded.time, status="REVOKED", plan=plan.id, error="canceled", message="Canceled on request",
        retryable=True, completed_at=recorded.time,
    )  # fmt: skip
    return replace(with_run(state, event.stage, run), current=event.stage)


def _moved(run: StageRun, recorded: Recorded, side: GatewayStage) -> StageRun:
    time = recorded.time
    if run.error == SOURCE_REMOVED and not isinstance(recorded.event, gateway.StageCancelRequested):
        return run  # It is over, whatever its worker still says.
    match recorded.event:
        case StageStarted() as event:
            run = replace(
                run, status="STARTED", attempt=event.attempt, max_attempts=event.max_attempts, worker=event.worker,
                started_at=run.started_at or time, next_attempt_at=None, error="", message="",
            )  # fmt: skip
        case StageRetryScheduled() as event:
            run = replace(
                run, status="RETRY", next_attempt_at=event.not_before, error=event.error, message=event.message
            )
        case StageFailure() as event:
            run = replace(
                run, status="FAILURE", error=event.error, message=event.message, retryable=event.retryable,
                completed_at=time, next_attempt_at=None,
            )  # fmt: skip
        case StageDead() as event:
            run = replace(
                run, status="FAILURE", dead=True, retryable=True, message=run.message or event.reason,
                completed_at=time, next_attempt_at=None,
            )  # fmt: skip
        case gateway.StageCancelRequested():
            run = replace(run, cancel_requested=True)
        case StageCanceled():
            run = replace(
                run, status="REVOKED", error="canceled", message="Canceled on request", retryable=True,
                completed_at=time, next_attempt_at=None,
            )  # fmt: skip
        case event if isinstance(event, side.row.finished):
            # Which document or module came last depends on the workers, and says nothing any more.
            run = replace(
                run, status="SUCCESS", step="", completed_at=time, error="", message="", next_attempt_at=None
            )  # fmt: skip
        case _:
            pass
    return side.moved(run, recorded.event)


def _offers_changed(
    state: CourseState, event: gateway.PathwayRevised | gateway.PathwayAdded | gateway.PathwayDeleted
) -> CourseState:
    basis = state.analysis.analyses.sha256 if state.analysis is not None else ""
    match event:
        case gateway.PathwayAdded():
            offer = Offer(event.pathway_id, event.kind, event.title, event.pathway, basis, event.minutes)
            return replace(state, offers=(*state.offers, offer))
        case gateway.PathwayDeleted():
            left = tuple(offer for offer in state.offers if offer.pathway_id != event.pathway_id)
            return replace(state, offers=left)
        case gateway.PathwayRevised():
            offers = tuple(
                replace(offer, title=event.title, pathway=event.pathway, revised_on=basis)
                if offer.pathway_id == event.pathway_id
                else offer
                for offer in state.offers
            )
            return replace(state, offers=offers)


def _stage_named(state: CourseState, event: Event, product: Product) -> Stage | None:
    """The stage of a fact that is not one of the four of its row: by its own word, else by its run."""
    named = getattr(event, "stage", None)
    if named in product.by_name:
        return str(named)
    run_id = getattr(event, "run_id", None)
    return next((stage for stage, run in state.runs.items() if run.run_id == run_id), None)


def _inputs(event: StageEvent, names: Sequence[str]) -> dict[str, Any]:
    """The parameters a user gave, by their names in the API."""
    dumped = event.model_dump(mode="json", include=set(names))
    return {name: dumped[name] for name in names}
