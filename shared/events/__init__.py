"""THE CONTRACT: every event of stream COURSES. Needs pydantic only; relative imports, so it builds as its own wheel."""

from .base import BlobRef, Event, EventUsage, StageFailure
from .registry import EVENT_TYPES, event_type_name, parse_event
from .subjects import is_subject_of, subject_of, subject_pattern

__all__ = [
    "EVENT_TYPES", "BlobRef", "Event", "EventUsage", "StageFailure", "event_type_name", "is_subject_of", "parse_event",
    "subject_of", "subject_pattern",
]  # fmt: skip
