"""Event streams of courses. However many clients follow, a process reads each batch once and tells it to all."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any

import structlog
from fastapi.sse import KEEPALIVE_COMMENT
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.api.channel import Channel, Follower
from services.gateway.api.course_channel import CourseChannel
from services.gateway.api.making_channel import MakingChannel
from services.gateway.api.owner_channel import OwnerChannel
from services.gateway.api.progress import ProgressFeed
from services.gateway.api.waking import Waker
from services.gateway.readmodels.course_tasks import find_tasks_of
from services.gateway.readmodels.courses import count_of, find_changed, find_changed_of, list_ids
from shared.event_log.port import EventLog
from shared.kernel.beside import beside
from shared.kernel.blobs import Blobs
from shared.kernel.errors import CoursewrightError
from shared.kernel.logging import error_facts
from shared.kernel.refusals import Refusal, Refused
from shared.kernel.work import end_if_cancelled
from shared.pipeline import Pipeline
from shared.readmodels.projected import Projected

log = structlog.get_logger(__name__)

_LOOK_SECONDS = 1.0
_SESSIONS_SECONDS = 2.0
_AGAIN_SECONDS = 1.0
_LINGER_SECONDS = 5.0  # a course nobody follows any more is kept at hand for those who come again
_READS_AT_ONCE = 8
_RETRY_AFTER_SECONDS = 5

_Key = tuple[str, str | None, type[Channel]]  # an owner, one course or all, and what is told of it
_Update = Callable[[], Awaitable[None]]
Ended = Callable[[Collection[str]], Awaitable[Collection[str]]]


class CourseStreams:
    """A course that is followed is a channel, and all courses of an owner together are one. One loop looks after all of
    them while there are any: with one connection to the database for all, and one read of the log for each course that
    has changed. `ended` tells which of some sessions are over.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        event_log: EventLog,
        projected: Projected,
        feed: ProgressFeed,
        limit: int,
        pipeline: Pipeline,
        blobs: Blobs,
        ended: Ended | None = None,
    ) -> None:
        # Courses and lists of them are read as of one moment: else a fact could be told after a later one.
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ")
        self._log, self._projected, self._feed = event_log, projected, feed
        self._limit, self._pipeline, self._blobs, self._ended = limit, pipeline, blobs, ended
        self._waker = Waker()
        self._channels: dict[_Key, Channel] = {}
        self._asked = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._ended_at = 0.0
        self.clients = 0  # how many follow a course

    async def open(self, owner: str, course_id: str | None, kind: type[Channel] = Channel) -> Channel:
        """The owner's course, or all of them; as a MakingChannel where that is asked for. Raises NotFound,
        TablesFilling, what the database raises, and Refused when too many follow.
        """
        self._projected.require_filled()
        if self.clients >= self._limit:
            detail = "Too many event streams are open; try again soon, or ask for the status now and then"
            raise Refused(Refusal(503, "too_many_streams", detail, retry_after_seconds=_RETRY_AFTER_SECONDS))
        key = owner, course_id, kind
        channel = self._channels.get(key)
        if channel is None or channel.is_over:
            channel = self._channels[key] = self._channel(owner, course_id, kind)
            self._asked.set()
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        await asyncio.shield(channel.loaded)
        return channel

    def _channel(self, owner: str, course_id: str | None, kind: type[Channel]) -> Channel:
        if course_id is None:
            return OwnerChannel(owner, self._log, self._feed, self._waker, self._pipeline, self._find_changed)
        if kind is MakingChannel:
            about = self._log, self._feed, self._waker, self._pipeline, self._blobs
            return MakingChannel(owner, course_id, *about)
        return CourseChannel(owner, course_id, self._log, self._feed, self._waker, self._pipeline)

    async def _find_changed(self, owner: str, after: int) -> Sequence[Row[Any]]:
        async with self._engine.connect() as connection:
            return (await find_changed_of(connection, {owner: after})).get(owner, ())

    async def follow(
        self,
        channel: Channel,
        after: int | None,
        *,
        seconds: float,
        heartbeat_seconds: float,
        session: str | None = None,
    ) -> AsyncGenerator[bytes, None]:
        """Messages for one client: the course as it is, facts after `after`, and what comes, for so many seconds.

        A client that is left behind is not told the rest: it comes again with the id it has seen last.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        follower = channel.enter(after, session)
        self.clients += 1
        try:
            # Only a first snapshot has an id: on a resumed stream it would skip the facts still to come.
            yield channel.snapshot(follower.seq if after is None else None)
            async for page in self._missed(channel, follower):
                yield page
            while (left := deadline - asyncio.get_running_loop().time()) > 0 and not channel.is_behind(follower):
                follower.awake.clear()
                if follower.is_over:
                    return
                news = channel.news(follower)
                if news:
                    yield news
                elif channel.is_over:
                    return
                elif not await _wait(follower.awake, min(left, heartbeat_seconds)):
                    yield KEEPALIVE_COMMENT
        except CoursewrightError as error:  # the answer has begun: all it can do is end
            log.warning("stream_interrupted", **error_facts(error))
        finally:
            self.clients -= 1
            channel.leave(follower)

    async def _missed(self, channel: Channel, follower: Follower) -> AsyncIterator[bytes]:
        has_missed = channel.is_behind(follower)
        while channel.is_behind(follower):
            page = await channel.missed(follower)
            if page:
                yield page
        if has_missed:
            yield channel.snapshot()

    def end(self) -> None:
        """End all streams: the process stops."""
        for channel in self._channels.values():
            channel.end()

    async def close(self) -> None:
        """End the loop, too."""
        self.end()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)

    async def _look(self) -> None:
        waking = asyncio.create_task(self._waker.run())
        try:
            while self._channels:
                self._asked.clear()
                seen = self._projected.seq
                if await self._try_round():
                    await self._wait_for_news(seen)
                else:
                    await asyncio.sleep(_AGAIN_SECONDS)
                self._forget()
        finally:
            waking.cancel()
            self._looking = None

    async def _wait_for_news(self, seen: int) -> None:
        async with beside(self._projected.hear(seen + 1, _LOOK_SECONDS), self._asked.wait()) as news:
            await asyncio.wait(news, return_when=asyncio.FIRST_COMPLETED)

    def _forget(self) -> None:
        """Courses nobody follows any more."""
        now = asyncio.get_running_loop().time()
        for key, channel in list(self._channels.items()):
            is_waited_for = channel.followers or not channel.loaded.done()
            if not is_waited_for and (channel.is_over or now - channel.left_at > _LINGER_SECONDS):
                channel.end()
                del self._channels[key]

    async def _try_round(self) -> bool:
        """A round; False when no course could be looked at. Clients that follow wait for the next one, those that come
        are told.
        """
        try:
            await self._round()
            return True
        except Exception as error:  # noqa: BLE001 - the boundary of this loop, which all streams hang on
            _report(error)
            for channel in list(self._channels.values()):
                self._refuse_waiting(channel, error)
        end_if_cancelled()
        return False

    def _refuse_waiting(self, channel: Channel, error: Exception) -> None:
        """To those that wait for the first reading."""
        if not channel.loaded.done():
            channel.refuse(error)

    async def _leave_ended(self) -> None:
        """Clients whose session is over, also those that nothing is told."""
        now = asyncio.get_running_loop().time()
        if self._ended is None or now - self._ended_at < _SESSIONS_SECONDS:
            return
        self._ended_at = now
        by_session = [one for channel in self._channels.values() for one in channel.followers if one.session]
        over = await self._ended({one.session for one in by_session if one.session}) if by_session else ()
        for follower in by_session:
            if follower.session in over:
                follower.is_over = True
                self._waker.wake(follower)

    async def _round(self) -> None:
        await self._leave_ended()
        now = asyncio.get_running_loop().time()
        due = [one for one in self._channels.values() if not one.is_over and one.again_at <= now]
        updates = await self._updates(due)
        at_once = asyncio.Semaphore(_READS_AT_ONCE)

        async def update(channel: Channel) -> None:
            async with at_once:
                try:
                    await updates[channel]()
                except Exception as error:  # noqa: BLE001 - the boundary of one channel
                    _report(error)
                    channel.again_at = asyncio.get_running_loop().time() + _AGAIN_SECONDS
                    self._refuse_waiting(channel, error)

        await asyncio.gather(*map(update, updates))

    async def _updates(self, due: Sequence[Channel]) -> dict[Channel, _Update]:
        """The channels that have news, and how they take it in."""
        courses: dict[tuple[str, str], list[CourseChannel]] = {}
        for one in due:
            if isinstance(one, CourseChannel):
                courses.setdefault((one.owner, one.course_id), []).append(one)
        owners = {one.owner: one for one in due if isinstance(one, OwnerChannel)}
        async with self._engine.connect() as connection:
            found = await find_changed(
                connection, {key: min(one.seq for one in those) for key, those in courses.items()}
            )
            there = [key for key, course in found.items() if course is not None]
            tasks = await find_tasks_of(connection, there) if there else {}
            changed = await find_changed_of(connection, {one.owner: one.told for one in owners.values()})
            counts = await count_of(connection, list(owners))
            # The ids are read only where there are fewer courses than are known.
            fewer = [one for one, channel in owners.items() if channel.known(changed.get(one, ())) > counts.get(one, 0)]
            listed = await list_ids(connection, fewer)
        updates: dict[Channel, _Update] = {
            one: partial(one.update, course, tasks.get(key[1], {}))
            for key, course in found.items()
            for one in courses[key]
            if course is None or one.seq < course.seq
        }
        for owner, channel in owners.items():
            updates[channel] = partial(
                channel.update, changed.get(owner, ()), listed.get(owner, ()) if owner in fewer else None
            )
        return updates


def _report(error: Exception) -> None:
    if isinstance(error, SQLAlchemyError | OSError | CoursewrightError):
        log.warning("streams_interrupted", **error_facts(error))
    else:
        log.error("streams_failed", exc_info=error)


async def _wait(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
