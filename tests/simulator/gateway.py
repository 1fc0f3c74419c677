"""The gateway of the simulation: the real write side, planning and autopilot over tables in memory."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from services.gateway.autopilot import next_stage
from services.gateway.chores import Chores
from services.gateway.evolve import evolve
from services.gateway.projected import Projected
from services.gateway.readmodels.course_tasks import rows_of
from services.gateway.readmodels.courses import row_of
from services.gateway.requests import RequestBuilder
from services.gateway.state import CourseState, from_json
from services.gateway.write_side import WriteSide
from shared.blobs import Blobs
from shared.errors import TransientError
from shared.event_log.memory import MemoryLog
from shared.event_log.port import Recorded, Unreadable
from tests.simulator.ports import Network, SimulatedLog

Row = dict[str, Any]
Evolve = Callable[[CourseState, Recorded], CourseState]

_BATCH = 7


class Tables:
    """The rows of courses and of their stages, and the checkpoint; `commit` is one transaction."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.courses: dict[str, Row] = {}
        self.tasks: dict[tuple[str, str], Row] = {}
        self.gone: set[str] = set()
        self.checkpoint = 0
        self.moved: Callable[[Sequence[str]], None] = lambda _: None

    def state(self, course_id: str) -> CourseState:
        """The state in the course's row."""
        row = self.courses.get(course_id)
        return CourseState() if row is None else from_json(json.dumps(row["state"]))

    async def commit(self, states: Sequence[CourseState], gone: Sequence[str], seq: int) -> None:
        """All of it or, if the process dies on the way, nothing."""
        await self.network.trip()
        self.write(states, gone)
        self.checkpoint = max(self.checkpoint, seq)
        self.moved([*(state.course_id for state in states), *gone])
        await self.network.trip()

    def write(self, states: Sequence[CourseState], gone: Sequence[str]) -> None:
        """The rows; one that is ahead already stays."""
        for state in states:
            row, have = row_of(state), self.courses.get(state.course_id)
            if have is None or have["seq"] < row["seq"]:
                self.courses[state.course_id] = row
            for task in rows_of(state):
                self.tasks[state.course_id, task["stage"]] = task
        for course_id in gone:
            self.gone.add(course_id)
            self.courses.pop(course_id, None)
            for key in [key for key in self.tasks if key[0] == course_id]:
                del self.tasks[key]


class SimulatedChores(Chores):
    """Autopilot on the tables in memory; erasing is not simulated."""

    def __init__(self, tables: Tables, log: SimulatedLog, blobs: Blobs) -> None:
        self._tables = tables
        self._log = log
        self._builder = RequestBuilder(blobs)
        self._done = {}

    async def work(self) -> None:
        """One round."""
        due = [self._tables.state(key) for key, row in sorted(self._tables.courses.items()) if row["next_stage"]]
        for state in due:
            if self._done.get(state.course_id) != state.seq:
                await self._drive(state)
        self._done = {state.course_id: self._done.get(state.course_id, 0) for state in due}


class SimulatedProjector:
    """Follows the log from the checkpoint, folds batches, commits, and lets autopilot look."""

    def __init__(self, store: MemoryLog, tables: Tables, chores: SimulatedChores, fold_one: Evolve = evolve) -> None:
        self._store, self._tables, self._chores, self._evolve = store, tables, chores, fold_one

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
        async for batch in self._store.follow(self._tables.checkpoint + 1):
            if batch:
                await self.apply(batch[: self._tables.network.random.randint(1, _BATCH)])
            return bool(batch)
        return False

    async def apply(self, batch: Sequence[Recorded | Unreadable]) -> None:
        """One transaction."""
        states: dict[str, CourseState] = {}
        for item in batch:
            if not isinstance(item, Recorded):
                continue
            course_id = item.event.course_id
            before = states[course_id] if course_id in states else self._tables.state(course_id)
            after = self._evolve(before, item)
            if after is not before and after.created_at is not None:
                states[course_id] = after
        gone = sorted(course_id for course_id, state in states.items() if state.deleted)
        live = [state for course_id, state in sorted(states.items()) if course_id not in gone]
        await self._tables.commit(live, gone, batch[-1].seq)


class _Seen(Projected):
    """How far the tables are."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def wait(self, seq: int, timeout_seconds: float) -> bool:
        await self._tables.network.trip()
        return self._tables.checkpoint >= seq


class SimulatedWriteSide(WriteSide):
    """The real one, on the tables in memory."""

    def __init__(self, tables: Tables, log: SimulatedLog, blobs: Blobs) -> None:
        self._tables = tables
        self._log = log
        self._builder = RequestBuilder(blobs)
        self._projected = _Seen(tables)
        self._wait_seconds = 1.0

    async def _load(self, course_id: str) -> CourseState:
        await self._tables.network.trip()
        return self._tables.state(course_id)


def is_idle(tables: Tables) -> bool:
    """No request of autopilot is due."""
    return all(next_stage(tables.state(course_id)) is None for course_id in tables.courses)
