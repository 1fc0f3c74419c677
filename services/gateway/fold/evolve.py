"""The fold: how each event changes what the gateway knows of a course. Pure, and blind to events it does not know."""

from collections.abc import Sequence
from typing import Any

from services.gateway.fold.basis import basis_of
from services.gateway.fold.state import Analysis, CourseState, Generated, Offer, Plan, Source, StageRun, replace
from services.gateway.fold.statuses import facts_progress
from shared.event_log.port import Recorded
from shared.events.base import Stage, StageEvent, StageFailure, StageStarted
from shared.events.doc_analyser import DocsAnalysed, DocsAnalysisStarted, DocumentAnalysed, DocumentSkipped
from shared.events.gateway import (
    CourseCreated,
    CourseDeleted,
    CourseUpdated,
    DocsAnalysisRequested,
    DocumentRevised,
    GenerationCanceled,
    GenerationRequested,
    ModulesRequested,
    PathwayRevised,
    PathwaySelected,
    PathwaysRequested,
    RepoCloneRequested,
    SourcesSelected,
    StageCancelRequested,
)
from shared.events.modules import CourseGenerated, ModuleRejected, ModulesStarted, ModuleWritten
from shared.events.pathway import PathwayProposed, PathwaysProposed
from shared.events.repo_clone import RepoCloned
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.pipeline import BY_NAME, stage_of

AUTOPILOT = "coursewright/autopilot"


def fold(state: CourseState, recorded: Sequence[Recorded]) -> CourseState:
    """The state after these events, oldest first; those it has seen already change nothing."""
    for item in recorded:
        state = evolve(state, item)
    return state


def evolve(state: CourseState, recorded: Recorded) -> CourseState:
    """The state after one event."""
    if recorded.seq <= state.seq or state.deleted:
        return state
    changed = _course_fact(state, recorded)
    if changed is state and isinstance(recorded.event, StageEvent):
        changed = _stage_fact(state, recorded)
    reached = max(changed.reached, facts_progress(changed))
    return replace(changed, seq=recorded.seq, updated_at=recorded.time, reached=reached)


def _course_fact(state: CourseState, recorded: Recorded) -> CourseState:
    match recorded.event:
        case CourseCreated() as event:
            return replace(
                state, course_id=event.course_id, owner=event.owner, title=event.title,
                description=event.description, created_at=recorded.time,
            )  # fmt: skip
        case CourseUpdated() as event:
            return replace(
                state,
                title=state.title if event.title is None else event.title,
                description=state.description if event.description is None else event.description,
            )
        case CourseDeleted():
            return replace(state, deleted=True)
        case GenerationRequested() as event:
            plan = Plan(
                recorded.id, event.repo_url, event.ref, event.complexity_level, event.additional_info, event.engine,
                event.pathway,
            )  # fmt: skip
            return replace(state, plan=plan, asked=plan.id, reached=0)
        case GenerationCanceled() as event:
            return _stopped(state, recorded, event)
        case SourcesSelected() as event:
            return replace(state, selections=tuple(event.selections))
        case DocumentRevised() as event:
            fields = event.model_dump(mode="json", exclude={"course_id", "document_id"}, exclude_none=True)
            revised = {**state.revisions.get(event.document_id, {}), **fields}
            return replace(state, revisions={**state.revisions, event.document_id: revised})
        case PathwayRevised() as event:
            return _pathway_revised(state, event)
        case PathwaySelected() as event:
            return replace(state, selected_pathway=event.pathway_id)
        case _:
            return state


def _stage_fact(state: CourseState, recorded: Recorded) -> CourseState:
    event = recorded.event
    row = stage_of(event)
    if row is not None and isinstance(event, row.request):
        return _requested(state, recorded, row.name)
    if row is not None and isinstance(event, row.failed) and event.attempt == 0:
        state = _never_started(state, recorded, row.name)
    stage = row.name if row is not None else _stage_named(state, event)
    run = state.runs.get(stage) if stage is not None else None
    if stage is None or run is None or not isinstance(event, StageEvent) or run.run_id != event.run_id:
        return state
    return _finished(_with_run(state, stage, _moved(run, recorded)), recorded)


def _requested(state: CourseState, recorded: Recorded, stage: Stage) -> CourseState:
    event = recorded.event
    assert isinstance(event, StageEvent)
    by_autopilot = recorded.source == AUTOPILOT
    retry_of = getattr(event, "retry_of", None)
    if not by_autopilot and retry_of is None:
        # Whoever takes the wheel drives from here on.
        state = replace(state, plan=None, asked=event.run_id, reached=0)
    run = StageRun(
        event.run_id, recorded.time, inputs=_inputs(event), basis=basis_of(state, stage),
        plan=state.plan.id if state.plan is not None else "",
    )  # fmt: skip
    state = replace(_with_run(state, stage, run), current=stage)
    match event:
        case DocsAnalysisRequested():
            run = replace(run, planned=event.documents_planned)
            return replace(_with_run(state, stage, run), pending_documents=event.documents)
        case PathwaysRequested():
            return replace(state, proposals=())
        case ModulesRequested():
            lacking = {
                module_id: title for module_id, title in state.lacking.items() if module_id in event.kept_modules
            }
            return replace(state, written=dict(event.kept_modules), lacking=lacking)
        case _:
            return state


def _never_started(state: CourseState, recorded: Recorded, stage: Stage) -> CourseState:
    """A failure without an attempt: the request itself could not be made."""
    event = recorded.event
    assert isinstance(event, StageFailure)
    run = StageRun(event.run_id, recorded.time, plan=state.plan.id if state.plan is not None else "")
    return replace(_with_run(state, stage, run), current=stage)


def _stopped(state: CourseState, recorded: Recorded, event: GenerationCanceled) -> CourseState:
    """Between two stages nothing runs that could end, so the one that would have come next is canceled here."""
    plan = state.plan
    if plan is None or plan.id != event.generation_id or state.running is not None:
        return state
    run = StageRun(
        recorded.id, recorded.time, status="REVOKED", plan=plan.id, error="canceled", message="Canceled on request",
        retryable=True, completed_at=recorded.time,
    )  # fmt: skip
    return replace(_with_run(state, event.stage, run), current=event.stage)


def _moved(run: StageRun, recorded: Recorded) -> StageRun:
    time = recorded.time
    match recorded.event:
        case StageStarted() as event:
            planned = run.planned
            if isinstance(event, DocsAnalysisStarted):
                planned = event.documents_planned
            if isinstance(event, ModulesStarted):
                planned = len(event.module_ids)
            return replace(
                run, status="STARTED", attempt=event.attempt, planned=planned, started_at=run.started_at or time,
                next_attempt_at=None, error="", message="",
            )  # fmt: skip
        case DocumentAnalysed() | DocumentSkipped() as event:
            done = run.done + 1
            return replace(run, done=done, step=f"Analysed {event.path} ({done} of {run.planned})")
        case ModuleWritten() as event:
            done = run.done + 1
            return replace(run, done=done, step=f"Wrote module {event.title} ({done} of {run.planned})")
        case ModuleRejected() as event:
            return replace(run, step=f"Revising a module after round {event.round}")
        case StageRetryScheduled() as event:
            return replace(
                run, status="RETRY", next_attempt_at=event.not_before, error=event.error, message=event.message
            )
        case StageFailure() as event:
            return replace(
                run, status="FAILURE", error=event.error, message=event.message, retryable=event.retryable,
                completed_at=time, next_attempt_at=None,
            )  # fmt: skip
        case StageDead() as event:
            return replace(
                run, status="FAILURE", dead=True, retryable=True, message=run.message or event.reason,
                completed_at=time, next_attempt_at=None,
            )  # fmt: skip
        case StageCancelRequested():
            return replace(run, cancel_requested=True)
        case StageCanceled() as event:
            return replace(
                run, status="REVOKED", error="canceled", message="Canceled on request", retryable=True,
                completed_at=time, next_attempt_at=None,
            )  # fmt: skip
        case RepoCloned() | DocsAnalysed() | PathwaysProposed() | CourseGenerated():
            # Which document or module came last depends on the workers, and says nothing any more.
            return replace(
                run, status="SUCCESS", step="", completed_at=time, error="", message="", next_attempt_at=None
            )  # fmt: skip
        case _:
            return run


def _finished(state: CourseState, recorded: Recorded) -> CourseState:
    """What a stage's results add."""
    match recorded.event:
        case RepoCloned() as event:
            source = Source(
                event.source_id, event.repo_url, event.canonical_url, event.ref, event.commit, event.repo_name,
                event.files, event.folders, event.navigation, event.project_name, event.licence,
            )  # fmt: skip
            return replace(state, source=source)
        case DocsAnalysed() as event:
            inputs = state.runs["doc_analyser"].inputs
            if state.pending_documents is None:
                return state
            analysis = Analysis(
                state.pending_documents, event.analyses, inputs.get("overview_document"),
                inputs["complexity_level"], inputs["engine"],
            )  # fmt: skip
            return replace(state, analysis=analysis, pending_documents=None)
        case PathwayProposed() as event:
            offer = Offer(event.pathway_id, event.kind, event.title, event.pathway, minutes=event.minutes)
            kept = tuple(have for have in state.proposals if have.pathway_id != event.pathway_id)
            return replace(state, proposals=(*kept, offer))
        case PathwaysProposed() as event:
            return _offered(state, event)
        case ModuleWritten() as event:
            lacking = {key: title for key, title in state.lacking.items() if key != event.module_id}
            if event.status == "incomplete":
                lacking[event.module_id] = event.title
            return replace(state, written={**state.written, event.module_id: event.content}, lacking=lacking)
        case CourseGenerated() as event:
            generated = Generated(
                event.run_id, event.pathway_id, event.course_key, event.edition, event.status, event.course,
                event.quality, tuple(event.exports), recorded.time,
            )  # fmt: skip
            return replace(_incomplete(state, event), generated=generated)
        case _:
            return state


def _incomplete(state: CourseState, event: CourseGenerated) -> CourseState:
    """An incomplete course says so in its last stage's step, with what it lacks among the notes."""
    if event.status == "complete":
        return state
    step = f"Finished, but incomplete: {len(state.lacking)} of {event.modules} modules did not pass the checks"
    notes = tuple(f"Incomplete module: {title}" for title in state.lacking.values())
    return _with_run(state, "modules", replace(state.runs["modules"], step=step, notes=notes))


def _pathway_revised(state: CourseState, event: PathwayRevised) -> CourseState:
    basis = state.analysis.analyses.sha256 if state.analysis is not None else ""
    offers = tuple(
        replace(offer, title=event.title, pathway=event.pathway, revised_on=basis)
        if offer.pathway_id == event.pathway_id
        else offer
        for offer in state.offers
    )
    return replace(state, offers=offers)


def _offered(state: CourseState, event: PathwaysProposed) -> CourseState:
    """New offers replace the old ones, but a user's edit stays as long as what it was made on is the same; one that
    cannot stay is named in the run's notes.
    """
    basis = state.analysis.analyses.sha256 if state.analysis is not None else ""
    edited = {offer.pathway_id: offer for offer in state.offers if offer.revised_on}
    kept = {pathway_id: offer for pathway_id, offer in edited.items() if offer.revised_on == basis}
    fresh = {offer.pathway_id: offer for offer in state.proposals if offer.pathway_id in event.pathway_ids}
    proposed = [fresh[pathway_id] for pathway_id in event.pathway_ids if pathway_id in fresh]
    offers = [kept.get(offer.pathway_id, offer) for offer in proposed]
    offers += [offer for pathway_id, offer in kept.items() if pathway_id not in fresh]
    lost = [
        f"Your edits of “{edited[key].title}” were replaced: its documents changed"
        for key in sorted(edited.keys() - kept)
    ]
    notes = (*([event.note] if event.note else []), *lost)
    run = replace(state.runs["pathway"], notes=notes)
    still = any(offer.pathway_id == state.selected_pathway for offer in offers)
    return replace(
        _with_run(state, "pathway", run), offers=tuple(offers), proposals=(),
        selected_pathway=state.selected_pathway if still else None,
    )  # fmt: skip


def _stage_named(state: CourseState, event: Any) -> Stage | None:
    """The stage of a fact that is none of the four of its row: by its own word, else by its run."""
    named = getattr(event, "stage", None)
    if named in BY_NAME:
        stage: Stage = named
        return stage
    run_id = getattr(event, "run_id", None)
    return next((stage for stage, run in state.runs.items() if run.run_id == run_id), None)


def _with_run(state: CourseState, stage: Stage, run: StageRun) -> CourseState:
    return replace(state, runs={**state.runs, stage: run})


def _inputs(event: StageEvent) -> dict[str, Any]:
    """What a user asked for, by the names the API has for it."""
    names: tuple[str, ...]
    match event:
        case RepoCloneRequested():
            names = ("repo_url", "ref", "credential_id")
        case DocsAnalysisRequested():
            names = ("complexity_level", "additional_info", "engine", "overview_document")
        case PathwaysRequested():
            names = ("complexity_level", "additional_info", "engine")
        case ModulesRequested():
            names = ("pathway_id", "complexity_level", "additional_info", "engine", "module_ids")
        case _:
            names = ()
    dumped = event.model_dump(mode="json")
    return {name: dumped[name] for name in names}
