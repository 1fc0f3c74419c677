"""Ids made from content (course parts) and ids made from time (courses, runs)."""

import hashlib
from uuid import UUID, uuid5

from uuid6 import uuid7

NAMESPACE = UUID("6f1c9f1e-52a5-5f0c-9d2e-0d1b8f0c7a11")


def content_id(prefix: str, *parts: str) -> str:
    """`<prefix>` and 12 hex digits of the sha256 of the parts: equal content, equal id."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
    return f"{prefix}{digest[:12]}"


def event_id(run_or_command_id: str, event_type: str, natural_key: str) -> str:
    """The id of an event: uuid5 of what caused it, its type and what the fact is about."""
    return str(uuid5(NAMESPACE, f"{run_or_command_id}|{event_type}|{natural_key}"))


def new_id() -> str:
    """A UUIDv7, sortable by time of creation."""
    return str(uuid7())
