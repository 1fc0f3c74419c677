"""Which pathway an unattended run takes. Pure."""

from services.gateway.course.state import CourseState, Plan
from shared.errors import PermanentError


def choose_pathway(state: CourseState, plan: Plan) -> str:
    """`auto` takes the first on offer, which is the widest; a kind takes the chosen pathway if it is of that kind, else
    the first of it.
    """
    chosen = state.offer(state.selected_pathway)
    if chosen is not None and chosen.kind == plan.pathway:
        return chosen.pathway_id
    for offer in state.offers:
        if plan.pathway in {"auto", offer.kind, offer.pathway_id}:
            return offer.pathway_id
    offered = ", ".join(dict.fromkeys(offer.kind for offer in state.offers)) or "none"
    message = f"No pathway of kind “{plan.pathway}” is on offer; there are: {offered}. Select one of them to go on."
    raise PermanentError(message, code="pathway_not_offered")
