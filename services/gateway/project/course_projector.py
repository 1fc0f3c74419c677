"""The projector of stream COURSES, and autopilot, which looks as soon as a batch is in the tables."""

from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.places import UNLIMITED, Places
from services.gateway.course.product import Product
from services.gateway.project.chores import Chores
from services.gateway.project.engine_checks import Ask, believe
from services.gateway.project.projector import Beside, Projector
from services.gateway.readmodels.registry import course_side
from services.gateway.stages.product import PRODUCT
from services.gateway.write.budget import Budget
from shared.event_log.following import FollowedLog
from shared.event_log.port import Recorded
from shared.kernel.blobs import Blobs


def course_projector(
    engine: AsyncEngine,
    log: FollowedLog,
    blobs: Blobs,
    besides: Sequence[Beside] = (),
    *,
    observe: Callable[[Sequence[Recorded]], None] = lambda _: None,
    product: Product = PRODUCT,
    places: Places = UNLIMITED,
    budget: Budget | None = None,
    ask: Ask = believe,
) -> Projector:
    """See Projector."""
    chores = Chores(engine, log, blobs, product, places, budget, ask)

    def observe_and_wake(batch: Sequence[Recorded]) -> None:
        observe(batch)
        chores.wake()

    return Projector(engine, log, blobs, (chores, *besides), sides=(course_side(product),), observe=observe_and_wake)
