"""Events written by the notifier: what is due by the clock. Class names are stored type names."""

from typing import ClassVar

from pydantic import Field

from .base import AggregateId, Event


class DayEvent(Event):
    """A fact about one day of UTC. `day_id` is its date, such as `2026-11-22`."""

    prefix: ClassVar[str] = "day"
    key: ClassVar[str] = "day_id"

    day_id: AggregateId


class DayClosed(DayEvent):
    """The day is over, and what is told of it once is told from now on. Nothing follows it. `model_calls`: how often
    each model was asked, as far as it was known by then.
    """

    model_calls: dict[str, int] = Field(default_factory=dict)
