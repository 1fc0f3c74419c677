"""The steps of a decision become events to append. Each event is built on the course after the step before."""

from collections.abc import Sequence
from datetime import UTC, datetime

from services.gateway.course.commands import Step
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import evolve
from services.gateway.write.requests import RequestBuilder
from shared.event_log.port import NewEvent, Recorded
from shared.events.base import StageEvent
from shared.kernel.ids import event_id

# Only the fold between two steps sees this time; the log stamps the real one.
_BETWEEN = datetime(2000, 1, 1, tzinfo=UTC)


async def plan_events(
    builder: RequestBuilder,
    state: CourseState,
    steps: Sequence[Step],
    command_id: str,
    source: str,
    correlation_id: str,
    traceparent: str = "",
) -> list[NewEvent]:
    """Events with ids from the command, so that the same command appended twice is stored once."""
    planned: list[NewEvent] = []
    for step in steps:
        event = await builder.build(state, step, command_id)
        new = NewEvent(
            event=event,
            id=event_id(command_id, type(event).__name__, event.natural_key()),
            source=source,
            correlation_id=event.run_id if isinstance(event, StageEvent) else correlation_id,
            causation_id=command_id,
            traceparent=traceparent,
        )
        planned.append(new)
        between = Recorded(event, new.id, state.seq + 1, _BETWEEN, source=source)
        state = evolve(state, between, builder.product)
    return planned
