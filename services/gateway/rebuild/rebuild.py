"""Read tables built again from the log, beside the live ones, while requests go on.

The live projector keeps writing. A rebuild fills a schema of its own up to where the live tables are, compares both at
one and the same sequence, catches up, and takes the live name; for those milliseconds no projector writes. Whatever
ends a rebuild early leaves the live tables as they are, and the next one drops what was left.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.gateway.course.product import Product
from services.gateway.database import read_schemas
from services.gateway.database.locks import REBUILD, TABLES
from services.gateway.database.read_schemas import BEFORE, LIVE, NEXT
from services.gateway.database.silence import ended_when_silent
from services.gateway.migrate import require_current
from services.gateway.project.projection import Projection, is_refusal
from services.gateway.readmodels.checkpoint import Place, advance, announce, read_checkpoint
from services.gateway.readmodels.projection_defects import Defect, read_defects
from services.gateway.readmodels.provenance import OtherLog, require_log_of_tables
from services.gateway.readmodels.store import COURSE_TABLES
from services.gateway.rebuild.loader import Loader
from services.gateway.rebuild.table_differences import TableDifference, compare
from services.gateway.stages.product import PRODUCT
from shared.blobs import Blobs
from shared.errors import LogUnavailable, NotFound, PermanentError, TransientError
from shared.event_log.port import EventLog, Recorded, Unreadable

OnProgress = Callable[[int, int], None]

_SILENT_LOOKS = 30


@dataclass(frozen=True)
class Built:
    """Tables beside the live ones. `seq`: how far they are; `events`: how many were folded in `seconds`, of which the
    rest went into indexes, foreign keys and logging.
    """

    schema: str
    seq: int
    events: int
    seconds: float
    finishing_seconds: float


@dataclass(frozen=True)
class Comparison:
    """Both at sequence `seq`; equal when nothing differs."""

    seq: int
    differences: tuple[TableDifference, ...]


@dataclass(frozen=True)
class Swapped:
    """`seconds`: how long no projector could write. The tables continue at `seq`."""

    seq: int
    seconds: float


@dataclass(frozen=True)
class Replaced:
    """One course's rows, from so many `events`; `defects` are the facts that could not be shown this time."""

    events: int
    defects: tuple[Defect, ...]


class Rebuild:
    """One at a time on one database; `open()` it. Raises TransientError when another one runs.

    Where the live tables are gone, tables are built and take their name all the same; what needs live ones raises
    PermanentError.
    """

    def __init__(self, engine: AsyncEngine, log: EventLog, blobs: Blobs, product: Product = PRODUCT) -> None:
        self._engine = engine
        self._log = log
        self._projection = Projection(blobs, is_live=False, product=product)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Rebuild"]:
        """Hold the lock of rebuilds, and throw away what one that died has left."""
        async with self._engine.connect() as connection:
            async with connection.begin():
                await require_current(connection)
                if not await connection.scalar(select(func.pg_try_advisory_lock(REBUILD))):
                    raise TransientError("Another rebuild runs on this database", code="rebuild_runs")
            try:
                await self.drop(NEXT)
                yield self
            finally:
                await connection.invalidate()

    async def build(self, on_progress: OnProgress, until: int | None = None) -> Built:
        """Fill tables up to where the live ones are (the log's end if those are empty or gone), or as of a sequence.
        Raises PermanentError for one the log has not come to.
        """
        end = await self._log.end()
        if until is not None and until > end:
            raise PermanentError(f"The event log ends at sequence {end}: name that or one before", code="past_the_end")
        target = await self._target()
        schema = NEXT if until is None else read_schemas.at_schema(until)
        limit = until or min(end, target.seq or end)
        there = target if limit == target.seq else Place(limit)
        await self.drop(schema)
        began = time.monotonic()
        async with self._in_schema(schema) as connection:
            async with connection.begin():
                await read_schemas.create(connection, schema)
            events = await self._fill(Loader(connection, schema, self._log, self._projection), there, on_progress)
            loaded = time.monotonic()
            async with connection.begin():
                await read_schemas.finish(connection, schema)
        return Built(schema, limit, events, loaded - began, time.monotonic() - loaded)

    async def _fill(self, loader: Loader, there: Place, on_progress: OnProgress) -> int:
        events = 0
        async for batch in self._up_to(1, there.seq):
            await loader.take(batch)
            events += len(batch)
            on_progress(min(batch[-1].seq, there.seq), there.seq)
        await loader.end(there)
        return events

    async def compare(self) -> Comparison:
        """The live tables and the next ones at one sequence. The projector waits while the snapshot is taken, not while
        it is read.
        """
        await self.require_live()
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                async with self._alone() as writer:
                    seq = await self._catch_up(writer, NEXT)
                    await read_checkpoint(connection)  # takes the snapshot
                return Comparison(seq, tuple(await compare(connection, LIVE, NEXT)))

    async def swap(self, taking: str = NEXT) -> Swapped:
        """Put tables in the place of the live ones, which are kept as the ones before. Raises PermanentError when
        there are none to put there, when migrations have changed the live ones since, or when they are of another log.
        """
        async with self._engine.connect() as connection:
            if taking not in await read_schemas.find_schemas(connection):
                raise PermanentError("There are no tables to go back to", code="no_tables")
            if not await read_schemas.is_of_this_revision(connection, taking):
                raise PermanentError("These tables have another shape than the live ones", code="other_revision")
        async with self._in_schema(taking) as follower:
            await require_log_of_tables(follower, self._log)
            await self._follow(follower, await self._target())
        async with self._alone() as connection:
            began = time.monotonic()
            seq = await self._catch_up(connection, taking)
            async with connection.begin():
                # By way of a third name, because going back puts the live tables where the others were.
                await read_schemas.rename(connection, taking, f"{LIVE}_taking")
                await read_schemas.mark_revision(connection, LIVE)
                if await read_schemas.has_live(connection):
                    # Those before go only if all of this comes to pass, and if others come after them.
                    await read_schemas.drop(connection, BEFORE)
                    await read_schemas.rename(connection, LIVE, BEFORE)
                await read_schemas.rename(connection, f"{LIVE}_taking", LIVE)
                await connection.execute(announce(seq))
            return Swapped(seq, time.monotonic() - began)

    async def replace_course(self, course_id: str) -> Replaced:
        """Build one course's rows again in the live tables, in one transaction.

        The course is as far as the tables are, so that the projector goes on with it like with the others.
        """
        await self.require_live()
        async with self._alone() as connection:
            reached = await self.live_seq()
            recorded = await self._log.read(course_id, to_seq=reached)
            if not recorded:
                raise NotFound("There is no such course in the log, as far as the tables are")
            try:
                await self._replace(connection, course_id, lambda: self._projection.fold(connection, recorded))
            except DBAPIError as error:
                if not is_refusal(error):
                    raise
                one_by_one = self._projection.fold_one_by_one
                await self._replace(connection, course_id, lambda: one_by_one(connection, recorded))
            async with connection.begin():
                return Replaced(len(recorded), tuple(await read_defects(connection, course_id)))

    @staticmethod
    async def _replace(connection: AsyncConnection, course_id: str, fold: Callable[[], Awaitable[None]]) -> None:
        async with connection.begin():
            for table in reversed(COURSE_TABLES):
                await connection.execute(table.delete().where(table.c.course_id == course_id))
            await fold()

    async def live_seq(self) -> int:
        """How far the live tables are; 0 when there are none."""
        async with self._engine.connect() as connection:
            return await read_checkpoint(connection) if await read_schemas.has_live(connection) else 0

    async def has_live(self) -> bool:
        """Whether there are live tables."""
        async with self._engine.connect() as connection:
            return await read_schemas.has_live(connection)

    async def require_live(self) -> None:
        """Raise PermanentError when there are no live tables."""
        if not await self.has_live():
            message = "There are no live read tables; `coursewright replay` without further options makes them"
            raise PermanentError(message, code="no_tables")

    async def _target(self) -> Place:
        """How far tables have to be to take the live name: as far as the live ones, or, where those are gone or of
        another log, to the log's end, because nobody else would bring them there.
        """
        if not await self.has_live():
            return Place(await self._log.end())
        try:
            async with self._engine.connect() as connection:
                return await require_log_of_tables(connection, self._log)
        except OtherLog:
            return Place(await self._log.end())

    async def drop(self, schema: str) -> None:
        """Throw a schema away if it is there."""
        async with self._engine.begin() as connection:
            await read_schemas.drop(connection, schema)

    @contextlib.asynccontextmanager
    async def _in_schema(self, schema: str) -> AsyncIterator[AsyncConnection]:
        async with self._engine.connect() as connection:
            yield await read_schemas.in_schema(connection, schema)

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[AsyncConnection]:
        """A connection while nobody else writes read tables: not for longer than it shows signs of life."""
        async with self._engine.connect() as connection, ended_when_silent(connection):
            async with connection.begin():
                await connection.execute(select(func.pg_advisory_lock(TABLES)))
            yield connection

    async def _catch_up(self, connection: AsyncConnection, schema: str) -> int:
        """Bring tables to where the live ones are, on the connection that keeps those where they are; how far they are
        then, which is further than live ones that were emptied.
        """
        reached = await self._follow(await read_schemas.in_schema(connection, schema), await self._target())
        await read_schemas.in_schema(connection, LIVE)
        return reached

    async def _follow(self, connection: AsyncConnection, target: Place) -> int:
        async with connection.begin():
            reached = await read_checkpoint(connection)
        async for batch in self._up_to(reached + 1, target.seq):
            await self._projection.apply(connection, batch)
        async with connection.begin():
            await connection.execute(advance(target))
        return max(reached, target.seq)

    async def _up_to(self, from_seq: int, limit: int) -> AsyncIterator[list[Recorded | Unreadable]]:
        """What there is from one sequence to another; events at either may have been erased. That nothing comes for a
        while is no end: only the log says where it ends.
        """
        reached, silent = from_seq - 1, 0
        if reached >= limit or reached >= await self._log.end():
            return
        async for batch in self._log.follow(from_seq):
            wanted = [item for item in batch if item.seq <= limit]
            if wanted:
                yield wanted
            reached, silent = (batch[-1].seq, 0) if batch else (reached, silent + 1)
            if reached >= limit or (not batch and reached >= await self._log.end()):
                return
            if silent > _SILENT_LOOKS:
                raise LogUnavailable("The event log says nothing more, and has not ended")
