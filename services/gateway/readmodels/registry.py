"""The read sides of the product. Courses are put together here: all their read models, and their fold."""

from collections.abc import Callable

from sqlalchemy import Table

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import evolve
from services.gateway.readmodels import (
    analyzed_documents,
    course_tasks,
    courses,
    documents,
    generated_courses,
    lectures,
    pathways,
    projection_defects,
    repository_files,
    selections,
)
from services.gateway.readmodels.payloads import needed
from services.gateway.readmodels.recordings import RECORDING_SIDE
from services.gateway.stages.product import PRODUCT
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.courses import COURSE
from shared.readmodels.base import METADATA, Changes, Fact
from shared.readmodels.side import ReadSide

_PROJECTIONS: tuple[Callable[[Fact], Changes], ...] = (
    repository_files.project,
    analyzed_documents.project,
    pathways.project,
    selections.project,
    generated_courses.project,
    documents.DOCUMENT_ROWS.project,
    lectures.LECTURE_ROWS.project,
    projection_defects.project,
)

_LOOKS: tuple[Callable[[Event], tuple[Table, ...]], ...] = (
    analyzed_documents.looks_at,
    pathways.looks_at,
    selections.looks_at,
    generated_courses.looks_at,
)


def _looks_at(event: Event) -> frozenset[Table]:
    """The tables whose rows the projections of an event need."""
    return frozenset(table for look in _LOOKS for table in look(event))


_TABLES = frozenset(
    {
        analyzed_documents.analyzed_documents,
        analyzed_documents.skipped_documents,
        course_tasks.course_tasks,
        documents.documents,
        generated_courses.course_exports,
        generated_courses.generated_courses,
        generated_courses.module_content,
        lectures.lectures,
        pathways.module_documents,
        pathways.modules,
        pathways.pathways,
        projection_defects.projection_defects,
        repository_files.repository_files,
        selections.stage1_selections,
        selections.stage2_inputs,
        selections.stage3_inputs,
        selections.stage3_selections,
    }
)


def course_side(product: Product) -> ReadSide:
    """Courses that go through the stages of a product."""

    def fold_one(state: CourseState, recorded: Recorded) -> CourseState:
        return evolve(state, recorded, product)

    def save(state: CourseState) -> Changes:
        return *courses.save(state, product), *course_tasks.save(state, product)

    return ReadSide(
        aggregate=COURSE,
        tables=(courses.courses, *(table for table in METADATA.sorted_tables if table in _TABLES)),
        defects=projection_defects.projection_defects,
        begin=CourseState(),
        evolve=fold_one,
        load=courses.load_states,
        save=save,
        projections=_PROJECTIONS,
        looks_at=_looks_at,
        needed=needed,
    )


COURSE_SIDE = course_side(PRODUCT)

SIDES = (COURSE_SIDE, *CLASSROOM_SIDES, RECORDING_SIDE)

__all__ = ["COURSE_SIDE", "METADATA", "SIDES", "evolve"]
