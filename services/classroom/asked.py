"""Ids that a request makes. Under an Idempotency-Key the same request makes the same ids again, so whatever it did
before it was cut off is found, and is not done twice.
"""

from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, field

from shared.kernel import ids


@dataclass(frozen=True)
class Asked:
    """A request under a key. `is_again`: it may have been carried out already."""

    command_id: str
    is_again: bool
    made: Counter[str] = field(default_factory=Counter)


_asked: ContextVar[Asked | None] = ContextVar("asked", default=None)


def begin(asked: Asked | None) -> None:
    """Of the request that is handled now."""
    _asked.set(asked)


def is_again() -> bool:
    """Whether the request may have been carried out already."""
    asked = _asked.get()
    return asked is not None and asked.is_again


def new_id(about: str = "") -> str:
    """An id. `about` is what it is for, where another time more or fewer ids may be wanted before it."""
    asked = _asked.get()
    if asked is None:
        return ids.new_id()
    asked.made[about] += 1
    return ids.event_id(asked.command_id, f"id {about}", str(asked.made[about]))
