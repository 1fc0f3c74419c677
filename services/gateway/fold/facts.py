"""Events as users see them: without references to the blob store, and without fields that only workers need."""

from typing import Any

from shared.event_log.port import Recorded
from shared.events.base import Event

_HIDDEN = {"owner", "by", "worker", "answer_keys", "credential_id"}


def shown_fact(recorded: Recorded) -> dict[str, Any]:
    """One event, JSON values only."""
    return {
        "type": type(recorded.event).__name__,
        "sequence": recorded.seq,
        "time": recorded.time.isoformat(),
        "data": shown_data(recorded.event),
    }


def shown_data(event: Event) -> dict[str, Any]:
    """An event's fields, JSON values only."""
    data = event.model_dump(mode="json")
    return {name: value for name, value in data.items() if name not in _HIDDEN and not _is_reference(value)}


def _is_reference(value: Any) -> bool:
    if isinstance(value, dict):
        return {"key", "sha256"} <= value.keys() or any(_is_reference(item) for item in value.values())
    return isinstance(value, list) and any(_is_reference(item) for item in value)
