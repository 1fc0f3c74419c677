"""The gateway's decisions: a course and a command in, steps to append or a refusal out. Pure."""

from dataclasses import replace
from typing import Any, assert_never

from services.gateway.fold.basis import outdated_stages
from services.gateway.fold.next_stage import next_stage
from services.gateway.fold.state import CourseState, Plan, StageRun
from services.gateway.fold.statuses import course_status
from services.gateway.write.autopilot import choose_fitting, steps_for
from services.gateway.write.commands import (
    AnalyzeDocuments,
    AnalyzeRepository,
    CancelGeneration,
    CancelStage,
    ChangePathway,
    Command,
    CreateCourse,
    DeleteCourse,
    Emit,
    Generate,
    GenerateCourse,
    GeneratePathways,
    ResumeGeneration,
    RetryStage,
    ReviseDocument,
    RevisePathway,
    Same,
    SelectPathway,
    SelectSources,
    StageInputs,
    Start,
    StartAnalysis,
    StartClone,
    StartModules,
    StartPathways,
    Step,
    Steps,
    UpdateCourse,
)
from services.gateway.write.refusals import Refusal, invalid, not_now, out_of_turn
from shared.errors import MENDED_ELSEWHERE, PermanentError
from shared.events.base import EngineName, Level, Stage
from shared.events.gateway import (
    CourseCreated,
    CourseDeleted,
    CourseUpdated,
    DocumentRevised,
    GenerationCanceled,
    GenerationRequested,
    PathwaySelected,
    SourceSelection,
    SourcesSelected,
    StageCancelRequested,
)
from shared.pipeline import BY_NAME

Decision = Steps | Same | Refusal

# What a caller does to bring about the success of a stage.
_FIRST: dict[Stage, str] = {
    "repo_clone": "Analyse a repository first: POST analyze-repository.",
    "doc_analyser": "Analyse the documents first: POST analyze-documents.",
    "pathway": "Propose pathways first: POST generate-pathways.",
    "modules": "Generate the course first: POST generate-course.",
}


def decide(state: CourseState, command: Command) -> Decision:  # noqa: C901 - one case per command
    """What the command does to the course as it is."""
    match command:
        case CreateCourse():
            return _create(state, command)
        case UpdateCourse():
            return _update(state, command)
        case DeleteCourse():
            return Steps((Emit(CourseDeleted(course_id=state.course_id, by=command.by)),))
        case Generate():
            return _generate(state, command)
        case ResumeGeneration():
            return _resume(state)
        case CancelGeneration():
            return _cancel_generation(state, command)
        case AnalyzeRepository():
            return _start(state, "repo_clone", StartClone(command.repo_url, command.ref, command.credential_id))
        case SelectSources():
            return _select_sources(state, command)
        case AnalyzeDocuments():
            return _start(state, "doc_analyser", StartAnalysis(*_inputs(state, command.inputs)))
        case ReviseDocument():
            return _revise_document(state, command)
        case GeneratePathways():
            return _start(state, "pathway", StartPathways(*_inputs(state, command.inputs)))
        case RevisePathway():
            return _revise_pathway(state, command)
        case SelectPathway():
            return _select_pathway(state, command)
        case GenerateCourse():
            return _generate_course(state, command)
        case CancelStage():
            return _cancel(state, command)
        case RetryStage():
            return _retry(state, command)
        case _:
            assert_never(command)


def _create(state: CourseState, command: CreateCourse) -> Decision:
    if state.exists:
        return Same()
    created = CourseCreated(
        course_id=command.course_id, owner=command.owner, title=command.title, description=command.description
    )
    return Steps((Emit(created),))


def _update(state: CourseState, command: UpdateCourse) -> Decision:
    title = command.title if command.title != state.title else None
    description = command.description if command.description != state.description else None
    steps: tuple[Step, ...] = ()
    if title is not None or description is not None:
        steps = (Emit(CourseUpdated(course_id=state.course_id, title=title, description=description)),)
    if command.generate:
        again = _generate_again(state)
        if isinstance(again, Refusal):
            return again
        if isinstance(again, Steps):
            steps += again.steps
    return Steps(steps) if steps else Same()


def _generate_again(state: CourseState) -> Decision:
    run = state.runs.get("repo_clone")
    if state.plan is not None:
        address = (state.plan.repo_url, state.plan.ref)
    elif run is not None and run.inputs:
        address = (str(run.inputs["repo_url"]), str(run.inputs["ref"]))
    else:
        detail = "The course has no repository yet. POST generate or analyze-repository with its repo_url."
        return Refusal(409, "no_source", detail)
    level, info, engine = _inputs(state, StageInputs())
    return _generate(state, Generate(*address, level, info, engine, _pathway_kept(state, level)))


def _pathway_kept(state: CourseState, level: Level) -> str:
    """The kind of the pathway that was chosen; `auto` where that would take the same one."""
    if state.plan is not None and _is_under_way(state, state.plan.id):
        return state.plan.pathway
    chosen = state.offer(state.selected_pathway)
    return "auto" if chosen is None or chosen == choose_fitting(state.offers, level) else chosen.kind


def _generate(state: CourseState, command: Generate) -> Decision:
    plan = state.plan
    is_same = plan is not None and replace(plan, id="") == Plan("", **vars(command))
    if plan is not None and is_same:
        again = _go_on(state, plan)
        if again is not None:
            return again
    if state.running is not None or (plan is not None and _is_under_way(state, plan.id)):
        return _stopping(state) or out_of_turn(course_status(state).status, "Wait for it, or cancel it: POST cancel.")
    requested = GenerationRequested(
        course_id=state.course_id, repo_url=command.repo_url, ref=command.ref,
        complexity_level=command.complexity_level, additional_info=command.additional_info, engine=command.engine,
        pathway=command.pathway,
    )  # fmt: skip
    return Steps((Emit(requested),))


def _is_under_way(state: CourseState, plan_id: str) -> bool:
    running = state.running
    return next_stage(state) is not None or (running is not None and running[1].plan == plan_id)


def _stopping(state: CourseState) -> Refusal | None:
    """What runs was asked to stop, and nothing can follow it yet."""
    if state.running is None or not state.running[1].cancel_requested:
        return None
    refusal = not_now("stopping", "What runs was canceled and is stopping. Ask again.", course_status(state).status)
    return replace(refusal, retry_after_seconds=1)


def _go_on(state: CourseState, plan: Plan) -> Decision | None:
    """The unattended run that is under way, or the stage once more in which it failed or was canceled. None when it is
    over, would fail again, or what an earlier stage made is outdated.
    """
    if _is_under_way(state, plan.id):
        return _stopping(state) or Same(plan.id)
    outdated = outdated_stages(state)
    for row in BY_NAME.values():
        run = state.runs.get(row.name)
        if state.running is not None or run is None or run.plan != plan.id:
            return None
        if run.status in {"FAILURE", "REVOKED"}:
            if _would_fail_again(state, row.name, run) is not None:
                return None
            try:
                return Steps(steps_for(state, row.name, run.run_id))
            except PermanentError as error:
                return not_now(error.code, error.message, course_status(state).status)
        if row.name in outdated:
            return None
    return None


def _resume(state: CourseState) -> Decision:
    again = _go_on(state, state.plan) if state.plan is not None else None
    if again is not None:
        return again
    run = state.runs.get(state.current) if state.current is not None else None
    if state.current is not None and run is not None and state.plan is not None and run.plan == state.plan.id:
        refusal = _would_fail_again(state, state.current, run)
        if refusal is not None:
            return refusal
    detail = "The course has no unattended run that failed or was canceled. POST generate starts one."
    return _stopping(state) or not_now("nothing_to_resume", detail, course_status(state).status)


def _would_fail_again(state: CourseState, stage: Stage, run: StageRun) -> Refusal | None:
    """Of a run whose failure is one for good, and is mended by nothing but other inputs or another repository."""
    if run.status != "FAILURE" or run.retryable or run.error in MENDED_ELSEWHERE:
        return None
    again = "POST generate starts anew" if run.plan else "Ask for it with other inputs"
    detail = f"{BY_NAME[stage].key} would fail again: {run.message}. {again}."
    return not_now("not_retryable", detail, course_status(state).status)


def _cancel_generation(state: CourseState, command: CancelGeneration) -> Decision:
    plan, running, following = state.plan, state.running, next_stage(state)
    if running is None and following is None:
        if state.current is not None and state.runs[state.current].status == "REVOKED":
            return Same(state.runs[state.current].run_id)
        return not_now("not_running", "Nothing is at work on the course", course_status(state).status)
    if running is not None and running[1].cancel_requested:
        return Same(running[1].run_id)
    steps: tuple[Step, ...] = ()
    if running is not None:
        stage, run = running
        asked = StageCancelRequested(course_id=state.course_id, run_id=run.run_id, stage=stage, by=command.by)
        steps = (Emit(asked),)
    stopped = running[0] if running is not None else following
    if plan is not None and stopped is not None:
        canceled = GenerationCanceled(
            course_id=state.course_id, generation_id=plan.id, stage=stopped, by=command.by
        )  # fmt: skip
        steps += (Emit(canceled),)
    return Steps(steps)


def _start(state: CourseState, stage: Stage, start: Start, before: tuple[Step, ...] = ()) -> Decision:
    running = state.running
    if running is not None:
        running_stage, run = running
        if running_stage == stage and not before and _asks_for_the_same(run, start):
            return Same(run.run_id)
        return out_of_turn(course_status(state).status, "Wait for the stage that runs, or cancel it.")
    missing = _missing_before(state, stage)
    if missing is not None:
        return out_of_turn(course_status(state).status, _FIRST[missing])
    return Steps((*before, start))


def _asks_for_the_same(run: StageRun, start: Start) -> bool:
    have, wanted = run.inputs, dict[str, Any]()
    match start:
        case StartClone():
            wanted = {"repo_url": start.repo_url, "ref": start.ref, "credential_id": start.credential_id}
        case StartModules():
            wanted = {"additional_info": start.additional_info}
            if start.module_ids:
                wanted["module_ids"] = list(start.module_ids)
        case _:
            wanted = {
                "complexity_level": start.complexity_level, "additional_info": start.additional_info,
                "engine": start.engine,
            }  # fmt: skip
    return all(have.get(name) == value for name, value in wanted.items())


def _missing_before(state: CourseState, stage: Stage) -> Stage | None:
    """The first earlier stage whose latest run is no success."""
    for row in BY_NAME.values():
        if row.name == stage:
            return None
        run = state.runs.get(row.name)
        if run is None or run.status != "SUCCESS":
            return row.name
    return None


def _inputs(state: CourseState, inputs: StageInputs) -> tuple[Level, str, EngineName]:
    """The inputs with what is not given filled from the analysis there is, else from the defaults."""
    analysis = state.analysis
    level = inputs.complexity_level or (analysis.complexity_level if analysis else "intermediate")
    engine = inputs.engine or (analysis.engine if analysis else "offline")
    return level, inputs.additional_info, engine


def _select_sources(state: CourseState, command: SelectSources) -> Decision:
    missing = _missing_before(state, "doc_analyser")
    if missing is not None or state.source is None:
        return out_of_turn(course_status(state).status, _FIRST["repo_clone"])
    selection = SourceSelection(
        source_id=state.source.source_id, folders=list(command.folders),
        overview_document=command.overview_document, excluded_files=list(command.excluded_files),
    )  # fmt: skip
    if state.selection is not None:
        kept = state.selection.model_dump(include=set(command.keeps))
        selection = selection.model_copy(update=kept)
    steps: tuple[Step, ...] = ()
    if selection != state.selection:
        steps = (Emit(SourcesSelected(course_id=state.course_id, selections=[selection])),)
    if command.start_next is not None:
        return _start(state, "doc_analyser", StartAnalysis(*_inputs(state, command.start_next)), steps)
    return Steps(steps) if steps else Same()


def _revise_document(state: CourseState, command: ReviseDocument) -> Decision:
    have = state.revisions.get(command.document_id, {})
    if all(have.get(name) == value for name, value in command.fields.items()):
        return Same()
    return Steps((Emit(DocumentRevised(course_id=state.course_id, document_id=command.document_id, **command.fields)),))


def _revise_pathway(state: CourseState, command: RevisePathway) -> Decision:
    refusal = _pathways_missing(state)
    if refusal is not None:
        return refusal
    if state.offer(command.pathway_id) is None:
        return Refusal(404, "not_found", "There is no such pathway")
    return Steps((ChangePathway(command.pathway_id, command.change),))


def _pathways_missing(state: CourseState) -> Refusal | None:
    missing = _missing_before(state, "modules")
    return None if missing is None else out_of_turn(course_status(state).status, _FIRST[missing])


def _select_pathway(state: CourseState, command: SelectPathway) -> Decision:
    refusal = _pathways_missing(state)
    if refusal is not None:
        return refusal
    if state.offer(command.pathway_id) is None:
        return invalid("/selected_pathway_id", "No pathway on offer has this id", "unknown_pathway")
    steps: tuple[Step, ...] = ()
    if command.pathway_id != state.selected_pathway:
        steps = (Emit(PathwaySelected(course_id=state.course_id, pathway_id=command.pathway_id)),)
    if command.start_next:
        inputs = _inputs(state, StageInputs(additional_info=command.additional_info))
        return _start(state, "modules", StartModules(*inputs), steps)
    return Steps(steps) if steps else Same()


def _generate_course(state: CourseState, command: GenerateCourse) -> Decision:
    unselected = _unselected(state)
    if unselected is not None:
        return unselected
    if command.module_ids and "modules" in outdated_stages(state):
        return Refusal(409, "outdated", "What the course was made from has changed. Generate the whole course.")
    inputs = _inputs(state, StageInputs(additional_info=command.additional_info))
    return _start(state, "modules", StartModules(*inputs, module_ids=command.module_ids))


def _unselected(state: CourseState) -> Refusal | None:
    """Modules are written for a pathway that somebody chose."""
    if state.selected_pathway is not None or _pathways_missing(state) is not None:
        return None
    return out_of_turn(course_status(state).status, "Select a pathway first: POST stage3-selections.")


def _cancel(state: CourseState, command: CancelStage) -> Decision:
    run = state.runs.get(command.stage)
    if run is None or not run.is_running:
        detail = f"{BY_NAME[command.stage].key} is not running"
        return not_now("not_running", detail, course_status(state).status)
    if run.cancel_requested:
        return Same(run.run_id)
    asked = StageCancelRequested(course_id=state.course_id, run_id=run.run_id, stage=command.stage, by=command.by)
    return Steps((Emit(asked),))


def _retry(state: CourseState, command: RetryStage) -> Decision:
    stage, run = command.stage, state.runs.get(command.stage)
    if command.run_id is not None and (run is None or run.run_id != command.run_id):
        detail = f"{BY_NAME[stage].key} was asked for again after that run, and its latest run is the one that counts"
        return not_now("not_the_latest_run", detail, course_status(state).status)
    if run is not None and run.is_running:
        return Same(run.run_id)
    if run is None or run.status == "SUCCESS":
        detail = f"{BY_NAME[stage].key} has not failed and was not canceled, so there is nothing to try again"
        return not_now("nothing_to_retry", detail, course_status(state).status)
    refusal = _would_fail_again(state, stage, run)
    if refusal is not None:
        return refusal
    unselected = _unselected(state) if stage == "modules" else None
    if unselected is not None:
        return unselected
    return _start(state, stage, _start_again(state, stage, run))


def _start_again(state: CourseState, stage: Stage, run: StageRun) -> Start:
    """The run's own inputs once more; those of the plan for a run that never came to be."""
    plan = state.plan
    level, info, engine = _inputs(state, StageInputs())
    if plan is not None:
        level, info, engine = plan.complexity_level, plan.additional_info, plan.engine
    had: dict[str, Any] = {"complexity_level": level, "additional_info": info, "engine": engine, **run.inputs}
    if plan is not None:
        had = {"repo_url": plan.repo_url, "ref": plan.ref, "credential_id": None, **had}
    inputs: tuple[Level, str, EngineName] = (had["complexity_level"], had["additional_info"], had["engine"])
    match stage:
        case "repo_clone":
            return StartClone(had["repo_url"], had["ref"], had["credential_id"], run.run_id)
        case "doc_analyser":
            return StartAnalysis(*inputs, run.run_id)
        case "pathway":
            return StartPathways(*inputs, run.run_id)
        case "modules":
            return StartModules(*inputs, tuple(had.get("module_ids", ())), run.run_id)
