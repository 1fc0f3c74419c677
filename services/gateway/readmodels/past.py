"""A course as it was: its events up to a sequence folded, and the rows that state stands for."""

from collections import OrderedDict
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.readmodels.course_tasks import rows_of
from services.gateway.readmodels.courses import row_of
from services.gateway.readmodels.registry import course_side
from services.gateway.stages.product import PRODUCT
from shared.event_log.port import EventLog
from shared.kernel.errors import NotFound
from shared.readmodels.side import ReadSide

_KEPT = 64


@dataclass(frozen=True)
class PastCourse:
    """A course at a sequence; rows by the names of their columns, as tables would have had them."""

    state: CourseState
    course: SimpleNamespace
    tasks: dict[str, SimpleNamespace]


class Past:
    """Courses as they were."""

    def __init__(self, log: EventLog, product: Product = PRODUCT) -> None:
        self._product = product
        self._states = PastStates(log, course_side(product))

    async def load(self, course_id: str, at: int, now: CourseState | None = None) -> PastCourse:
        state: CourseState = await self._states.load(course_id, at, now)
        tasks = {row["stage"]: SimpleNamespace(**row) for row in rows_of(state, self._product)}
        return PastCourse(state, SimpleNamespace(**row_of(state, self._product)), tasks)


class PastStates:
    """Aggregates as they were. The states that were asked for last are kept, to go on from: what is in the log stays as
    it is, and reading it is what takes time.
    """

    def __init__(self, log: EventLog, side: ReadSide) -> None:
        self._log = log.of(side.aggregate)
        self._side = side
        self._kept: OrderedDict[tuple[str, int], Any] = OrderedDict()

    async def load(self, aggregate_id: str, at: int, now: Any = None) -> Any:
        """The state at a sequence; beyond its last event it is as it is now. `now` is the state as far as it is known
        already. Raises NotFound before the aggregate existed.
        """
        state = self._nearest(aggregate_id, at, now)
        for recorded in await self._log.read(aggregate_id, state.seq + 1, to_seq=at) if state.seq < at else []:
            state = self._side.evolve(state, recorded)
        if state.created_at is None or state.deleted:
            prefix = self._side.aggregate.prefix.capitalize()
            raise NotFound(f"{prefix} not found: it did not exist at this sequence")
        self._keep(aggregate_id, state)
        return state

    def _nearest(self, aggregate_id: str, at: int, now: Any) -> Any:
        known = [state for (kept_id, _), state in self._kept.items() if kept_id == aggregate_id]
        known += [now] if now is not None else []
        earlier = (state for state in known if state.seq <= at)
        return max(earlier, key=lambda state: state.seq, default=self._side.begin)

    def _keep(self, aggregate_id: str, state: Any) -> None:
        self._kept[(aggregate_id, state.seq)] = state
        self._kept.move_to_end((aggregate_id, state.seq))
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
