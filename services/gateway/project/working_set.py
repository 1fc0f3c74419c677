"""Courses in memory while events are folded into their states and rows. Pure: contents come in, rows come out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import structlog
from pydantic import BaseModel

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import evolve
from services.gateway.readmodels import course_tasks, courses, projection_defects
from services.gateway.readmodels.base import Fact
from services.gateway.readmodels.payloads import needed
from services.gateway.readmodels.registry import PROJECTIONS
from services.gateway.readmodels.rows import CourseRows
from services.gateway.stages.product import PRODUCT
from shared.event_log.port import Recorded, Unreadable

log = structlog.get_logger(__name__)

Batch = Sequence[Recorded | Unreadable]
Payloads = Mapping[str, BaseModel | None]


@dataclass
class Course:
    """A course as far as it is folded."""

    state: CourseState
    rows: CourseRows


@dataclass(frozen=True)
class Step:
    """An event that changed its course, and the course's state after it."""

    recorded: Recorded
    state: CourseState


def course_of(item: Recorded | Unreadable) -> str:
    """The course an event is about; that of its subject when it cannot be read."""
    return item.event.course_id if isinstance(item, Recorded) else item.subject.split(".")[1]


class WorkingSet:
    """Every course a batch touches is `courses[id]` before the batch comes."""

    def __init__(self, courses: Mapping[str, Course] | None = None, product: Product = PRODUCT) -> None:
        self._product = product
        self.courses: dict[str, Course] = dict(courses or {})

    def missing(self, batch: Batch) -> list[str]:
        """Courses of a batch that are not here yet."""
        return sorted({course_of(item) for item in batch} - self.courses.keys())

    def advance(self, batch: Batch) -> list[Step]:
        """Fold the states. Events a course has seen already are passed over, and so are courses that are gone by the
        end of the batch: their contents may be gone too.
        """
        steps = []
        for item in batch:
            if isinstance(item, Unreadable):
                continue
            course = self.courses[item.event.course_id]
            after = evolve(course.state, item, self._product)
            if after is not course.state and after.created_at is not None:
                course.state = after
                steps.append(Step(item, after))
        return [step for step in steps if not self.courses[step.state.course_id].state.deleted]

    def project(self, batch: Batch, steps: Iterable[Step], payloads: Payloads, refused: Mapping[int, str]) -> None:
        """Fold the rows. `refused`: sequences whose rows the database would not store, with its reasons."""
        for item in batch:
            if isinstance(item, Unreadable):
                log.error("event_unreadable", seq=item.seq, subject=item.subject, reason=item.reason)
                note = projection_defects.note(course_of(item), item.seq, item.type_name, item.reason)
                self.courses[course_of(item)].rows.apply(note)
        for step in steps:
            self._project(step, payloads, refused.get(step.recorded.seq))

    def _project(self, step: Step, payloads: Payloads, refused: str | None) -> None:
        rows = self.courses[step.state.course_id].rows
        fact = Fact(step.recorded, step.state, rows, payloads)
        lost = [ref.key for ref, _ in needed(step.recorded.event, step.state) if payloads.get(ref.key) is None]
        reason = refused or (f"content missing or unreadable: {', '.join(lost)}" if lost else None)
        if refused is None:
            try:
                rows.apply([change for project in PROJECTIONS for change in project(fact)])
            except Exception as error:  # the boundary of a projection: it is pure, so the same fact would fail for ever
                reason = f"defect of the projection: {type(error).__name__}: {error}"
                log.exception("projection_defect", seq=step.recorded.seq, course_id=step.state.course_id)
        if reason is not None:
            name = type(step.recorded.event).__name__
            rows.apply(projection_defects.note(step.state.course_id, step.recorded.seq, name, reason))

    def settle(self, course_ids: Collection[str]) -> list[str]:
        """Make the rows that follow from the states, once for many events; the courses that are gone."""
        gone = []
        for course_id in sorted(course_ids):
            course = self.courses[course_id]
            if course.state.deleted:
                course.rows.clear_all()
                gone.append(course_id)
            elif course.state.created_at is not None:
                state, product = course.state, self._product
                course.rows.apply((*courses.save(state, product), *course_tasks.save(state, product)))
        return gone
