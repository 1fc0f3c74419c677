"""A course as it was: its events up to a sequence folded, and the rows that state stands for."""

from collections import OrderedDict
from dataclasses import dataclass
from types import SimpleNamespace

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import fold
from services.gateway.readmodels.course_tasks import rows_of
from services.gateway.readmodels.courses import row_of
from services.gateway.stages.product import PRODUCT
from shared.errors import NotFound
from shared.event_log.port import EventLog

_KEPT = 64


@dataclass(frozen=True)
class PastCourse:
    """A course at a sequence; rows by the names of their columns, as tables would have had them."""

    state: CourseState
    course: SimpleNamespace
    tasks: dict[str, SimpleNamespace]


class Past:
    """Courses as they were. The states that were asked for last are kept, to go on from: what is in the log stays as it
    is, and reading it is what takes time.
    """

    def __init__(self, log: EventLog, product: Product = PRODUCT) -> None:
        self._log, self._product = log, product
        self._kept: OrderedDict[tuple[str, int], CourseState] = OrderedDict()

    async def load(self, course_id: str, at: int, now: CourseState | None = None) -> PastCourse:
        """The course at a sequence; beyond its last event it is as it is now. `now` is the course as far as it is
        known already. Raises NotFound before it existed.
        """
        known = self._nearest(course_id, at, now)
        events = await self._log.read(course_id, known.seq + 1, to_seq=at) if known.seq < at else []
        state = fold(known, events, self._product)
        if state.created_at is None or state.deleted:
            raise NotFound("Course not found: it did not exist at this sequence")
        self._keep(state)
        tasks = {row["stage"]: SimpleNamespace(**row) for row in rows_of(state, self._product)}
        return PastCourse(state, SimpleNamespace(**row_of(state, self._product)), tasks)

    def _nearest(self, course_id: str, at: int, now: CourseState | None) -> CourseState:
        known = [state for (kept_id, _), state in self._kept.items() if kept_id == course_id]
        known += [now] if now is not None else []
        return max((state for state in known if state.seq <= at), key=lambda state: state.seq, default=CourseState())

    def _keep(self, state: CourseState) -> None:
        self._kept[(state.course_id, state.seq)] = state
        self._kept.move_to_end((state.course_id, state.seq))
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
