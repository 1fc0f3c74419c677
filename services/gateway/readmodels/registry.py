"""All read models, in the order their rows depend on each other."""

from collections.abc import Callable

from sqlalchemy import Table

from services.gateway.readmodels import (
    analyzed_documents,
    checkpoint,
    course_tasks,
    courses,
    generated_courses,
    pathways,
    projection_defects,
    repository_files,
    selections,
)
from services.gateway.readmodels.base import METADATA, Changes, Fact
from shared.events import Event

PROJECTIONS: tuple[Callable[[Fact], Changes], ...] = (
    repository_files.project,
    analyzed_documents.project,
    pathways.project,
    selections.project,
    generated_courses.project,
)

_LOOKS: tuple[Callable[[Event], tuple[Table, ...]], ...] = (
    analyzed_documents.looks_at,
    pathways.looks_at,
    selections.looks_at,
    generated_courses.looks_at,
)


def looks_at(event: Event) -> frozenset[Table]:
    """The tables whose rows the projections of an event need."""
    return frozenset(table for look in _LOOKS for table in look(event))


__all__ = ["METADATA", "PROJECTIONS", "checkpoint", "course_tasks", "courses", "looks_at", "projection_defects"]
