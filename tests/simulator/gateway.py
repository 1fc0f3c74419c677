"""The gateway of the simulation: the real write side, planning, projection and autopilot over tables in memory."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import cast

from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.course.commands import Generate
from services.gateway.course.state import CourseState
from services.gateway.fold.next_stage import next_stage
from services.gateway.project.chores import Chores
from services.gateway.project.engine_checks import EngineChecks, believe
from services.gateway.project.projection import Projection
from services.gateway.readmodels.registry import COURSE_SIDE
from services.gateway.write.budget import Budget
from services.gateway.write.requests import RequestBuilder
from services.gateway.write.same_run import Elsewhere, SameRuns
from services.gateway.write.write_side import CourseDecisions, WriteSide
from shared.event_log.port import NewEvent
from shared.kernel.blobs import Blobs
from shared.kernel.errors import TransientError
from shared.readmodels.projected import Projected
from shared.readmodels.writing import Writing
from tests.simulator.ports import SimulatedLog
from tests.simulator.tables import Session, Tables, course_side
from tests.support.memory_log import MemoryLog

_BATCH = 7


class Unlimited(Budget):
    """A budget without an end."""

    def __init__(self) -> None:
        """There is nothing to ask a database for."""

    async def require(self, owner: str, events: Iterable[NewEvent]) -> None:
        """See Budget.require."""


class NowhereElse(SameRuns):
    """Courses of a simulation have sources of their own."""

    def __init__(self) -> None:
        """There is nothing to ask a database for."""

    @contextlib.asynccontextmanager
    async def alone(self, owner: str, repo_url: str) -> AsyncIterator[None]:
        """See SameRuns.alone."""
        yield

    async def find(
        self, owner: str, course_id: str, command: Generate, *, shown_seq: int, at: int | None = None,
        whatever_inputs: bool = False,
    ) -> Elsewhere | None:  # fmt: skip
        """See SameRuns.find."""
        return None


class SimulatedChores(Chores):
    """Autopilot on the tables in memory; erasing is not simulated."""

    def __init__(self, tables: Tables, log: SimulatedLog, blobs: Blobs) -> None:
        self._tables = tables
        self._log = log
        self._builder = RequestBuilder(blobs)
        self._budget = Unlimited()
        self._done = {}
        self._checks = EngineChecks(believe, lambda: None)
        self._same_runs = NowhereElse()

    async def work(self) -> None:
        """One round."""
        due = [self._tables.state(one) for one in self._tables.course_ids() if self._is_due(one)]
        for state in due:
            if self._done.get(state.course_id) != state.seq:
                await self._drive(state)
        self._done = {state.course_id: self._done.get(state.course_id, 0) for state in due}

    def _is_due(self, course_id: str) -> bool:
        row = self._tables.course(course_id)
        return row is not None and bool(row["next_stage"])


class SimulatedProjector:
    """Follows the log from the checkpoint, gives the real projection batches, and lets autopilot look."""

    def __init__(self, store: MemoryLog, tables: Tables, chores: SimulatedChores, blobs: Blobs) -> None:
        self._store, self._tables, self._chores = store, tables, chores
        self._projection = Projection(blobs, (course_side(),))

    async def run(self) -> None:
        """Until the process dies."""
        while True:
            try:
                moved = await self._project()
                await self._chores.work()
            except TransientError:
                moved = False
            await asyncio.sleep(0.05 if moved else 2.0)

    async def _project(self) -> bool:
        seq, network = self._tables.checkpoint, self._tables.network
        async for batch in self._store.follow(seq + 1):
            if batch:
                some = batch[: network.random.randint(1, _BATCH)]
                if network.happens(network.chaos.duplicate):  # after a connection was made again
                    some = [*self._store.stored()[max(seq - _BATCH, 0) : seq], *some]
                await self._projection.apply(cast("AsyncConnection", Session(self._tables)), some, after=seq)
            return bool(batch)
        return False


class _Seen(Projected):
    """How far the tables are."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    @property
    def seq(self) -> int:
        return self._tables.checkpoint

    async def wait(self, seq: int, timeout_seconds: float) -> bool:
        await self._tables.network.trip()
        return self._tables.checkpoint >= seq


class _Writing(Writing):
    """The real one, on the tables in memory."""

    def __init__(self, tables: Tables, log: SimulatedLog, blobs: Blobs) -> None:
        self._tables, self._log, self._side = tables, log, COURSE_SIDE
        self._decisions = CourseDecisions(RequestBuilder(blobs), Unlimited())
        self._projected, self._wait_seconds = _Seen(tables), 1.0
        self._by, self._source = "gateway", "coursewright/gateway"

    async def _require_tables(self) -> None:
        """The tables of a simulation are those of this version."""

    async def load(self, course_id: str) -> CourseState:
        await self._tables.network.trip()
        return self._tables.state(course_id)


class SimulatedWriteSide(WriteSide):
    """The real one, with that."""

    def __init__(self, tables: Tables, log: SimulatedLog, blobs: Blobs) -> None:
        self._writing, self._projected = _Writing(tables, log, blobs), _Seen(tables)
        self._same_runs = NowhereElse()


def is_idle(tables: Tables) -> bool:
    """No request of autopilot is due."""
    return all(next_stage(tables.state(course_id)) is None for course_id in tables.course_ids())
