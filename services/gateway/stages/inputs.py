"""The inputs that stages of teaching share: the level, what the user wants besides, the engine and its model. Pure."""

from typing import Any

from services.gateway.course.commands import Inputs
from services.gateway.course.product import Allowed, GatewayStage
from services.gateway.course.state import CourseState, Plan
from shared.engine.wishes import read_wishes
from shared.events.base import Level
from shared.kernel.refusals import Refused, invalid

TEACHING = ("complexity_level", "additional_info", "engine", "model")


def filled_teaching(state: CourseState, given: Inputs) -> Inputs:
    """The inputs given; a level that is not given is the one that the wishes name, and the others are as in the last
    analysis, else by default.
    """
    analysis, wishes = state.analysis, given.get("additional_info", "")
    engine = given.get("engine") or (analysis.engine if analysis else "offline")
    model = given.get("model") or (analysis.model if analysis and analysis.engine == engine else "")
    return {
        **given,
        "complexity_level": given.get("complexity_level")
        or level_wished(wishes, analysis.complexity_level if analysis else "intermediate"),
        "additional_info": wishes,
        "engine": engine,
        "model": model if engine != "offline" else "",
    }


def level_wished(wishes: str, otherwise: Level) -> Level:
    """The level that a user's words name."""
    return read_wishes(wishes).level or otherwise


def check_model(engine: str | None, model: str | None, allowed: Allowed) -> None:
    """Raise Refused for a model that may not be chosen here, or that has no engine."""
    if not model:
        return
    if engine == "offline":
        raise Refused(invalid("/model", "The offline engine has no models", "model_without_engine"))
    if model not in allowed.engine_models:
        names = ", ".join(allowed.engine_models)
        detail = f"Choose one of {names}" if names else "No model can be chosen here: ENGINE_MODELS names none"
        raise Refused(invalid("/model", detail, "model_not_allowed"))


class TeachingStage(GatewayStage):
    """A stage with these inputs."""

    takes: tuple[str, ...] = TEACHING

    def given(self, body: Any, allowed: Allowed) -> Inputs:
        check_model(getattr(body, "engine", None), body.model, allowed)
        return super().given(body, allowed)

    def filled(self, state: CourseState, given: Inputs) -> Inputs:
        return filled_teaching(state, given)

    def planned(self, plan: Plan) -> Inputs:
        return {name: getattr(plan, name) for name in TEACHING}
