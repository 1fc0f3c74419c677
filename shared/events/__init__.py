"""THE CONTRACT: every event of stream COURSES. Needs pydantic only; relative imports, so it builds as its own wheel."""

from .base import BlobRef, Event, EventUsage, StageFailure
from .registry import EVENT_TYPES, event_type_name, parse_event

__all__ = ["EVENT_TYPES", "BlobRef", "Event", "EventUsage", "StageFailure", "event_type_name", "parse_event"]
