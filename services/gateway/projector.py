"""The projector: follows the log, folds it into the read tables, and drives courses that run unattended.

One is active at a time, by an advisory lock held on the very connection it writes with: who loses the lock cannot
write. Rows and checkpoint move in one transaction, so a crash repeats a batch or does not, and a batch that is
repeated changes nothing.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from pydantic import BaseModel, ValidationError
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.gateway.chores import Chores
from services.gateway.evolve import evolve
from services.gateway.readmodels import checkpoint, course_tasks, courses, erasures
from services.gateway.readmodels.base import Fact, Writes
from services.gateway.readmodels.payloads import needed
from services.gateway.readmodels.registry import PROJECTIONS
from services.gateway.state import CourseState
from shared.blobs import Blobs
from shared.errors import NotFound, TransientError
from shared.event_log.port import EventLog, Recorded, Unreadable
from shared.events import BlobRef

log = structlog.get_logger(__name__)

LOCK_ID = 0x636F_7572_7365_0001
_RETRY_SECONDS = 0.5
_STANDBY_SECONDS = 1.0
_BLOBS_AT_ONCE = 16


class Projector:
    """`run()` never returns by itself: it waits for the lock, leads, and starts over when a server goes away."""

    def __init__(
        self, engine: AsyncEngine, log: EventLog, blobs: Blobs, *, retry_seconds: float = _RETRY_SECONDS
    ) -> None:
        self._engine = engine
        self._log = log
        self._blobs = blobs
        self._retry_seconds = retry_seconds
        self._chores = Chores(engine, log, blobs)
        self._fetching = asyncio.Semaphore(_BLOBS_AT_ONCE)

    async def run(self) -> None:
        """Project until cancelled."""
        while True:
            try:
                await self._stand_by()
            except (SQLAlchemyError, OSError, TransientError) as error:
                log.warning("projector_interrupted", error=type(error).__name__, detail=str(error)[:300])
            except Exception:  # the boundary of the process's one loop: it starts over from the checkpoint
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise  # a client that is being closed may answer a cancellation with an error of its own
                log.exception("projector_failed")
            await asyncio.sleep(self._retry_seconds)

    async def _stand_by(self) -> None:
        async with self._engine.connect() as connection:
            try:
                # Asked for, not waited for: a waiting statement would look like a hanging one.
                while not await _try_lock(connection):  # noqa: ASYNC110
                    await asyncio.sleep(_STANDBY_SECONDS)
                await self._lead(connection)
            finally:
                # A pooled connection would keep the lock; one that is thrown away cannot.
                await connection.invalidate()

    async def _lead(self, connection: AsyncConnection) -> None:
        async with connection.begin():
            seq = await checkpoint.read_checkpoint(connection)
        log.info("projector_leads", seq=seq)
        chores = asyncio.create_task(self._chores.run())
        try:
            async for batch in self._log.follow(seq + 1):
                if batch:
                    await self.apply(connection, batch)
                    self._chores.wake()
                else:
                    await _check(connection)
                if chores.done():
                    chores.result()
        finally:
            chores.cancel()
            await asyncio.gather(chores, return_exceptions=True)

    async def apply(self, connection: AsyncConnection, batch: Sequence[Recorded | Unreadable]) -> None:
        """Project one batch in one transaction. Events a course has seen already are passed over."""
        events = [item for item in batch if isinstance(item, Recorded)]
        for item in batch:
            if isinstance(item, Unreadable):
                log.error("event_unreadable", seq=item.seq, subject=item.subject, reason=item.reason)
        async with connection.begin():
            states = await courses.load_states(connection, sorted({item.event.course_id for item in events}))
        facts: list[Fact] = []
        for item in events:
            before = states.get(item.event.course_id, CourseState())
            after = evolve(before, item)
            if after is not before and after.created_at is not None:
                states[item.event.course_id] = after
                facts.append(Fact(item, after))
        gone = sorted(course_id for course_id, state in states.items() if state.deleted)
        facts = [fact for fact in facts if fact.course_id not in gone]
        payloads = await self._fetch(facts)
        touched = sorted({fact.course_id for fact in facts})
        live = [states[course_id] for course_id in touched]
        async with connection.begin():
            await _execute(connection, (*courses.save(live), *course_tasks.save(live)))
            for fact in facts:
                await _project(connection, Fact(fact.recorded, fact.state, payloads))
            await _execute(connection, (*courses.remove(gone), *erasures.request(gone)))
            await _execute(connection, checkpoint.advance(batch[-1].seq))

    async def _fetch(self, facts: Sequence[Fact]) -> Mapping[str, BaseModel | None]:
        wanted = {ref.key: (ref, model) for fact in facts for ref, model in needed(fact.recorded.event, fact.state)}
        fetched = await asyncio.gather(*(self._load(ref, model) for ref, model in wanted.values()))
        return dict(zip(wanted, fetched, strict=True))

    async def _load(self, ref: BlobRef, model: type[BaseModel]) -> BaseModel | None:
        async with self._fetching:
            try:
                return await self._blobs.get_model(ref, model)
            except NotFound:
                # Ordinary in a rebuild: the course was deleted later on, and its blobs with it.
                log.warning("blob_missing", key=ref.key)
            except ValidationError as error:
                log.error("blob_unreadable", key=ref.key, errors=error.error_count())  # noqa: TRY400 - no contents in logs
            return None


async def _try_lock(connection: AsyncConnection) -> bool:
    async with connection.begin():
        return bool(await connection.scalar(select(func.pg_try_advisory_lock(LOCK_ID))))


async def _check(connection: AsyncConnection) -> None:
    """Notice a lost connection, and with it a lost lock, while nothing happens."""
    async with connection.begin():
        await connection.execute(select(1))


async def _project(connection: AsyncConnection, fact: Fact) -> None:
    """The rows of one fact. One that cannot be made or stored is logged and passed over: it must not stop others."""
    about = {"seq": fact.recorded.seq, "course_id": fact.course_id, "type": type(fact.recorded.event).__name__}
    try:
        writes = tuple(write for project in PROJECTIONS for write in project(fact))
    except Exception:  # the boundary of a projection: it is pure, so the same fact would fail for ever
        log.exception("projection_defect", **about)
        return
    if not writes:
        return
    try:
        async with connection.begin_nested():
            await _execute(connection, writes)
    except DBAPIError as error:
        if error.connection_invalidated:
            raise
        log.error("projection_refused", **about, error=str(error.orig)[:300])  # noqa: TRY400 - no contents in logs


async def _execute(connection: AsyncConnection, writes: Writes) -> None:
    for write in writes:
        if write.rows is None:
            await connection.execute(write.statement)
        else:
            await connection.execute(write.statement, [_storable(row) for row in write.rows])


def _storable(value: Any) -> Any:
    """PostgreSQL stores every character but NUL, which a document may well hold."""
    match value:
        case str():
            return value.replace("\x00", "\ufffd") if "\x00" in value else value
        case dict():
            return {name: _storable(item) for name, item in value.items()}
        case list():
            return [_storable(item) for item in value]
        case _:
            return value
