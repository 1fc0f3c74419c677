"""Which pathway an unattended run takes. Pure."""

from collections.abc import Mapping, Sequence

from services.gateway.course.state import CourseState, Offer, Plan
from shared.engine.wishes import read_wishes
from shared.events.base import Level
from shared.kernel.errors import PermanentError

_WAYS = ("complete", "task", "quickstart")
_MOST_MINUTES: Mapping[Level, int] = {"beginner": 120, "intermediate": 240, "advanced": 480}


def choose_pathway(state: CourseState, plan: Plan) -> str:
    """`auto` takes the widest that fits the hours of the level; a kind takes the chosen pathway if it is of that kind,
    else the first of it.
    """
    chosen = state.offer(state.selected_pathway)
    if chosen is not None and chosen.kind == plan.pathway:
        return chosen.pathway_id
    if plan.pathway == "auto" and state.offers:
        return choose_fitting(state.offers, plan.complexity_level, plan.additional_info).pathway_id
    for offer in state.offers:
        if plan.pathway in {offer.kind, offer.pathway_id}:
            return offer.pathway_id
    offered = ", ".join(dict.fromkeys(offer.kind for offer in state.offers)) or "none"
    message = f"No pathway of kind “{plan.pathway}” is on offer; there are: {offered}. Select one of them to go on."
    raise PermanentError(message, code="pathway_not_offered")


def choose_fitting(offers: Sequence[Offer], level: Level, wishes: str) -> Offer:
    """The first of the whole, the tasks and the quick start that takes no more than the hours wished for, else those of
    the level.
    """
    ways = [offer for kind in _WAYS for offer in offers if offer.kind == kind] or list(offers)
    most = read_wishes(wishes).most_minutes or _MOST_MINUTES[level]
    return next((offer for offer in ways if offer.minutes <= most), ways[-1])
