"""Carries out decisions: load a state, decide, append, wait for the tables.

The state is loaded from its row. The row may be behind the log, so the missing events are folded from the log before
anything is refused and after every conflict.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from services.classroom.decisions import Decision
from shared.event_log.following import FollowedLog
from shared.event_log.port import NewEvent
from shared.events import Event
from shared.kernel.errors import Conflict, TransientError
from shared.kernel.ids import event_id, new_id
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.refusals import Refusal, Refused
from shared.kernel.tracing import current_traceparent
from shared.readmodels.projected import Projected
from shared.readmodels.side import ReadSide
from shared.readmodels.turns import Turns

SOURCE = "coursewright/classroom"
_ROUNDS = 5


class Commands:
    """Raises Refused, LogUnavailable, and TransientError when an aggregate changes too fast."""

    def __init__(self, engine: AsyncEngine, log: FollowedLog, projected: Projected, wait_seconds: float) -> None:
        self._engine = engine
        self._log = log
        self._projected = projected
        self._wait_seconds = wait_seconds
        self._turns = Turns(engine)

    async def begin(self, side: ReadSide, *events: Event) -> None:
        """Append the first events of an aggregate whose id is new. The tables show it no later than what is written
        next.
        """
        command_id = new_id()
        await self._log.of(side.aggregate).append([_new(event, command_id) for event in events], 0)

    async def carry_out(self, side: ReadSide, aggregate_id: str, decide: Callable[[Any], Decision]) -> None:
        """Decide on the aggregate as it is and append what follows, in one piece or not at all."""
        log, command_id = self._log.of(side.aggregate), new_id()
        async with self._engine.connect() as connection:
            state = (await side.load(connection, [aggregate_id])).get(aggregate_id, side.begin)
        for _ in range(_ROUNDS):
            decision = decide(state)
            if isinstance(decision, Refusal) or not decision:
                ahead = await self._catch_up(side, aggregate_id, state)
                if ahead.seq != state.seq:
                    state = ahead
                    continue
                if isinstance(decision, Refusal):
                    raise Refused(decision)
                return
            reached(KillPoint.effect_done, "classroom")
            try:
                seq = await log.append([_new(event, command_id) for event in decision], state.seq)
            except Conflict:
                state = await self._catch_up(side, aggregate_id, state)
                continue
            reached(KillPoint.event_stored, "classroom")
            await self._projected.wait(seq, self._wait_seconds)
            return
        raise TransientError("It is changing too fast; try again", code="busy", retry_after_seconds=1)

    def alone(self, key: str) -> AbstractAsyncContextManager[None]:
        """During the block this caller alone looks whether something is taken, and takes it."""
        return self._turns.alone(f"classroom:{key}")

    async def end_of_log(self) -> int:
        """See EventLog.end. Raises LogUnavailable."""
        return await self._log.end()

    async def come_up(self) -> None:
        """Return when the tables show what the log has by now. Raises TransientError when they do not in time."""
        if not await self._projected.wait(await self.end_of_log(), self._wait_seconds):
            message = "The tables are behind the log, so it is not known whether this is taken; try again"
            raise TransientError(message, code="tables_behind", retry_after_seconds=1)

    async def _catch_up(self, side: ReadSide, aggregate_id: str, state: Any) -> Any:
        """The state with what the log has beyond it."""
        history = await self._log.of(side.aggregate).load(aggregate_id, state.seq + 1)
        for recorded in history.events:
            state = side.evolve(state, recorded)
        return state.model_copy(update={"seq": max(state.seq, history.last_seq)})


def _new(event: Event, command_id: str) -> NewEvent:
    made = event_id(command_id, type(event).__name__, event.natural_key())
    return NewEvent(event, made, SOURCE, command_id, command_id, current_traceparent())
