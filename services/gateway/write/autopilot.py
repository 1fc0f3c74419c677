"""How a course that runs unattended asks for its next stage, with the inputs of its plan. Pure."""

from collections.abc import Mapping, Sequence

from services.gateway.fold.state import CourseState, Offer, Plan
from services.gateway.write.commands import Emit, StartAnalysis, StartClone, StartModules, StartPathways, Step
from shared.errors import PermanentError
from shared.events.base import Level, Stage
from shared.events.gateway import PathwaySelected

_WAYS = ("complete", "task", "quickstart")
_MOST_MINUTES: Mapping[Level, int] = {"beginner": 240, "intermediate": 600, "advanced": 900}


def steps_for(state: CourseState, stage: Stage, retry_of: str | None = None) -> tuple[Step, ...]:
    """How to ask for it, with the plan's inputs. Raises PermanentError when the plan cannot be carried out."""
    plan = state.plan
    assert plan is not None
    match stage:
        case "repo_clone":
            return (StartClone(plan.repo_url, plan.ref, retry_of=retry_of),)
        case "doc_analyser":
            return (StartAnalysis(plan.complexity_level, plan.additional_info, plan.engine, retry_of),)
        case "pathway":
            return (StartPathways(plan.complexity_level, plan.additional_info, plan.engine, retry_of),)
        case "modules":
            start = StartModules(plan.complexity_level, plan.additional_info, plan.engine, retry_of=retry_of)
            pathway_id = choose_pathway(state, plan)
            if pathway_id == state.selected_pathway:
                return (start,)
            return Emit(PathwaySelected(course_id=state.course_id, pathway_id=pathway_id)), start


def choose_pathway(state: CourseState, plan: Plan) -> str:
    """`auto` takes the widest that fits the hours of the level; a kind takes the chosen pathway if it is of that kind,
    else the first of it.
    """
    chosen = state.offer(state.selected_pathway)
    if chosen is not None and chosen.kind == plan.pathway:
        return chosen.pathway_id
    if plan.pathway == "auto" and state.offers:
        return choose_fitting(state.offers, plan.complexity_level).pathway_id
    for offer in state.offers:
        if plan.pathway in {offer.kind, offer.pathway_id}:
            return offer.pathway_id
    offered = ", ".join(dict.fromkeys(offer.kind for offer in state.offers)) or "none"
    message = f"No pathway of kind “{plan.pathway}” is on offer; there are: {offered}. Select one of them to go on."
    raise PermanentError(message, code="pathway_not_offered")


def choose_fitting(offers: Sequence[Offer], level: Level) -> Offer:
    """The first of the whole, the tasks and the quick start that takes no more than the hours of a level."""
    ways = [offer for kind in _WAYS for offer in offers if offer.kind == kind] or list(offers)
    return next((offer for offer in ways if offer.minutes <= _MOST_MINUTES[level]), ways[-1])
