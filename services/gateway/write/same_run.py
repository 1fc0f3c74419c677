"""One active run for each owner, source and inputs: the same request in another course is answered with that run. A job
is answered with any run of the repository.

Two such requests at the same moment take turns by a lock that all gateway processes share. The second request then sees
the run of the first in the log, however late the tables are.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from weakref import WeakValueDictionary

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.commands import Generate
from services.gateway.course.product import Product
from services.gateway.course.state import CourseState, Plan
from services.gateway.fold.statuses import course_status
from services.gateway.readmodels.checkpoint import read_checkpoint
from services.gateway.readmodels.courses import courses, load_states
from services.gateway.write.generations import is_plan_of
from shared.event_log.following import FollowedLog
from shared.event_log.port import Recorded
from shared.events.gateway import GenerationRequested
from shared.kernel.errors import LogUnavailable

_KEYS_AT_ONCE = 4  # each holds a connection while its request is carried out, which needs another one


@dataclass(frozen=True)
class Elsewhere:
    """The same run in another course of the owner."""

    course_id: str
    task_id: str
    seq: int


class SameRuns:
    """Looks for the same run in other courses. `catch_up` gives a course's state with what the log has beyond it."""

    def __init__(
        self,
        engine: AsyncEngine,
        log: FollowedLog,
        product: Product,
        catch_up: Callable[[str, CourseState], Awaitable[CourseState]],
    ) -> None:
        self._engine, self._log, self._product, self._catch_up = engine, log, product, catch_up
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._places = asyncio.Semaphore(_KEYS_AT_ONCE)

    @contextlib.asynccontextmanager
    async def alone(self, owner: str, repo_url: str) -> AsyncIterator[None]:
        """During the block this caller alone asks for a run of the repository for the owner."""
        key = f"generate:{owner}:{repo_url}"
        turn = self._turns.setdefault(key, asyncio.Lock())
        async with turn, self._places, self._engine.begin() as connection:
            await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
            yield

    async def find(
        self, owner: str, course_id: str, command: Generate, *, whatever_inputs: bool = False
    ) -> Elsewhere | None:
        """The run, when it is under way in another course."""
        async with self._engine.connect() as connection:
            changed, asked = await self._beyond(await read_checkpoint(connection), command.repo_url)
            is_at_work = or_(courses.c.task_status == "STARTED", courses.c.course_id.in_(changed))
            of_source = courses.c.state["plan"]["repo_url"].astext == command.repo_url
            query = select(courses.c.course_id).where(courses.c.user_id == owner, is_at_work, of_source)
            ids = {*await connection.scalars(query), *asked} - {course_id}
            states = await load_states(connection, sorted(ids))
        found: list[tuple[Plan, CourseState]] = []
        for one in ids:
            state = states.get(one, CourseState())
            state = await self._catch_up(one, state) if one in changed else state
            plan = state.plan
            is_mine = plan is not None and (state.owner, plan.repo_url) == (owner, command.repo_url)
            if plan is None or not is_mine or course_status(state, self._product).task_status != "STARTED":
                continue
            if whatever_inputs or is_plan_of(plan, command):
                found.append((plan, state))
        oldest = min(found, key=lambda one: one[0].seq, default=None)
        return None if oldest is None else Elsewhere(oldest[1].course_id, oldest[0].id, oldest[1].seq)

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
