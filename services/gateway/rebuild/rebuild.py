"""Builds the read tables again from the log, beside the live tables, while requests go on.

The live projector keeps writing. A rebuild fills a schema of its own up to the sequence of the live tables, compares
both at that sequence, catches up, and takes the live name. For those milliseconds no projector writes. A rebuild that
ends early leaves the live tables as they are, and the next rebuild drops its schema.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.gateway.database import read_schemas
from services.gateway.database.locks import REBUILD, TABLES
from services.gateway.database.read_schemas import BEFORE, LIVE, NEXT
from services.gateway.migrate import require_current
from services.gateway.project.projection import Projection, is_refusal
from services.gateway.readmodels.registry import COURSE_SIDE, SIDES
from services.gateway.readmodels.store import delete_rows
from services.gateway.rebuild.source import OnProgress, Source
from services.gateway.rebuild.table_differences import TableDifference, compare
from shared.event_log.following import FollowedLog
from shared.kernel.blobs import Blobs
from shared.kernel.errors import NotFound, PermanentError, TransientError
from shared.readmodels.checkpoint import Place, announce, read_checkpoint
from shared.readmodels.defects import Defect, read_defects
from shared.readmodels.provenance import OtherLog, require_log_of_tables
from shared.readmodels.side import ReadSide, Sides, streams_of, tables_of
from shared.readmodels.silence import ended_when_silent

Seqs = Mapping[str, int]  # by stream


@dataclass(frozen=True)
class Built:
    """Tables beside the live ones. `seqs`: how far they are, by stream; `events`: how many were folded in `seconds`, of
    which the rest went into indexes, foreign keys and logging.
    """

    schema: str
    seqs: Seqs
    events: int
    seconds: float
    finishing_seconds: float


@dataclass(frozen=True)
class Comparison:
    """Both at these sequences; equal when nothing differs."""

    seqs: Seqs
    differences: tuple[TableDifference, ...]


@dataclass(frozen=True)
class Swapped:
    """`seconds`: how long no projector could write. The tables continue at `seqs`."""

    seqs: Seqs
    seconds: float


@dataclass(frozen=True)
class Replaced:
    """One aggregate's rows, from so many `events`; `defects` are the facts that could not be shown this time."""

    events: int
    defects: tuple[Defect, ...]


class Rebuild:
    """One at a time on one database; `open()` it. Raises TransientError when another one runs.

    Where the live tables are gone, tables are built and take their name all the same; what needs live ones raises
    PermanentError.
    """

    def __init__(self, engine: AsyncEngine, log: FollowedLog, blobs: Blobs, sides: Sides = SIDES) -> None:
        self._engine = engine
        self._log = log
        self._sides = sides
        self._streams = [
            Source(stream, log.of(mine[0].aggregate), mine, Projection(blobs, mine, is_live=False))
            for stream, mine in streams_of(sides).items()
        ]

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

    async def build(self, on_progress: OnProgress, until: Seqs | None = None) -> Built:
        """Fill tables up to where the live ones are (the log's end if those are empty or gone), or as of a sequence of
        some streams. Raises PermanentError for one the log has not come to.
        """
        wanted = until or {}
        places = {one.stream: await self._place(one, wanted.get(one.stream.name)) for one in self._streams}
        schema = NEXT if until is None else "_".join([LIVE, "at", *map(str, until.values())])
        await self.drop(schema)
        began, events = time.monotonic(), 0
        async with self._in_schema(schema) as connection:
            async with connection.begin():
                await read_schemas.create(connection, schema, self._sides)
            for one in self._streams:
                events += await one.fill(connection, schema, places[one.stream], on_progress)
            loaded = time.monotonic()
            async with connection.begin():
                await read_schemas.finish(connection, schema, self._sides)
        seqs = {stream.name: place.seq for stream, place in places.items()}
        return Built(schema, seqs, events, loaded - began, time.monotonic() - loaded)

    async def _place(self, one: Source, until: int | None) -> Place:
        end = await one.log.end()
        if until is not None and until > end:
            raise PermanentError(f"The event log ends at sequence {end}: name that or one before", code="past_the_end")
        target = await self._target(one)
        limit = until or min(end, target.seq or end)
        return target if limit == target.seq else Place(limit)

    async def compare(self) -> Comparison:
        """The live tables and the next ones at one sequence. The projector waits while the snapshot is taken, not while
        it is read.
        """
        await self.require_live()
        async with self._engine.connect() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                async with self._alone() as writer:
                    seqs = await self._catch_up(writer, NEXT)
                    await read_checkpoint(connection)  # takes the snapshot
                return Comparison(seqs, tuple(await compare(connection, LIVE, NEXT, tables_of(self._sides))))

    async def swap(self, taking: str = NEXT) -> Swapped:
        """Put tables in the place of the live ones, which are kept as the ones before. Raises PermanentError when
        those tables are missing, are of another version, or are of another log.
        """
        async with self._engine.connect() as connection:
            if taking not in await read_schemas.find_schemas(connection):
                raise PermanentError("There are no tables to go back to", code="no_tables")
            if not await read_schemas.is_of_this_version(connection, taking, self._sides):
                raise PermanentError("These tables are of another version", code="other_version")
        async with self._in_schema(taking) as follower:
            for one in self._streams:
                await require_log_of_tables(follower, one.log, one.stream)
                await one.follow(follower, await self._target(one))
        async with self._alone() as connection:
            began = time.monotonic()
            seqs = await self._catch_up(connection, taking)
            async with connection.begin():
                # By way of a third name, because going back puts the live tables where the others were.
                await read_schemas.rename(connection, taking, f"{LIVE}_taking")
                if await read_schemas.has_live(connection):
                    # Those before go only if all of this comes to pass, and if others come after them.
                    await read_schemas.drop(connection, BEFORE)
                    await read_schemas.rename(connection, LIVE, BEFORE)
                await read_schemas.rename(connection, f"{LIVE}_taking", LIVE)
                for one in self._streams:
                    await connection.execute(announce(seqs[one.stream.name], one.stream))
            return Swapped(seqs, time.monotonic() - began)

    async def replace(self, aggregate_id: str, side: ReadSide = COURSE_SIDE) -> Replaced:
        """Build one aggregate's rows again in the live tables, in one transaction.

        It is as far as the tables are, so that the projector goes on with it like with the others.
        """
        await self.require_live()
        stream = next(one for one in self._streams if one.stream == side.aggregate.stream)
        async with self._alone() as connection:
            async with connection.begin():
                reached = await read_checkpoint(connection, stream.stream)
            recorded = await self._log.of(side.aggregate).read(aggregate_id, to_seq=reached)
            if not recorded:
                raise NotFound(f"There is no such {side.aggregate.prefix} in the log, as far as the tables are")
            fold, one_by_one = stream.projection.fold, stream.projection.fold_one_by_one
            try:
                await _replace(connection, side, aggregate_id, lambda: fold(connection, recorded))
            except DBAPIError as error:
                if not is_refusal(error):
                    raise
                await _replace(connection, side, aggregate_id, lambda: one_by_one(connection, recorded))
            async with connection.begin():
                return Replaced(len(recorded), tuple(await read_defects(connection, aggregate_id, side.defects)))

    async def has_live(self) -> bool:
        """Whether there are live tables."""
        async with self._engine.connect() as connection:
            return await read_schemas.has_live(connection)

    async def require_live(self) -> None:
        """Raise PermanentError when there are no live tables."""
        if not await self.has_live():
            message = "There are no live read tables; `coursewright replay` without further options makes them"
            raise PermanentError(message, code="no_tables")

    async def _target(self, one: Source) -> Place:
        """How far tables of a stream have to be to take the live name: as far as the live ones, or, where those are
        gone or of another log, to the log's end, because nobody else would bring them there.
        """
        if not await self.has_live():
            return Place(await one.log.end())
        try:
            async with self._engine.connect() as connection:
                return await require_log_of_tables(connection, one.log, one.stream)
        except OtherLog:
            return Place(await one.log.end())

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

    async def _catch_up(self, connection: AsyncConnection, schema: str) -> Seqs:
        """Bring tables to where the live ones are, on the connection that keeps those where they are; how far they are
        then, which is further than live ones that were emptied.
        """
        await read_schemas.in_schema(connection, schema)
        seqs = {one.stream.name: await one.follow(connection, await self._target(one)) for one in self._streams}
        await read_schemas.in_schema(connection, LIVE)
        return seqs


async def _replace(
    connection: AsyncConnection, side: ReadSide, aggregate_id: str, fold: Callable[[], Awaitable[None]]
) -> None:
    async with connection.begin():
        await delete_rows(connection, side, aggregate_id)
        await fold()
