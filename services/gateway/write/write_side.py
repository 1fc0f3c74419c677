"""The write side of courses. `shared/readmodels/writing.py` carries out the commands of any aggregate; this adds the
decisions of courses, and finds an unattended run that the same owner asked for in another course.
"""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.commands import (
    CancelGeneration,
    Command,
    CreateCourse,
    DeleteCourse,
    Emit,
    Generate,
    Regenerate,
    ResumeGeneration,
    Steps,
    UpdateCourse,
)
from services.gateway.course.state import CourseState
from services.gateway.readmodels.registry import course_side
from services.gateway.write.budget import Budget
from services.gateway.write.decide import decide
from services.gateway.write.now import Decision
from services.gateway.write.planning import plan_events
from services.gateway.write.regenerations import stored_inputs
from services.gateway.write.requests import RequestBuilder
from services.gateway.write.same_run import SameRuns
from shared.event_log.port import EventLog, NewEvent, Recorded
from shared.events.base import StageEvent
from shared.events.gateway import GenerationRequested
from shared.kernel.errors import NotFound
from shared.kernel.ids import event_id
from shared.kernel.refusals import Refusal, Refused
from shared.readmodels.projected import Projected
from shared.readmodels.writing import Done, Writing


@dataclass(frozen=True)
class CourseDecisions:
    """See writing.Decisions. An event that starts a run is checked against the owner's budget."""

    builder: RequestBuilder
    budget: Budget

    def is_there(self, owner: str | None, state: CourseState, command: Command) -> bool:
        return isinstance(command, CreateCourse) or (state.exists and owner in {None, state.owner})

    def decide(self, state: CourseState, command: Command) -> Decision:
        return decide(state, command, self.builder.product)

    async def plan(
        self, state: CourseState, decision: Steps, command_id: str, source: str, traceparent: str
    ) -> list[NewEvent]:
        try:
            events = await plan_events(self.builder, state, decision.steps, command_id, source, command_id, traceparent)
        except NotFound as error:
            detail = "What an earlier stage made is no longer there. Run that stage again."
            raise Refused(Refusal(409, "content_missing", detail)) from error
        await self.budget.require(state.owner, events)
        return events

    def task_of(self, events: Sequence[NewEvent | Recorded]) -> str | None:
        for new in reversed(events):
            if isinstance(new.event, StageEvent):
                return new.event.run_id
            if isinstance(new.event, GenerationRequested):
                return new.id
        return None


class WriteSide:
    """Carries out commands. Raises Refused, NotFound, Conflict and LogUnavailable."""

    def __init__(
        self,
        engine: AsyncEngine,
        log: EventLog,
        builder: RequestBuilder,
        projected: Projected,
        budget: Budget,
        *,
        wait_seconds: float,
    ) -> None:
        side, decisions = course_side(builder.product), CourseDecisions(builder, budget)
        self._writing = Writing(engine, log, side, decisions, projected, wait_seconds=wait_seconds, by="gateway")
        self._projected = projected
        self._same_runs = SameRuns(engine, log, builder.product)

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

        `owner` is the user who asks. None is the operator, who may act on any course; the source of the events says so.
        `asked_before`: a command with this id may have been carried out already, and its answer was lost. It is looked
        for in the log, because the course has changed by it, and a second decision would be another one. If the same
        unattended run is under way in another course of the owner, that run is the answer.
        """
        carry_out = partial(
            self._writing.execute, owner, course_id, command_id=command_id, precondition=precondition,
            asked_before=asked_before, traceparent=traceparent,
        )  # fmt: skip
        wanted = None if owner is None else await self._generation(owner, course_id, command, precondition)
        if owner is None or wanted is None:
            return await carry_out(command)
        async with self._same_runs.alone(owner, wanted.repo_url):
            if await self._generation(owner, course_id, command, precondition) != wanted:
                return await carry_out(command)
            is_job = isinstance(command, CreateCourse)
            find = partial(self._same_runs.find, owner, course_id, wanted, whatever_inputs=is_job)
            found = await find(shown_seq=self._projected.seq)
            if found is None:
                done = await carry_out(command)
                found = await find(shown_seq=self._projected.seq, at=done.seq)
                if found is None:
                    return done
                await self._take_back(owner, course_id, command, command_id)
            elif isinstance(command, UpdateCourse):
                await carry_out(replace(command, generate=False))
            return Done(found.seq, True, found.task_id, found.course_id)

    async def _take_back(self, owner: str, course_id: str, command: Command, command_id: str) -> None:
        """Undo a command: the same run had been asked for before it."""
        back = DeleteCourse(owner) if isinstance(command, CreateCourse) else CancelGeneration(owner)
        with contextlib.suppress(Refused):  # somebody else stopped it
            await self._writing.execute(owner, course_id, back, event_id(command_id, "back", ""))

    async def _generation(
        self, owner: str, course_id: str, command: Command, precondition: Callable[[CourseState], Refusal | None]
    ) -> Generate | None:
        """The unattended run that the command would begin, or go on with."""
        if not isinstance(command, CreateCourse | Generate | Regenerate | ResumeGeneration | UpdateCourse):
            return None
        if isinstance(command, CreateCourse) and command.generate is None:
            return None
        state = await self._writing.load(course_id)
        decision = self._writing.judge(owner, state, command, precondition)
        if not isinstance(decision, Steps) or state.has_own_sources:
            return None  # no other course does the same
        if isinstance(command, Generate):
            return command
        if isinstance(command, ResumeGeneration):
            return stored_inputs(state, state.plan.pathway if state.plan is not None else "auto")
        asked = [
            one.event for one in decision.steps if isinstance(one, Emit) and isinstance(one.event, GenerationRequested)
        ]
        return Generate(**asked[0].model_dump(exclude={"course_id"})) if asked else None
