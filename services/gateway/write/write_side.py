"""The write side: load a course, decide, append, wait for the projection.

The course is loaded from its row. The row may be behind the log, so the missing events are folded from the log before
anything is refused and after every conflict. A slow projection makes answers late, but never wrong.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.commands import (
    Command,
    CreateCourse,
    Emit,
    Generate,
    Regenerate,
    ResumeGeneration,
    Same,
    Step,
    UpdateCourse,
)
from services.gateway.course.state import CourseState
from services.gateway.database.read_schemas import require_columns
from services.gateway.fold.evolve import fold
from services.gateway.readmodels.courses import load_states
from services.gateway.write.budget import Budget
from services.gateway.write.decide import decide
from services.gateway.write.planning import plan_events
from services.gateway.write.regenerations import stored_inputs
from services.gateway.write.requests import RequestBuilder
from services.gateway.write.same_run import SameRuns
from shared.event_log.following import FollowedLog
from shared.event_log.port import NewEvent, Recorded
from shared.events.base import StageEvent
from shared.events.gateway import GenerationRequested
from shared.kernel.errors import Conflict, NotFound, TransientError
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.refusals import Refusal, Refused
from shared.readmodels.projected import Projected

SOURCE = "coursewright/gateway"
OPERATOR = "coursewright/operator"

_ROUNDS = 5


@dataclass(frozen=True)
class Done:
    """A command that was carried out. `task_id` names the run it started or found, if any; `visible` is False when
    the projection is behind, so that a read may still show the course as it was. `elsewhere` names the course whose run
    it is, when that is another one than the course in which it was asked for.
    """

    seq: int
    visible: bool
    task_id: str | None = None
    elsewhere: str | None = None


class WriteSide:
    """Carries out commands. Raises Refused, NotFound, Conflict and LogUnavailable."""

    def __init__(
        self,
        engine: AsyncEngine,
        log: FollowedLog,
        builder: RequestBuilder,
        projected: Projected,
        budget: Budget,
        *,
        wait_seconds: float,
    ) -> None:
        self._engine = engine
        self._log = log
        self._builder = builder
        self._projected = projected
        self._wait_seconds = wait_seconds
        self._budget = budget
        self._same_runs = SameRuns(engine, log, projected, builder.product, self._catch_up)

    async def execute(
        self,
        owner: str | None,
        course_id: str,
        command: Command,
        command_id: str,
        *,
        precondition: Callable[[CourseState], Refusal | None] = lambda _: None,
        asked_before: bool = False,
        traceparent: str = "",
    ) -> Done:
        """Decide on the course as it is and append what follows, in one piece or not at all.

        `owner` is who asks for it; None is the operator, for whom it is any course: its events say so by their source.
        `asked_before` says that a command of this id may have been carried out already, and nobody heard of it: it is
        looked for, because what was decided once would be decided differently on the course as it left it. An
        unattended run that is under way with the same inputs in another course of the owner is the answer, too.
        """
        carry_out = partial(
            self._execute, owner, course_id, command_id=command_id, precondition=precondition,
            asked_before=asked_before, traceparent=traceparent,
        )  # fmt: skip
        wanted = None if owner is None else await self._generation(owner, course_id, command, precondition)
        if owner is None or wanted is None:
            return await carry_out(command)
        any_run = isinstance(command, CreateCourse)
        async with self._same_runs.alone(owner, wanted.repo_url):
            is_to_start = await self._generation(owner, course_id, command, precondition) == wanted
            same_runs = self._same_runs
            found = await same_runs.find(owner, course_id, wanted, whatever_inputs=any_run) if is_to_start else None
            if found is None:
                return await carry_out(command)
            if isinstance(command, UpdateCourse):
                await carry_out(replace(command, generate=False))
            return Done(found.seq, True, found.task_id, found.course_id)

    async def _generation(
        self, owner: str, course_id: str, command: Command, precondition: Callable[[CourseState], Refusal | None]
    ) -> Generate | None:
        """The unattended run that the command would begin, or go on with."""
        if not isinstance(command, CreateCourse | Generate | Regenerate | ResumeGeneration | UpdateCourse):
            return None
        if isinstance(command, CreateCourse) and command.generate is None:
            return None
        state = await self._load(course_id)
        steps = self._judge(owner, state, command, precondition)
        if not isinstance(steps, tuple):
            return None
        if isinstance(command, Generate):
            return command
        if isinstance(command, ResumeGeneration):
            return stored_inputs(state, state.plan.pathway if state.plan is not None else "auto")
        asked = [one.event for one in steps if isinstance(one, Emit) and isinstance(one.event, GenerationRequested)]
        return Generate(**asked[0].model_dump(exclude={"course_id"})) if asked else None

    async def _execute(
        self,
        owner: str | None,
        course_id: str,
        command: Command,
        command_id: str,
        precondition: Callable[[CourseState], Refusal | None],
        asked_before: bool,
        traceparent: str,
    ) -> Done:
        until = asyncio.get_running_loop().time() + self._wait_seconds
        if asked_before and (done := await self._recall(course_id, command_id, until)) is not None:
            return done
        state = await self._load(course_id)
        for _ in range(_ROUNDS):
            decision = self._judge(owner, state, command, precondition)
            if isinstance(decision, (Refusal, NotFound, Same)):
                ahead = await self._catch_up(course_id, state)
                if ahead.seq != state.seq:
                    state = ahead
                    continue
                return await self._settle(state, decision, until)
            events = await self._plan(state, decision, command_id, OPERATOR if owner is None else SOURCE, traceparent)
            reached(KillPoint.effect_done, "gateway")
            try:
                await self._budget.require(state.owner, events)
                seq = await self._log.append(events, state.seq)
            except Conflict:
                if asked_before and (done := await self._recall(course_id, command_id, until)) is not None:
                    return done
                state = await self._catch_up(course_id, state)
                continue
            reached(KillPoint.event_stored, "gateway")
            return Done(seq, await self._visible(seq, until), _task_of(events))
        raise TransientError("The course is changing too fast; try again", code="busy", retry_after_seconds=1)

    async def _recall(self, course_id: str, command_id: str, until: float) -> Done | None:
        """The result of the command when it was carried out."""
        history = await self._log.load(course_id)
        mine = [item for item in history.events if (item.source, item.causation_id) == (SOURCE, command_id)]
        if not mine:
            return None
        return Done(mine[-1].seq, await self._visible(mine[-1].seq, until), _task_of(mine))

    async def _plan(
        self, state: CourseState, steps: tuple[Step, ...], command_id: str, source: str, traceparent: str
    ) -> list[NewEvent]:
        try:
            return await plan_events(self._builder, state, steps, command_id, source, command_id, traceparent)
        except NotFound as error:
            detail = "What an earlier stage made is no longer there. Run that stage again."
            raise Refused(Refusal(409, "content_missing", detail)) from error

    def _judge(
        self,
        owner: str | None,
        state: CourseState,
        command: Command,
        precondition: Callable[[CourseState], Refusal | None],
    ) -> tuple[Step, ...] | Refusal | NotFound | Same:
        if not isinstance(command, CreateCourse) and (not state.exists or owner not in {None, state.owner}):
            return NotFound("Course not found")
        refusal = precondition(state)
        if refusal is not None:
            return refusal
        decision = decide(state, command, self._builder.product)
        return decision if isinstance(decision, (Refusal, Same)) else decision.steps

    async def _visible(self, seq: int, until: float) -> bool:
        if await self._projected.wait(seq, until - asyncio.get_running_loop().time()):
            return True
        await self._require_tables()
        return False

    async def _require_tables(self) -> None:
        """Raise TablesOfBefore when no projector can show what was written."""
        async with self._engine.connect() as connection:
            await require_columns(connection)

    async def _settle(self, state: CourseState, decision: Refusal | NotFound | Same, until: float) -> Done:
        match decision:
            case Refusal():
                raise Refused(decision)
            case NotFound():
                raise decision
            case Same():
                return Done(state.seq, await self._visible(state.seq, until), decision.task_id)

    async def _load(self, course_id: str) -> CourseState:
        async with self._engine.connect() as connection:
            states = await load_states(connection, [course_id])
        return states.get(course_id, CourseState())

    async def _catch_up(self, course_id: str, state: CourseState) -> CourseState:
        """The state with what the log has beyond it."""
        if await self._log.last_seq(course_id) <= state.seq:
            return state
        history = await self._log.load(course_id, state.seq + 1)
        return replace(fold(state, history.events, self._builder.product), seq=max(state.seq, history.last_seq))


def _task_of(events: Sequence[NewEvent | Recorded]) -> str | None:
    for new in reversed(events):
        if isinstance(new.event, StageEvent):
            return new.event.run_id
        if isinstance(new.event, GenerationRequested):
            return new.id
    return None
