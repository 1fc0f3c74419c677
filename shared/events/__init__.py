"""THE CONTRACT: every event of every stream. Needs pydantic only; relative imports, so it builds as its own wheel."""

from .aggregate import Aggregate, Registry, Stream
from .base import BlobRef, CourseEvent, Event, EventUsage, StageFailure
from .registry import (
    CLASSROOM,
    COHORT,
    CONTENT,
    COURSE,
    COURSES,
    EVENT_TYPES,
    LEARNER,
    ORG,
    PERSON,
    REGISTRY,
    event_type_name,
    parse_event,
)
from .subjects import Address, address_in, is_subject_of, subject_of, subject_pattern, subjects_of

__all__ = [
    "CLASSROOM", "COHORT", "CONTENT", "COURSE", "COURSES", "EVENT_TYPES", "LEARNER", "ORG", "PERSON", "REGISTRY",
    "Address", "Aggregate", "BlobRef", "CourseEvent", "Event", "EventUsage", "Registry", "StageFailure", "Stream",
    "address_in", "event_type_name", "is_subject_of", "parse_event", "subject_of", "subject_pattern", "subjects_of",
]  # fmt: skip
