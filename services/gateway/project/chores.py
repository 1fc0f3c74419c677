"""Work beside projecting, in the projector's process: it asks for the next stage of each unattended course.

Only so many courses are at work at a time, and the others wait for their turn. The courses are found in the tables and
not remembered, so a crash between a fact and the request that follows from it loses nothing.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.places import UNLIMITED, Places
from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import AUTOPILOT
from services.gateway.fold.next_stage import next_stage
from services.gateway.project.engine_checks import Ask, EngineChecks, believe
from services.gateway.readmodels.turns import waiting_for_autopilot
from services.gateway.stages.product import PRODUCT
from services.gateway.write.budget import Budget, BudgetLimits
from services.gateway.write.planning import plan_events
from services.gateway.write.regenerations import stored_inputs
from services.gateway.write.requests import RequestBuilder, run_id
from services.gateway.write.same_run import SameRuns
from shared.event_log.port import EventLog, NewEvent
from shared.events.base import Stage
from shared.kernel.blobs import Blobs
from shared.kernel.errors import Conflict, CoursewrightError, PermanentError
from shared.kernel.ids import event_id
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.logging import error_facts
from shared.kernel.refusals import Refused
from shared.kernel.work import end_if_cancelled
from shared.readmodels.repeating import logged

log = structlog.get_logger(__name__)

_LOOK_EVERY_SECONDS = 1.0
_WAITS_SECONDS = (1.0, 2.0, 4.0, 8.0, 15.0)  # of a course whose request could not be made; the last one for ever


@dataclass(frozen=True)
class _Wait:
    """How often in a row a course's request could not be made, and when (the loop's time) it is tried again."""

    failures: int = 0
    until: float = 0.0


class Chores:
    """`wake()` after each batch; without it the tables are looked at once a second."""

    def __init__(
        self,
        engine: AsyncEngine,
        log: EventLog,
        blobs: Blobs,
        product: Product = PRODUCT,
        places: Places = UNLIMITED,
        budget: Budget | None = None,
        ask: Ask = believe,
    ) -> None:
        self._engine = engine
        self._places = places
        self._budget = budget or Budget(engine, BudgetLimits())
        self._log = log
        self._builder = RequestBuilder(blobs, product)
        self._same_runs = SameRuns(engine, log, product)
        self._woken = asyncio.Event()
        self._done: dict[str, int] = {}
        self._waits: dict[str, _Wait] = {}
        self._checks = EngineChecks(ask, self.wake)

    def wake(self) -> None:
        """Look now."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            with logged("chores"):
                await self.work()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY_SECONDS):
                    await self._woken.wait()
            self._woken.clear()

    async def work(self) -> None:
        """One round."""
        async with self._engine.connect() as connection:
            due = await waiting_for_autopilot(connection, self._places)
        for state in due:
            # The same state again only means that the projection has not seen our request yet.
            if self._done.get(state.course_id) != state.seq:
                await self._drive_in_turn(state)
        self._done = {state.course_id: self._done.get(state.course_id, 0) for state in due}
        self._waits = {key: wait for key, wait in self._waits.items() if key in self._done}
        self._checks.forget_all_but({state.plan.id for state in due if state.plan is not None})

    async def _drive_in_turn(self, state: CourseState) -> None:
        """A course whose request cannot be made now waits by itself, longer each time, and keeps no other waiting."""
        clock = asyncio.get_running_loop().time
        wait = self._waits.get(state.course_id, _Wait())
        if clock() < wait.until:
            return
        try:
            await self._drive(state)
        except (SQLAlchemyError, OSError, CoursewrightError) as error:
            end_if_cancelled()
            log.warning("autopilot_interrupted", course_id=state.course_id, **error_facts(error))
            seconds = _WAITS_SECONDS[min(wait.failures, len(_WAITS_SECONDS) - 1)]
            self._waits[state.course_id] = _Wait(wait.failures + 1, clock() + seconds)
        else:
            self._waits.pop(state.course_id, None)

    async def _drive(self, state: CourseState) -> None:
        stage = next_stage(state, self._builder.product)
        if stage is None or state.plan is None:
            return
        if stage == self._builder.product.pipeline[0].name:
            engine = self._checks.find(state.plan)
            if engine is None:
                return  # looked at again as soon as it is known
            reason = PermanentError(engine.message, code=engine.error) if engine.error else await self._find_same(state)
            if reason is not None:  # better now than when documents have been fetched for nothing
                await self._append(state, [self._failure(state, stage, reason)])
                return
        command_id = state.plan.id
        try:
            events = await plan_events(
                self._builder,
                state,
                self._builder.product.by_name[stage].steps(state, state.plan, None),
                command_id,
                AUTOPILOT,
                command_id,
                await self._trace_of(state),
            )
            await self._budget.require(state.owner, events)
        except Refused as refused:
            events = [self._failure(state, stage, PermanentError(refused.refusal.detail, code=refused.refusal.code))]
        except CoursewrightError as error:
            if error.transient:
                raise
            events = [self._failure(state, stage, error)]
        except Exception as error:  # the boundary of one course: its user sees it, and the others go on
            log.exception("autopilot_defect", course_id=state.course_id, stage=stage)
            message = f"Something went wrong inside ({type(error).__name__})"
            events = [self._failure(state, stage, PermanentError(message, code="internal"))]
        await self._append(state, events)

    async def _find_same(self, state: CourseState) -> PermanentError | None:
        """The reason not to begin: the same run was at work when this one was asked for, and nobody looked again."""
        wanted = None if state.plan is None else stored_inputs(state, state.plan.pathway)
        if state.plan is None or wanted is None or state.has_own_sources:
            return None
        at = state.plan.seq
        found = await self._same_runs.find(state.owner, state.course_id, wanted, shown_seq=state.seq, at=at)
        if found is None:
            return None
        return PermanentError(f"The same run was asked for before, in course {found.course_id}", code="same_run")

    async def _trace_of(self, state: CourseState) -> str:
        """The trace of the fact that made the next request due, so that both belong to one."""
        due = await self._log.read(state.course_id, state.seq)
        return due[0].traceparent if due else ""

    async def _append(self, state: CourseState, events: Sequence[NewEvent]) -> None:
        try:
            reached(KillPoint.effect_done, "autopilot")
            await self._log.append(events, state.seq)
            reached(KillPoint.event_stored, "autopilot")
        except Conflict:
            beyond = await self._log.load(state.course_id, state.seq + 1)
            if beyond.events:
                return  # somebody wrote to the course: its row will change, and the question is asked again
            # What is there is no event we know, so the row will never see it.
            try:
                await self._log.append(events, beyond.last_seq)
            except Conflict:
                return
        self._done[state.course_id] = state.seq

    def _failure(self, state: CourseState, stage: Stage, error: CoursewrightError) -> NewEvent:
        """The stage fails in sight of the user although it could not even be asked for."""
        assert state.plan is not None
        row = self._builder.product.pipeline.by_name[stage]
        failed = row.failed(
            course_id=state.course_id, run_id=run_id(state.plan.id, row.request), error=error.code,
            message=error.message, retryable=True, attempt=0,
        )  # fmt: skip
        identity = event_id(failed.run_id, row.failed.__name__, failed.natural_key())
        return NewEvent(failed, identity, AUTOPILOT, state.plan.id, state.plan.id)
