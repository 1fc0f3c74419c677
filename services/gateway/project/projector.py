"""The projector: follows the log, folds it into the read tables, drives unattended courses, and erases deleted ones.

One is active at a time, by an advisory lock held on the very connection it writes with: who loses the lock cannot
write, and who stands still loses it (`silence`). Rows and checkpoint move in one transaction, so a crash repeats a
batch or does not, and a batch that is repeated changes nothing.
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

from services.gateway.course.product import Product
from services.gateway.database.locks import PROJECTOR
from services.gateway.database.silence import end_silent_holder, ended_when_silent
from services.gateway.project.chores import Chores
from services.gateway.project.projection import Projection, TablesChanged
from services.gateway.readmodels.checkpoint import Place, place_of, read_checkpoint
from services.gateway.readmodels.provenance import OtherLog, require_log_of_tables, require_place
from services.gateway.stages.product import PRODUCT
from shared.blobs import Blobs
from shared.errors import LogUnavailable, TransientError
from shared.event_log.port import EventLog, Recorded
from shared.logging import error_facts
from shared.work import end_if_cancelled

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

    `observe` is told of each batch's events once their rows are committed.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        log: EventLog,
        blobs: Blobs,
        besides: Sequence[Beside] = (),
        *,
        observe: Callable[[Sequence[Recorded]], None] = lambda _: None,
        retry_seconds: float = _RETRY_SECONDS,
        product: Product = PRODUCT,
    ) -> None:
        self._engine = engine
        self._log = log
        self._projection = Projection(blobs, product=product)
        self._observe = observe
        self._retry_seconds = retry_seconds
        self._chores = Chores(engine, log, blobs, product)
        self._besides = besides

    async def run(self) -> None:
        """Project until cancelled."""
        while True:
            try:
                await self._stand_by()
            except TablesChanged as change:
                log.info("projector_starts_over", detail=str(change))
                continue
            except OtherLog as error:
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
            while not await _try_lock(connection):
                await end_silent_holder(connection, PROJECTOR)
                await asyncio.sleep(_STANDBY_SECONDS)
            await self._lead(connection)

    async def _lead(self, connection: AsyncConnection) -> None:
        place = await require_log_of_tables(connection, self._log)
        looked = time.monotonic()
        log.info("projector_leads", seq=place.seq)
        # Beside each other, because a lasting trouble of one must not hold up the other.
        besides = [asyncio.create_task(one.run()) for one in (self._chores, *self._besides)]
        try:
            async for batch in self._log.follow(place.seq + 1):
                if time.monotonic() - looked >= _LOOK_SECONDS:
                    await self._look(connection, place)
                    looked = time.monotonic()
                if batch:
                    await self._projection.apply(connection, batch, after=place.seq)
                    place = place_of(batch[-1])
                    self._observe([item for item in batch if isinstance(item, Recorded)])
                    self._chores.wake()
                for task in besides:
                    if task.done():
                        task.result()
        finally:
            for task in besides:
                task.cancel()
            await asyncio.gather(*besides, return_exceptions=True)

    async def _look(self, connection: AsyncConnection, place: Place) -> None:
        """Notice a lost connection, and with it a lost lock, while nothing happens; tables that were put back; and a
        log that was. A log that is silent is waited for, here as by who follows it.
        """
        async with connection.begin():
            reached = await read_checkpoint(connection)
        if reached < place.seq:
            raise TablesChanged(f"The tables are at {reached}, not at {place.seq}")
        with contextlib.suppress(LogUnavailable):
            await require_place(self._log, place)
        end_if_cancelled()


async def _try_lock(connection: AsyncConnection) -> bool:
    async with connection.begin():
        return bool(await connection.scalar(select(func.pg_try_advisory_lock(PROJECTOR))))
