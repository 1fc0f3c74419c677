"""The stage that an unattended course asks for next. Pure.

The question is asked again after every fact and after every crash, so nothing has to be remembered.
"""

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.stages.product import PRODUCT
from shared.events.base import Stage


def next_stage(state: CourseState, product: Product = PRODUCT) -> Stage | None:
    """The stage to ask for now; None while it has to wait, after a failure, at the end, or without a plan."""
    if state.plan is None or state.deleted:
        return None
    for side in product.stages:
        row = side.row
        if not side.is_planned(state.plan):
            continue
        run = state.runs.get(row.name)
        if run is None or run.plan != state.plan.id:
            is_due = product.is_free(state, row) and product.missing_before(state, row) is None
            return row.name if is_due else None
        if run.status != "SUCCESS":
            return None
    return None
