"""The stages of a course whose inputs have changed since the stage ran. Pure."""

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.stages.product import PRODUCT
from shared.events.base import Stage


def outdated_stages(state: CourseState, product: Product = PRODUCT) -> frozenset[Stage]:
    """Stages with a run whose inputs changed since it was asked for, and stages that need what such a stage made."""
    outdated: set[Stage] = set()
    for side in product.stages:
        run, before = state.runs.get(side.row.name), product.pipeline.providers(side.row)
        if run is None or not before:
            continue
        if any(row.name in outdated for row in before) or (run.basis and run.basis != side.digest(state)):
            outdated.add(side.row.name)
    return frozenset(outdated)
