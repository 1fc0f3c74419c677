"""Carries out commands of one aggregate: load its state, decide, append, wait for the projection.

The state is loaded from its row. The row may be behind the log, so the missing events are folded from the log before
anything is refused and after every conflict. A slow projection makes answers late, but never wrong.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlalchemy.ext.asyncio import AsyncEngine

from shared.event_log.port import EventLog, NewEvent, Recorded
from shared.kernel.errors import Conflict, NotFound, TransientError
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.refusals import Refusal, Refused, Same
from shared.readmodels.columns import require_columns
from shared.readmodels.projected import Projected
from shared.readmodels.side import ReadSide

OPERATOR = "coursewright/operator"

_ROUNDS = 5


@dataclass(frozen=True)
class Done:
    """A command that was carried out. `task_id` names the run it started or found, if any; `visible` is False when
    the projection is behind, so that a read may still show the aggregate as it was. `elsewhere` names the course whose
    run it is, when that is another one than the course in which it was asked for.
    """

    seq: int
    visible: bool
    task_id: str | None = None
    elsewhere: str | None = None


class Decisions(Protocol):
    """An aggregate's own part of its writing."""

    def is_there(self, owner: str | None, state: Any, command: Any) -> bool:
        """Whether the aggregate is there for this owner, or the command begins it. None is the operator."""
        ...

    def decide(self, state: Any, command: Any) -> Any:
        """The effect of a command, for `plan`; or a Refusal, or Same. Pure."""
        ...

    async def plan(
        self, state: Any, decision: Any, command_id: str, source: str, traceparent: str
    ) -> Sequence[NewEvent]:
        """The events of a decision, with ids from the command. Raises Refused."""
        ...

    def task_of(self, events: Sequence[NewEvent | Recorded]) -> str | None:
        """The run that events start, if any."""
        ...


class Writing:
    """Carries out commands for the service `by`. Raises Refused, NotFound, Conflict and LogUnavailable."""

    def __init__(
        self, engine: AsyncEngine, log: EventLog, side: ReadSide, decisions: Decisions, projected: Projected,
        *, wait_seconds: float, by: str,
    ) -> None:  # fmt: skip
        self._engine, self._log, self._side = engine, log.of(side.aggregate), side
        self._decisions, self._projected, self._wait_seconds = decisions, projected, wait_seconds
        self._by, self._source = by, f"coursewright/{by}"

    async def execute(
        self,
        owner: str | None,
        aggregate_id: str,
        command: Any,
        command_id: str,
        *,
        precondition: Callable[[Any], Refusal | None] = lambda _: None,
        asked_before: bool = False,
        traceparent: str = "",
    ) -> Done:
        """Decide on the aggregate as it is and append what follows, in one piece or not at all. `asked_before`: the
        command may have been carried out already.
        """
        until = asyncio.get_running_loop().time() + self._wait_seconds
        if asked_before and (done := await self._recall(aggregate_id, command_id, until)) is not None:
            return done
        state = await self.load(aggregate_id)
        for _ in range(_ROUNDS):
            decision = self.judge(owner, state, command, precondition)
            if isinstance(decision, (Refusal, NotFound, Same)):
                ahead = await self.catch_up(aggregate_id, state)
                if ahead.seq != state.seq:
                    state = ahead
                    continue
                return await self._settle(state, decision, until)
            source = OPERATOR if owner is None else self._source
            events = await self._decisions.plan(state, decision, command_id, source, traceparent)
            reached(KillPoint.effect_done, self._by)
            try:
                seq = await self._log.append(events, state.seq)
            except Conflict:
                if asked_before and (done := await self._recall(aggregate_id, command_id, until)) is not None:
                    return done
                state = await self.catch_up(aggregate_id, state)
                continue
            reached(KillPoint.event_stored, self._by)
            return Done(seq, await self._visible(seq, until), self._decisions.task_of(events))
        message = f"The {self._side.aggregate.prefix} is changing too fast; try again"
        raise TransientError(message, code="busy", retry_after_seconds=1)

    def judge(
        self, owner: str | None, state: Any, command: Any, precondition: Callable[[Any], Refusal | None]
    ) -> Any | Refusal | NotFound | Same:
        """The decision on a state."""
        if not self._decisions.is_there(owner, state, command):
            return NotFound(f"{self._side.aggregate.prefix.capitalize()} not found")
        return precondition(state) or self._decisions.decide(state, command)

    async def load(self, aggregate_id: str) -> Any:
        """The state as its row has it."""
        async with self._engine.connect() as connection:
            return await self._side.load_to_decide(connection, aggregate_id)

    async def catch_up(self, aggregate_id: str, state: Any) -> Any:
        """The state with what the log has beyond it."""
        if await self._log.last_seq(aggregate_id) <= state.seq:
            return state
        history = await self._log.load(aggregate_id, state.seq + 1)
        for recorded in history.events:
            state = self._side.evolve(state, recorded)
        return replace(state, seq=max(state.seq, history.last_seq))

    async def _recall(self, aggregate_id: str, command_id: str, until: float) -> Done | None:
        """The result of the command when it was carried out."""
        history = await self._log.load(aggregate_id)
        mine = [item for item in history.events if (item.source, item.causation_id) == (self._source, command_id)]
        if not mine:
            return None
        return Done(mine[-1].seq, await self._visible(mine[-1].seq, until), self._decisions.task_of(mine))

    async def _settle(self, state: Any, decision: Refusal | NotFound | Same, until: float) -> Done:
        match decision:
            case Refusal():
                raise Refused(decision)
            case NotFound():
                raise decision
            case Same():
                return Done(state.seq, await self._visible(state.seq, until), decision.task_id)

    async def _visible(self, seq: int, until: float) -> bool:
        if await self._projected.wait(seq, until - asyncio.get_running_loop().time()):
            return True
        await self._require_tables()
        return False

    async def _require_tables(self) -> None:
        """Raise TablesOfBefore when no projector can show what was written."""
        async with self._engine.connect() as connection:
            await require_columns(connection, (self._side,))
