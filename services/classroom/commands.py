"""The write side of the classroom: `writing` carries out the commands of any aggregate, and a command is its own
decision, a function of the state.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from services.classroom.asked import is_again, new_id
from services.classroom.decisions import Decision
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.following import FollowedLog
from shared.event_log.port import NewEvent, Recorded
from shared.events import Event
from shared.kernel.errors import TransientError
from shared.kernel.ids import event_id
from shared.kernel.refusals import Refusal, Same
from shared.kernel.tracing import current_traceparent
from shared.readmodels.projected import Projected
from shared.readmodels.side import ReadSide
from shared.readmodels.turns import Turns
from shared.readmodels.writing import Writing

_SERVICE = "classroom"
SOURCE = f"coursewright/{_SERVICE}"
# The decisions know whose command it is, and which role it needs.
_ANYBODY = ""

_Command = Callable[[Any], Decision]


class _Decisions:
    """See writing.Decisions."""

    def is_there(self, owner: str | None, state: Any, command: _Command) -> bool:
        """Each decision refuses what nobody has by itself."""
        return True

    def decide(self, state: Any, command: _Command) -> tuple[Event, ...] | Refusal | Same:
        """See Decisions.decide."""
        decision = command(state)
        if state.deleted and isinstance(decision, tuple) and decision:
            return Refusal(404, "not_found", "It was deleted")  # nothing follows a tombstone
        return decision or Same()

    async def plan(
        self, state: Any, decision: Sequence[Event], command_id: str, source: str, traceparent: str
    ) -> list[NewEvent]:
        """See Decisions.plan."""
        return [_new(event, command_id, source, traceparent) for event in decision]

    def task_of(self, events: Sequence[NewEvent | Recorded]) -> str | None:
        """Nothing here starts a run."""
        return None


class Commands:
    """Raises Refused, LogUnavailable, and TransientError when an aggregate changes too fast."""

    def __init__(self, engine: AsyncEngine, log: FollowedLog, projected: Projected, wait_seconds: float) -> None:
        self._log = log
        self._projected = projected
        self._wait_seconds = wait_seconds
        self._turns = Turns(engine)
        self._writings = {
            side.key: Writing(engine, log, side, _Decisions(), projected, wait_seconds=wait_seconds, by=_SERVICE)
            for side in CLASSROOM_SIDES
        }

    async def begin(self, side: ReadSide, *events: Event) -> None:
        """Append the first events of an aggregate whose id is new. The tables show it no later than what is written
        next.
        """
        command_id, traceparent = new_id("begun"), current_traceparent()
        new = [_new(event, command_id, SOURCE, traceparent) for event in events]
        await self._log.of(side.aggregate).append(new, 0)

    async def carry_out(self, side: ReadSide, aggregate_id: str, decide: _Command) -> None:
        """Decide on the aggregate as it is and append what follows, in one piece or not at all."""
        writing = self._writings[side.key]
        await writing.execute(
            _ANYBODY, aggregate_id, decide, new_id(f"command {aggregate_id}"), asked_before=is_again(),
            traceparent=current_traceparent(),
        )  # fmt: skip

    async def as_in_log(self, side: ReadSide, aggregate_id: str) -> Any:
        """The state as the log has it, ahead of the tables."""
        writing = self._writings[side.key]
        return await writing.catch_up(aggregate_id, await writing.load(aggregate_id))

    def alone(self, key: str) -> AbstractAsyncContextManager[None]:
        """During the block this caller alone looks whether something is taken, and takes it."""
        return self._turns.alone(f"classroom:{key}")

    async def end_of_log(self) -> int:
        """See EventLog.end. Raises LogUnavailable."""
        return await self._log.end()

    async def come_up(self) -> None:
        """Return when the tables show what the log has by now. Raises TransientError when they do not in time."""
        if not await self._projected.wait(await self.end_of_log(), self._wait_seconds):
            message = "The tables do not show yet what the log has; try again"
            raise TransientError(message, code="tables_behind", retry_after_seconds=1)


def _new(event: Event, command_id: str, source: str, traceparent: str) -> NewEvent:
    made = event_id(command_id, type(event).__name__, event.natural_key())
    return NewEvent(event, made, source, command_id, command_id, traceparent)
