"""The read tables of the simulation, and doubles of all that has to do with SQL; the rest of the projection is real."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Table

from services.gateway.course.state import CourseState, from_json
from services.gateway.readmodels import registry
from services.gateway.readmodels.course_tasks import course_tasks
from services.gateway.readmodels.courses import courses
from services.gateway.readmodels.projection_defects import projection_defects
from services.gateway.readmodels.rows import AggregateRows
from shared.events import Stream
from shared.kernel.errors import TransientError
from shared.readmodels.base import Key, Row, key_of
from shared.readmodels.checkpoint import Place, place_of
from shared.readmodels.side import ReadSide
from tests.simulator.ports import Network

COURSE_TABLES = registry.COURSE_SIDE.tables

# For each table those that refer to it: its columns, and theirs.
_REFERRING: dict[Table, list[tuple[Table, dict[str, str]]]] = {
    table: [
        (child, {element.column.name: element.parent.name for element in reference.elements})
        for child in COURSE_TABLES
        for reference in child.foreign_key_constraints
        if reference.referred_table is table
    ]
    for table in COURSE_TABLES
}


@dataclass(frozen=True)
class Save:
    """Rows of courses that changed."""

    changed: Mapping[str, AggregateRows]


@dataclass(frozen=True)
class Advance:
    """The checkpoint moves."""

    place: Place


Write = Save | Advance


class Tables:
    """All rows by table and course, and the checkpoint; `commit` is one transaction."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.checkpoint = 0
        self.moved: Callable[[Sequence[str]], None] = lambda _: None
        self._rows: dict[Table, dict[str, dict[Key, Row]]] = {table: {} for table in COURSE_TABLES}

    def of(self, table: Table, course_id: str) -> list[Row]:
        """A course's rows in a table."""
        return list(self._rows[table].get(course_id, {}).values())

    def names(self, course_id: str) -> list[str]:
        """The tables that have rows of a course."""
        return [table.name for table in COURSE_TABLES if self._rows[table].get(course_id)]

    def course_ids(self) -> list[str]:
        """Courses that have a row."""
        return sorted(course_id for course_id, rows in self._rows[courses].items() if rows)

    def course(self, course_id: str) -> Row | None:
        """The row of a course."""
        return next(iter(self.of(courses, course_id)), None)

    def task(self, course_id: str, stage: str) -> Row | None:
        """The row of a course's stage."""
        return next((row for row in self.of(course_tasks, course_id) if row["stage"] == stage), None)

    def state(self, course_id: str) -> CourseState:
        """The state in the course's row."""
        row = self.course(course_id)
        return CourseState() if row is None else from_json(json.dumps(row["state"]))

    def defects(self) -> Iterator[Row]:
        """The defects that the projection noted."""
        for rows in self._rows[projection_defects].values():
            yield from rows.values()

    async def commit(self, writes: Sequence[Write]) -> None:
        """All of it or nothing, if the process dies or the connection is cut on the way."""
        await self._trip()
        self.write(writes)
        await self._trip()

    async def _trip(self) -> None:
        await self.network.trip()
        if self.network.happens(self.network.chaos.commit_cut):
            raise TransientError("The connection to the database is cut", code="away")

    def write(self, writes: Sequence[Write]) -> None:
        """Without a point at which anybody could die."""
        for write in writes:
            match write:
                case Save(changed):
                    for course_id, rows in changed.items():
                        self.save(course_id, rows)
                case Advance(place):
                    self.checkpoint = max(self.checkpoint, place.seq)
        self.moved([course_id for write in writes if isinstance(write, Save) for course_id in write.changed])

    def save(self, course_id: str, changed: AggregateRows) -> None:
        """See readmodels.store.save_rows."""
        for table in reversed(COURSE_TABLES):
            if table in changed.cleared:
                self._rows[table].pop(course_id, None)
            self._remove(table, course_id, changed.removed.get(table, ()))
        for table in COURSE_TABLES:
            mine = self._rows[table].setdefault(course_id, {})
            for row in changed.changed_rows(table):
                mine[key_of(table, row)] = row

    def _remove(self, table: Table, course_id: str, keys: Iterable[Key]) -> None:
        """With what refers to them, as the database does it by itself."""
        mine = self._rows[table].get(course_id, {})
        gone = [row for key in keys if (row := mine.pop(key, None)) is not None]
        for child, columns in _REFERRING[table] if gone else ():
            lost = {tuple(row[column] for column in columns) for row in gone}
            theirs = self._rows[child].get(course_id, {})
            names = list(columns.values())
            self._remove(
                child, course_id, [key for key, row in theirs.items() if tuple(row[name] for name in names) in lost]
            )


class Session:
    """See AsyncConnection: what is executed in a transaction is there at its end."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._writes: list[Write] = []

    @contextlib.asynccontextmanager
    async def begin(self) -> AsyncIterator[None]:
        """One transaction."""
        self._writes = []
        yield
        await self.tables.commit(self._writes)

    async def execute(self, statement: object) -> None:
        """Remember a write; nothing else has an effect."""
        if isinstance(statement, Write):
            self._writes.append(statement)


async def _load_states(session: Session, course_ids: Sequence[str]) -> dict[str, CourseState]:
    return {one: session.tables.state(one) for one in course_ids if session.tables.course(one) is not None}


async def _load_rows(
    session: Session, _: ReadSide, wanted: Mapping[Table, Iterable[str]]
) -> dict[str, dict[Table, list[Row]]]:
    found: dict[str, dict[Table, list[Row]]] = {}
    for table, course_ids in wanted.items():
        for course_id in sorted(course_ids):
            found.setdefault(course_id, {})[table] = session.tables.of(table, course_id)
    return found


async def _save_rows(session: Session, _: ReadSide, changed: Mapping[str, AggregateRows]) -> None:
    await session.execute(Save(changed))


async def _read_checkpoint(session: Session, _: Stream) -> int:
    return session.tables.checkpoint


def course_side() -> ReadSide:
    """That of courses, as the module has its parts now: some may be replaced by ones with a known defect."""
    return replace(
        registry.COURSE_SIDE, load=cast("Any", _load_states), evolve=registry.evolve, projections=registry._PROJECTIONS,
        looks_at=registry._looks_at,
    )  # fmt: skip


async def _keep_nothing(*_: Any) -> None:
    """The simulator has no budgets."""


# In place of names of modules.
DOUBLES: dict[str, Any] = {
    "services.gateway.project.projection.load_rows": _load_rows,
    "services.gateway.project.projection.save_rows": _save_rows,
    "services.gateway.project.projection.erasures": SimpleNamespace(request=lambda *_: None, REMOVED=""),
    "services.gateway.project.projection.keep_use": _keep_nothing,
    "services.gateway.project.projection.checkpoint": SimpleNamespace(
        read_checkpoint=_read_checkpoint,
        place_of=place_of,
        advance=lambda place, _: Advance(place),
        announce=lambda *_: None,
    ),
}
