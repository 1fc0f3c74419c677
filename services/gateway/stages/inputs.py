"""The inputs that stages of teaching share: the level, what the user wants besides, and the engine. Pure."""

from services.gateway.course.commands import Inputs
from services.gateway.course.state import CourseState, Plan
from shared.engine.wishes import read_wishes
from shared.events.base import Level

TEACHING = ("complexity_level", "additional_info", "engine")


def filled_teaching(state: CourseState, given: Inputs) -> Inputs:
    """The inputs given; a level that is not given is the one that the wishes name, and the others are as in the last
    analysis, else by default.
    """
    analysis, wishes = state.analysis, given.get("additional_info", "")
    return {
        **given,
        "complexity_level": given.get("complexity_level")
        or level_wished(wishes, analysis.complexity_level if analysis else "intermediate"),
        "additional_info": wishes,
        "engine": given.get("engine") or (analysis.engine if analysis else "offline"),
    }


def level_wished(wishes: str, otherwise: Level) -> Level:
    """The level that a user's words name."""
    return read_wishes(wishes).level or otherwise


def planned_teaching(plan: Plan) -> Inputs:
    """As the unattended run was asked for."""
    return {name: getattr(plan, name) for name in TEACHING}
