"""THE CONTRACT: every event of every stream. Needs pydantic only; relative imports, so it builds as its own wheel.

Here are the types that all events share. `courses` and `registry` register them: a process imports what it reads.
"""

from .aggregate import Aggregate, Registry, Stream, event_type_name
from .base import BlobRef, CourseEvent, Event, EventUsage, StageFailure
from .subjects import Address, address_in, is_subject_of, subject_of, subject_pattern, subjects_of

__all__ = [
    "Address", "Aggregate", "BlobRef", "CourseEvent", "Event", "EventUsage", "Registry", "StageFailure", "Stream",
    "address_in", "event_type_name", "is_subject_of", "subject_of", "subject_pattern", "subjects_of",
]  # fmt: skip
