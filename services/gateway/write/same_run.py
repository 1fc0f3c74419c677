"""One active run for each owner, source and inputs: the same request in another course is answered with that run. A job
is answered with any run of the repository.

Two such requests at the same moment take turns by a lock that all gateway processes share. The second request then sees
the run of the first in the log, however late the tables are. The server may drop the connection that holds the lock. So
a run that was asked for is looked for once more, and the order of the log has the last word. The gateway may end before
that, so autopilot looks, too, before it begins a run.
"""

import asyncio
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Text, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.commands import Generate
from services.gateway.course.product import Product
from services.gateway.course.state import CourseState, from_json
from services.gateway.fold.evolve import fold
from services.gateway.fold.statuses import course_status
from services.gateway.readmodels.courses import courses
from services.gateway.write.generations import is_plan_of
from shared.event_log.port import EventLog
from shared.events.gateway import GenerationRequested
from shared.readmodels.turns import Turns

_AT_WORK_OR_STOPPED = ("STARTED", "FAILURE", "REVOKED")


@dataclass(frozen=True)
class Elsewhere:
    """The same run in another course of the owner."""

    course_id: str
    task_id: str
    seq: int
    asked_seq: int


class SameRuns:
    """Looks for the same run in other courses."""

    def __init__(self, engine: AsyncEngine, log: EventLog, product: Product) -> None:
        self._engine, self._log, self._product = engine, log, product
        self._turns = Turns(engine)

    def alone(self, owner: str, repo_url: str) -> AbstractAsyncContextManager[None]:
        """During the block this caller alone asks for a run of the repository for the owner."""
        return self._turns.alone(f"generate:{owner}:{repo_url}")

    async def find(
        self, owner: str, course_id: str, command: Generate, *, shown_seq: int, at: int | None = None,
        whatever_inputs: bool = False,
    ) -> Elsewhere | None:  # fmt: skip
        """The run, when it is under way in another course and nobody stops it; with `at`, when it was under way at that
        sequence. The tables show the log up to `shown_seq`.
        """
        is_shown = at is not None and at <= shown_seq
        beyond = () if is_shown else await self._log.read("*", shown_seq + 1, to_seq=at, only=GenerationRequested)
        asked = {
            one.event.aggregate_id
            for one in beyond
            if isinstance(one.event, GenerationRequested) and one.event.repo_url == command.repo_url
        }
        # A run that was over in the tables may go on since then.
        may_be_at_work = or_(courses.c.task_status.in_(_AT_WORK_OR_STOPPED), courses.c.course_id.in_(asked))
        query = select(courses.c.course_id, courses.c.state.cast(Text)).where(
            courses.c.user_id == owner, may_be_at_work, courses.c.state["plan"]["repo_url"].astext == command.repo_url
        )
        async with self._engine.connect() as connection:
            states = {one: from_json(stored) for one, stored in await connection.execute(query)}
        is_same = partial(_is_same, owner, command, whatever_inputs)
        others = [one for one in (states.keys() | asked) - {course_id} if one in asked or is_same(states[one])]
        now = await asyncio.gather(*(self._state(one, states.get(one, CourseState()), at) for one in others))
        found = [
            Elsewhere(state.course_id, state.plan.id, state.seq, state.plan.seq)
            for state in now
            if state.plan is not None
            and is_same(state)
            and course_status(state, self._product).task_status == "STARTED"
            and not any(run.cancel_requested for _, run in state.running)
        ]
        return min(found, key=lambda one: one.asked_seq, default=None)

    async def _state(self, course_id: str, shown: CourseState, at: int | None) -> CourseState:
        begin = shown if at is None or shown.seq <= at else CourseState()
        return fold(begin, await self._log.read(course_id, begin.seq + 1, to_seq=at), self._product)


def _is_same(owner: str, command: Generate, whatever_inputs: bool, state: CourseState) -> bool:
    if not state.exists or state.owner != owner or state.plan is None or state.plan.repo_url != command.repo_url:
        return False
    if state.has_own_sources:
        return False
    return whatever_inputs or is_plan_of(state.plan, command)
