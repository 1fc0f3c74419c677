"""Events written by the notifier: what is due by the clock. Class names are stored type names."""

from typing import ClassVar

from .base import AggregateId, Event


class DayEvent(Event):
    """A fact about one day of UTC. `day_id` is its date, such as `2026-11-22`."""

    prefix: ClassVar[str] = "day"
    key: ClassVar[str] = "day_id"

    day_id: AggregateId


class DayClosed(DayEvent):
    """The day is over, and what is told of it once, its figures and traces, is told from now on. Nothing follows it."""
