"""A course as it was: its events up to a sequence folded, and the rows that state stands for."""

from dataclasses import dataclass
from types import SimpleNamespace

from services.gateway.evolve import fold
from services.gateway.readmodels.course_tasks import rows_of
from services.gateway.readmodels.courses import row_of
from services.gateway.state import CourseState
from shared.errors import NotFound
from shared.event_log.port import EventLog


@dataclass(frozen=True)
class PastCourse:
    """A course at a sequence; rows by the names of their columns, as tables would have had them."""

    state: CourseState
    course: SimpleNamespace
    tasks: dict[str, SimpleNamespace]


async def load_past(log: EventLog, course_id: str, at: int) -> PastCourse:
    """The course at a sequence; beyond its last event it is as it is now. Raises NotFound before it existed."""
    state = fold(CourseState(), await log.read(course_id, to_seq=at))
    if state.created_at is None or state.deleted:
        raise NotFound("Course not found: it did not exist at this sequence")
    tasks = {row["stage"]: SimpleNamespace(**row) for row in rows_of(state)}
    return PastCourse(state, SimpleNamespace(**row_of(state)), tasks)
