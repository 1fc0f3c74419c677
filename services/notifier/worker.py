"""The notifier at work: it hears the log, writes down what to tell, tells it, and does what is due by the clock.

One process leads for a whole cluster: it holds an advisory lock on the connection that it writes notices with, and one
that is frozen loses the lock. A notice is stored with the place up to which the log was heard, in one transaction.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.notifier import store
from services.notifier.channels import Channel
from services.notifier.core import BY, Next, disk_alarm, due_tasks, follow_up, last_day, notice_of
from services.notifier.store import Due
from services.notifier.wording import words_of
from shared.classroom.contents import CONTENT_SIDE, content_tasks, contents
from shared.engine.model.traces import CallTraces
from shared.event_log.following import FollowedLog
from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.events import Event
from shared.events.notifier import DayClosed
from shared.events.registry import CLASSROOM, DAY
from shared.kernel.beside import beside
from shared.kernel.errors import Conflict, CoursewrightError
from shared.kernel.ids import event_id, new_id
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.refusals import Same
from shared.kernel.tracing import current_traceparent
from shared.kernel.work import end_if_cancelled
from shared.readmodels.checkpoint import Place, place_of
from shared.readmodels.projected import Projected
from shared.readmodels.provenance import OtherLog, require_place
from shared.readmodels.repeating import repeat
from shared.readmodels.silence import end_silent_holder, ended_when_silent
from shared.readmodels.writing import Writing

log = structlog.get_logger(__name__)

_AGAIN_SECONDS = 1.0
_PROJECTION_SECONDS = 1.0
_SETTLING_SECONDS = 5.0  # a sender that is silent for longer than an attempt and this is taken for dead
_FORGET_EVERY_SECONDS = 3600.0
_SOURCE = f"coursewright/{BY}"
_LOCK = 0x636F_7572_7365_0006  # services/gateway/database/locks.py has the others
_LEADS = select(func.pg_try_advisory_lock(_LOCK))


@dataclass(frozen=True)
class Habits:
    """`schedule` in seconds between attempts; `disk`: the room that each folder is to have, in bytes."""

    schedule: Sequence[float]
    due_seconds: float
    daily_hour: int
    disk: Mapping[str, int]
    trace_days: int


class _Decisions:
    """See writing.Decisions. A command is a time: what is due by then."""

    def is_there(self, owner: str | None, state: Any, command: datetime) -> bool:
        return True

    def decide(self, state: Any, command: datetime) -> tuple[Event, ...] | Same:
        return due_tasks(state, command) or Same()

    async def plan(
        self, state: Any, decision: Sequence[Event], command_id: str, source: str, traceparent: str
    ) -> list[NewEvent]:
        return [_new(event, command_id) for event in decision]

    def task_of(self, events: Sequence[NewEvent | Recorded]) -> str | None:
        return None


class Notifier:
    """`run()` never returns by itself."""

    def __init__(
        self, log: FollowedLog, engine: AsyncEngine, projected: Projected, channels: Mapping[str, Channel],
        traces: CallTraces, habits: Habits, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:  # fmt: skip
        self._log, self._engine, self._projected = log, engine, projected
        self._channels, self._traces, self._habits, self._clock = channels, traces, habits, clock
        self._writing = Writing(
            engine, log, CONTENT_SIDE, _Decisions(), projected, wait_seconds=_PROJECTION_SECONDS, by=BY
        )
        self._stirred = {name: asyncio.Event() for name in channels}
        self._closed = ""
        self.leads = False  # and hears what happens from now on

    async def run(self) -> None:
        """Work until cancelled."""
        await repeat("notifier", self._stand_by, _AGAIN_SECONDS, CoursewrightError)

    async def _stand_by(self) -> None:
        async with self._engine.connect() as connection, ended_when_silent(connection):
            while not await _ask(connection, _LEADS):
                await end_silent_holder(connection, _LOCK)
                await asyncio.sleep(_AGAIN_SECONDS)
            log.info("notifier_leads")
            place = await self._find_place(connection)  # first: what its own works add to the log is to be heard
            works: list[Callable[[], Awaitable[None]]] = [
                *(partial(self._tell, name) for name in self._channels),
                partial(_regularly, self.look, self._habits.due_seconds),
                partial(_regularly, self._forget, _FORGET_EVERY_SECONDS),
            ]
            async with beside(*(repeat("notifier", work, _AGAIN_SECONDS, CoursewrightError) for work in works)):
                try:
                    await self._hear(connection, place)
                finally:
                    self.leads = False

    async def _find_place(self, connection: AsyncConnection) -> Place:
        """Where the log was heard up to; its end when it was never heard, or is another one."""
        async with connection.begin():
            place = await store.read_place(connection, CLASSROOM)
        try:
            await require_place(self._log, place or Place())
        except OtherLog as error:
            log.error("notifier_begins_anew", detail=str(error))  # noqa: TRY400 - what it says is all there is
            place = None
        if place is None:
            place = Place(await self._log.end())
            async with connection.begin():
                await store.record(connection, CLASSROOM, place, (), {})
        return place

    async def _hear(self, connection: AsyncConnection, place: Place) -> None:
        self.leads = True
        async for batch in self._log.follow(place.seq + 1):
            if batch:
                await self._record(connection, batch)
            else:
                await _ask(connection, select(1))  # a lost connection is a lost lock

    async def _record(self, connection: AsyncConnection, batch: Sequence[Recorded | Unreadable]) -> None:
        reached(KillPoint.message_received, BY)
        now = self._clock()
        found = [notice_of(one, now) for one in batch if isinstance(one, Recorded)]
        # The words are read from the tables.
        while not await self._projected.wait(batch[-1].seq, _PROJECTION_SECONDS):
            await _ask(connection, select(1))
        topics = {name: set[str](channel.topics) for name, channel in self._channels.items()}
        async with connection.begin():
            told = [one for one in found if one is not None]
            await store.record(connection, CLASSROOM, place_of(batch[-1]), told, topics)
            reached(KillPoint.before_commit, BY)
        reached(KillPoint.after_commit, BY)
        for stirred in self._stirred.values():
            stirred.set()

    async def _tell(self, name: str) -> None:
        """Send what is due over one channel, one message after the other."""
        lease_seconds = self._channels[name].attempt_seconds + _SETTLING_SECONDS
        while True:
            async with self._engine.begin() as connection:
                for lost in await store.end_unclear(connection):
                    log.error("notice_unclear", event_id=lost)
                due = await store.take_due(connection, name, lease_seconds)
            if due is not None:
                await self._send(self._channels[name], due)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_AGAIN_SECONDS):
                    await self._stirred[name].wait()
            self._stirred[name].clear()

    async def _send(self, channel: Channel, due: Due) -> None:
        async with self._engine.connect() as connection:
            words = await words_of(connection, due)
        if words is None:
            await self._settle(due, Next("void"), "nothing to tell")
            return
        reached(KillPoint.effect_half_done, BY)
        outcome = await channel.send(due, words, partial(self._mark, due))
        reached(KillPoint.answer_received, BY)
        after = follow_up(outcome, due.attempts + 1, self._habits.schedule)
        await self._settle(due, after, outcome.answered.error or str(outcome.answered.status))

    async def _mark(self, due: Due) -> None:
        async with self._engine.begin() as connection:
            await store.mark(connection, due)

    async def _settle(self, due: Due, after: Next, error: str) -> None:
        async with self._engine.begin() as connection:
            settled = await store.settle(connection, due, after, "" if after.status == "sent" else error)
        reached(KillPoint.answer_stored, BY)
        said = log.error if after.status in {"dead", "unclear"} else log.info
        said(
            "notice_attempt", kind=due.kind, event_id=due.event_id, channel=due.channel, attempt=due.attempts + 1,
            result=after.status if settled else "overtaken", answer=error,
        )  # fmt: skip

    async def look(self) -> None:
        """Do what is due by the clock: each part once in the cluster, because the log or a row says whether it was."""
        now = self._clock()
        disks = (partial(self._look_at_disk, folder, limit, now) for folder, limit in self._habits.disk.items())
        await _each((partial(self._open_tasks, now), partial(self._close_day, now), *disks))

    async def _open_tasks(self, now: datetime) -> None:
        task = content_tasks.c
        due = (
            select(task.content_id)
            .distinct()
            .join(contents, contents.c.content_id == task.content_id)
            .where(task.scheduled_publish_at <= now, task.status == "published", ~task.deleted, ~contents.c.hidden)
        )
        async with self._engine.connect() as connection:
            ids = list(await connection.scalars(due))
        trace = current_traceparent()
        await _each(partial(self._writing.execute, "", one, now, new_id(), traceparent=trace) for one in ids)

    async def _close_day(self, now: datetime) -> None:
        closing = last_day(now, self._habits.daily_hour)
        day = closing.isoformat()
        if day == self._closed or not await self._log.end():  # nobody has used the classroom yet
            return
        days = self._log.of(DAY)
        if not await days.last_seq(day):
            await self._traces.gather(closing)
            calls = await self._traces.count(closing)
            with suppress(Conflict):  # another notifier, which led a moment ago, was first
                await days.append([_new(DayClosed(day_id=day, model_calls=calls), day)], 0)
        self._closed = day

    async def _look_at_disk(self, folder: str, limit: int, now: datetime) -> None:
        free = shutil.disk_usage(folder).free
        async with self._engine.begin() as connection:
            was_raised = await store.is_raised(connection, folder)
            raised = disk_alarm(free, limit, is_raised=was_raised)
            if raised and not was_raised:
                alerted = [name for name, one in self._channels.items() if "alerts" in one.topics]
                await store.raise_alarm(connection, folder, free, now, alerted)
                log.error("disk_low", folder=folder, free_bytes=free, limit_bytes=limit)
            elif was_raised and not raised:
                await store.take_back_alarm(connection, folder)
                log.info("disk_has_room", folder=folder, free_bytes=free)

    async def _forget(self) -> None:
        closed = last_day(self._clock(), self._habits.daily_hour)
        await self._traces.gather(closed)  # what came late
        await self._traces.sweep(closed - timedelta(days=self._habits.trace_days))
        async with self._engine.begin() as connection:
            await store.forget_old(connection)


def _new(event: Event, command_id: str) -> NewEvent:
    made = event_id(command_id, type(event).__name__, event.natural_key())
    return NewEvent(event, made, _SOURCE, command_id, command_id, current_traceparent())


async def _ask(connection: AsyncConnection, question: Select[Any]) -> bool:
    async with connection.begin():
        return bool(await connection.scalar(question))


async def _each(works: Iterable[Callable[[], Awaitable[Any]]]) -> None:
    """One after the other. What fails keeps no other waiting; then the first error is raised."""
    failed: list[Exception] = []
    for work in works:
        try:
            await work()
        except Exception as error:  # noqa: BLE001 - raised below
            end_if_cancelled()
            failed.append(error)
    if failed:
        raise failed[0]


async def _regularly(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    while True:
        await work()
        await asyncio.sleep(seconds)
