"""One active run for each owner, source and inputs: the same request in another course is answered with that run. A job
is answered with any run of the repository.

Two such requests at the same moment take turns by a lock that all gateway processes share. The second request then sees
the run of the first in the log, however late the tables are.
"""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy import Text, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.commands import Generate
from services.gateway.course.product import Product
from services.gateway.course.state import CourseState, from_json
from services.gateway.fold.statuses import course_status
from services.gateway.readmodels.courses import courses
from services.gateway.write.generations import is_plan_of
from shared.event_log.following import FollowedLog
from shared.event_log.port import Recorded
from shared.events.gateway import GenerationRequested
from shared.kernel.errors import LogUnavailable
from shared.readmodels.projected import Projected
from shared.readmodels.turns import Turns


@dataclass(frozen=True)
class Elsewhere:
    """The same run in another course of the owner."""

    course_id: str
    task_id: str
    seq: int
    asked_seq: int


class SameRuns:
    """Looks for the same run in other courses. `catch_up` gives a course's state with what the log has beyond it."""

    def __init__(
        self, engine: AsyncEngine, log: FollowedLog, projected: Projected, product: Product,
        catch_up: Callable[[str, CourseState], Awaitable[CourseState]],
    ) -> None:  # fmt: skip
        self._engine, self._log, self._projected = engine, log, projected
        self._product, self._catch_up = product, catch_up
        self._turns = Turns(engine)

    def alone(self, owner: str, repo_url: str) -> AbstractAsyncContextManager[None]:
        """During the block this caller alone asks for a run of the repository for the owner."""
        return self._turns.alone(f"generate:{owner}:{repo_url}")

    async def find(
        self, owner: str, course_id: str, command: Generate, *, whatever_inputs: bool = False
    ) -> Elsewhere | None:
        """The run, when it is under way in another course."""
        changed, asked = await self._beyond(self._projected.seq, command.repo_url)
        is_at_work = or_(courses.c.task_status == "STARTED", courses.c.course_id.in_(changed))
        query = select(courses.c.course_id, courses.c.state.cast(Text)).where(
            courses.c.user_id == owner, is_at_work, courses.c.state["plan"]["repo_url"].astext == command.repo_url
        )
        async with self._engine.connect() as connection:
            states = {one: from_json(stored) for one, stored in await connection.execute(query)}
        found: list[Elsewhere] = []
        for one in (states.keys() | asked) - {course_id}:
            state = states.get(one, CourseState())
            state = await self._catch_up(one, state) if one in changed else state
            is_started = state.owner == owner and course_status(state, self._product).task_status == "STARTED"
            if state.plan is None or state.plan.repo_url != command.repo_url or not is_started:
                continue
            if whatever_inputs or is_plan_of(state.plan, command):
                found.append(Elsewhere(one, state.plan.id, state.seq, state.plan.seq))
        return min(found, key=lambda one: one.asked_seq, default=None)

    async def _beyond(self, seq: int, repo_url: str) -> tuple[set[str], set[str]]:
        """The courses with events that the tables do not show yet, and those where a run of the repository was asked
        for by such an event. Raises LogUnavailable.
        """
        end, changed, asked = await self._log.end(), set[str](), set[str]()
        if seq >= end:
            return changed, asked
        async for batch in self._log.follow(seq + 1):
            for event in (one.event for one in batch if isinstance(one, Recorded)):
                changed.add(event.aggregate_id)
                if isinstance(event, GenerationRequested) and event.repo_url == repo_url:
                    asked.add(event.course_id)
            seq = batch[-1].seq if batch else seq
            if not batch or seq >= end:
                break
        if seq < end:
            raise LogUnavailable("The event log says nothing more, and has not ended")
        return changed, asked
