"""The projector of a stream: it follows the log and folds the events into the read tables.

One projector is active for each stream. It holds an advisory lock on the connection that it writes with, so a projector
that has lost the lock cannot write. A projector that is frozen loses the lock (`silence`). Rows and checkpoint change
in one transaction. A crash may repeat a batch, and a repeated batch changes nothing.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.gateway.database.locks import projector_of
from services.gateway.project.projection import Projection, TablesChanged
from services.gateway.readmodels.registry import SIDES
from shared.event_log.following import FollowedLog
from shared.event_log.port import Recorded
from shared.kernel.beside import beside
from shared.kernel.blobs import Blobs
from shared.kernel.errors import LogUnavailable, TransientError
from shared.kernel.logging import error_facts
from shared.kernel.work import end_if_cancelled
from shared.readmodels.checkpoint import Place, advance, place_of, read_checkpoint
from shared.readmodels.columns import TablesOfBefore, require_columns
from shared.readmodels.provenance import OtherLog, require_log_of_tables, require_place
from shared.readmodels.side import Sides
from shared.readmodels.silence import end_silent_holder, ended_when_silent

log = structlog.get_logger(__name__)

_RETRY_SECONDS = 0.5
_STANDBY_SECONDS = 1.0
_LOOK_SECONDS = 1.0


class Beside(Protocol):
    """Work that the one active projector's process does beside projecting."""

    async def run(self) -> None:
        """Until cancelled."""
        ...


class Projector:
    """`run()` never returns by itself: it waits for the lock, leads, and starts over when a server goes away.

    `sides`: those of the stream. `observe` is told of each batch's events once their rows are committed.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        log: FollowedLog,
        blobs: Blobs,
        besides: Sequence[Beside] = (),
        *,
        sides: Sides = SIDES,
        observe: Callable[[Sequence[Recorded]], None] = lambda _: None,
        retry_seconds: float = _RETRY_SECONDS,
    ) -> None:
        self._engine = engine
        self._log = log
        self._sides = sides
        self._projection = Projection(blobs, sides)
        self._stream = sides[0].aggregate.stream
        self._lock = projector_of(self._stream)
        self._observe = observe
        self._retry_seconds = retry_seconds
        self._besides = besides

    async def run(self) -> None:
        """Project until cancelled."""
        while True:
            try:
                await self._stand_by()
            except TablesChanged as change:
                log.info("projector_starts_over", detail=str(change))
                continue
            except (OtherLog, TablesOfBefore) as error:
                log.error("projector_refuses", detail=str(error))  # noqa: TRY400 - what it says is all there is
            except (SQLAlchemyError, OSError, TransientError) as error:
                log.warning("projector_interrupted", **error_facts(error))
            except Exception:  # the boundary of the process's one loop: it starts over from the checkpoint
                end_if_cancelled()
                log.exception("projector_failed")
            end_if_cancelled()
            await asyncio.sleep(self._retry_seconds)

    async def _stand_by(self) -> None:
        async with self._engine.connect() as connection, ended_when_silent(connection):
            # Asked for, not waited for: a waiting statement would look like a hanging one.
            while not await self._try_lock(connection):
                await end_silent_holder(connection, self._lock)
                await asyncio.sleep(_STANDBY_SECONDS)
            await self._lead(connection)

    async def _lead(self, connection: AsyncConnection) -> None:
        await require_columns(connection, self._sides)
        place = await require_log_of_tables(connection, self._log, self._stream)
        # How far empty tables have to come is for a server that starts meanwhile, too; of an empty stream, nowhere.
        if not place.seq and (end := await self._log.end()):
            async with connection.begin():
                await connection.execute(advance(Place(filled_at=end), self._stream))
        looked = time.monotonic()
        log.info("projector_leads", stream=self._stream.name, seq=place.seq)
        # Beside each other, because a lasting trouble of one must not hold up the other.
        async with beside(*(one.run() for one in self._besides)) as besides:
            async for batch in self._log.follow(place.seq + 1):
                if time.monotonic() - looked >= _LOOK_SECONDS:
                    await self._look(connection, place)
                    looked = time.monotonic()
                if batch:
                    await self._projection.apply(connection, batch, after=place.seq)
                    place = place_of(batch[-1])
                    self._observe([item for item in batch if isinstance(item, Recorded)])
                for task in besides:
                    if task.done():
                        task.result()

    async def _look(self, connection: AsyncConnection, place: Place) -> None:
        """Notice a lost connection, and with it a lost lock, while nothing happens; tables that were put back; and a
        log that was. A log that is silent is waited for, here and by `follow`.
        """
        async with connection.begin():
            reached = await read_checkpoint(connection, self._stream)
        if reached < place.seq:
            raise TablesChanged(f"The tables are at {reached}, not at {place.seq}")
        with contextlib.suppress(LogUnavailable):
            await require_place(self._log, place)
        end_if_cancelled()

    async def _try_lock(self, connection: AsyncConnection) -> bool:
        async with connection.begin():
            return bool(await connection.scalar(select(func.pg_try_advisory_lock(self._lock))))
