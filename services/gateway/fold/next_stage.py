"""Which stage comes next for a course that runs unattended. Pure: asked again after every fact, after a crash too."""

from services.gateway.fold.state import CourseState
from shared.events.base import Stage
from shared.pipeline import PIPELINE


def next_stage(state: CourseState) -> Stage | None:
    """The stage to ask for now; None while one runs, after a failure, at the end, or without a plan."""
    if state.plan is None or state.deleted:
        return None
    for row in PIPELINE:
        run = state.runs.get(row.name)
        if run is None or run.plan != state.plan.id:
            return row.name if state.running is None else None
        if run.status != "SUCCESS":
            return None
    return None
