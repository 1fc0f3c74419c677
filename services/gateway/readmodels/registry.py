"""All read models, in the order their rows depend on each other."""

from collections.abc import Callable

from services.gateway.readmodels import (
    analyzed_documents,
    checkpoint,
    course_tasks,
    courses,
    erasures,
    generated_courses,
    pathways,
    repository_files,
    selections,
)
from services.gateway.readmodels.base import METADATA, Fact, Writes

PROJECTIONS: tuple[Callable[[Fact], Writes], ...] = (
    repository_files.project,
    analyzed_documents.project,
    pathways.project,
    selections.project,
    generated_courses.project,
)

__all__ = ["METADATA", "PROJECTIONS", "checkpoint", "course_tasks", "courses", "erasures"]
