"""The inputs that stages of teaching share: the level, what the user wants besides, and the engine. Pure."""

from services.gateway.course.commands import Inputs
from services.gateway.course.state import CourseState, Plan

TEACHING = ("complexity_level", "additional_info", "engine")


def filled_teaching(state: CourseState, given: Inputs) -> Inputs:
    """The inputs given; the others are as in the last analysis, else by default."""
    analysis = state.analysis
    return {
        **given,
        "complexity_level": given.get("complexity_level")
        or (analysis.complexity_level if analysis else "intermediate"),
        "additional_info": given.get("additional_info", ""),
        "engine": given.get("engine") or (analysis.engine if analysis else "offline"),
    }


def planned_teaching(plan: Plan) -> Inputs:
    """As the unattended run was asked for."""
    return {name: getattr(plan, name) for name in TEACHING}
