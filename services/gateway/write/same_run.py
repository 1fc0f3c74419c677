"""One active run for each owner, source and inputs: the same request in another course is answered with that run. A job
is answered with any run of the repository.

Two such requests at the same moment take turns by a lock that all gateway processes share. The second request then sees
the run of the first.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from weakref import WeakValueDictionary

from sqlalchemy import Text, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.course.commands import Generate
from services.gateway.course.state import from_json
from services.gateway.readmodels.courses import courses
from services.gateway.write.generations import is_plan_of

_KEYS_AT_ONCE = 4  # each holds a connection while its request is carried out, which needs another one


@dataclass(frozen=True)
class Elsewhere:
    """The same run in another course of the owner."""

    course_id: str
    task_id: str
    seq: int


class SameRuns:
    """Looks for the same run in other courses."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
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
        state = courses.c.state
        query = select(courses.c.course_id, courses.c.seq, state.cast(Text)).where(
            courses.c.user_id == owner, courses.c.task_status == "STARTED", courses.c.course_id != course_id,
            state["plan"]["repo_url"].astext == command.repo_url,
        )  # fmt: skip
        async with self._engine.connect() as connection:
            for found_id, seq, stored in await connection.execute(query.order_by(courses.c.asked_seq)):
                plan = from_json(stored).plan
                if plan is not None and (whatever_inputs or is_plan_of(plan, command)):
                    return Elsewhere(found_id, plan.id, seq)
        return None
