"""Decisions about making a course again with the inputs it was made with. Work under way is stopped first. Pure."""

from dataclasses import replace

from services.gateway.course.commands import Emit, Generate, Regenerate, Steps
from services.gateway.course.state import CourseState
from services.gateway.stages.choice import choose_fitting
from services.gateway.stages.inputs import filled_teaching
from services.gateway.write.generations import NO_SOURCE, generate, is_plan_of, is_under_way, request_generation
from services.gateway.write.now import Decision, Now
from shared.events.base import Level
from shared.kernel.refusals import Same


def generate_again(now: Now) -> Decision:
    """An unattended run of the repository that the course has."""
    address = now.state.address
    if address is None:
        return NO_SOURCE
    inputs = filled_teaching(now.state, {})
    kept = _pathway_kept(now, inputs["complexity_level"])
    return generate(now, Generate(**vars(address), pathway=kept, **inputs))


def _pathway_kept(now: Now, level: Level) -> str:
    """The kind of the pathway that was chosen; `auto` where that would take the same one."""
    state, plan = now.state, now.state.plan
    wishes = plan.additional_info if plan is not None else ""
    chosen = state.offer(state.selected_pathway)
    if plan is not None and (chosen is None or is_under_way(now, plan.id)):
        return plan.pathway
    return "auto" if chosen is None or chosen == choose_fitting(state.offers, level, wishes) else chosen.kind


def regenerate(now: Now, command: Regenerate) -> Decision:
    """An unattended run from the repository on, in place of what runs. The runs under way are asked to stop in the same
    piece, and the first stage is asked for once they have. Asked twice before that, it is the same run.
    """
    state = now.state
    stored = stored_inputs(state, _pathway_kept(now, filled_teaching(state, {})["complexity_level"]))
    if stored is None:
        return NO_SOURCE
    wanted = changed_inputs(stored, command)
    plan = state.plan
    if plan is not None and state.is_waiting_for_first_stage and is_plan_of(plan, wanted):
        return Same(plan.id)
    return Steps((*now.stops(command.by), Emit(request_generation(state.course_id, wanted))))


def stored_inputs(state: CourseState, pathway: str = "auto") -> Generate | None:
    """The inputs a course was made with: those of its unattended run, else of its stages, the latest first."""
    plan, address = state.plan, state.address
    if plan is not None:
        return Generate(
            **{name: value for name, value in vars(plan).items() if name not in {"id", "seq"}} | {"pathway": pathway}
        )
    if address is None:
        return None
    asked = [state.runs[stage].inputs for stage in ("pathway", "doc_analyser") if stage in state.runs]
    given = {
        name: next((one[name] for one in asked if one.get(name)), "")
        for name in ("complexity_level", "additional_info")
    }
    return Generate(**vars(address), pathway=pathway, **filled_teaching(state, given))


def changed_inputs(stored: Generate, command: Regenerate) -> Generate:
    """The stored inputs with the changes. Another repository has another ref and credential."""
    is_other = command.changes.get("repo_url", stored.repo_url) != stored.repo_url
    kept = replace(stored, ref="", credential_id=None) if is_other else stored
    return replace(kept, **command.changes)
