"""A channel: what is read once is made into messages once, and each client that follows is told it."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Sequence

from fastapi.sse import format_sse_event

from services.gateway.api.progress import Progress, ProgressFeed
from services.gateway.api.waking import Waker
from services.gateway.fold.facts import shown_fact
from shared.event_log.port import EventLog, Recorded
from shared.pipeline import Pipeline

# A client that is behind by more than this is left; it comes again with the id it has seen last.
_KEPT_BYTES = 256 * 1024
_RENDERED_AT_ONCE = 100


Message = tuple[int, bytes]  # a fact's sequence, and how it is sent


class Follower:
    """One client. `seq` is the last fact it was given, `told` the number of the last word that is no fact. One that
    came by a `session` is left when that is over.
    """

    def __init__(self, seq: int, told: int, session: str | None) -> None:
        self.awake = asyncio.Event()
        self.seq = seq
        self.told = told
        self.session = session
        self.is_over = False


class Channel(ABC):
    """Facts after `since` are kept, up to `told`, the last one told. Of everything else, such as a snapshot or a
    worker's step, only the latest word counts, so a client that was busy gets that alone.
    """

    def __init__(self, owner: str, log: EventLog, feed: ProgressFeed, waker: Waker, pipeline: Pipeline) -> None:
        self.owner = owner
        self.loaded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.loaded.add_done_callback(lambda done: done.cancelled() or done.exception())  # perhaps nobody waits now
        self.followers: set[Follower] = set()
        self.left_at = asyncio.get_running_loop().time()
        self.is_over = False
        self.again_at = 0.0  # not looked at before, after a failure
        self.told = self.since = -1  # until it is loaded
        self._log, self._feed, self._waker, self._pipeline = log, feed, waker, pipeline
        self._facts: deque[Message] = deque()
        self._bytes = 0
        self._latest: dict[str, tuple[int, Callable[[], bytes]]] = {}
        self._number = 0
        self._reaching_back = asyncio.Lock()
        self._listening: dict[str, asyncio.Task[None]] = {}

    @abstractmethod
    def snapshot(self, seq: int | None = None) -> bytes:
        """Everything as it is now."""

    @abstractmethod
    async def _reach_back(self, after: int, upto: int) -> tuple[list[Message], int]:
        """A page of messages of facts that are no longer kept, and the sequence up to which it is complete."""

    @abstractmethod
    def _step(self, step: Progress) -> None:
        """A worker has made a step."""

    def refuse(self, error: Exception) -> None:
        """It cannot be loaded."""
        self.is_over = True
        if not self.loaded.done():
            self.loaded.set_exception(error)

    def end(self, facts: Sequence[Message] = ()) -> None:
        """There is nothing more to follow: clients get what is left, and their streams end."""
        self._keep(facts)
        self.is_over = True
        self._listen_to(())
        self._wake()

    def enter(self, after: int | None, session: str | None) -> Follower:
        """A client that has seen the facts up to `after`, or begins with everything as it is."""
        follower = Follower(self.told if after is None else after, self._number, session)
        self.followers.add(follower)
        return follower

    def leave(self, follower: Follower) -> None:
        """It is gone."""
        self.followers.discard(follower)
        self.left_at = asyncio.get_running_loop().time()

    def is_behind(self, follower: Follower) -> bool:
        """Whether facts the client has not seen are no longer kept."""
        return follower.seq < self.since

    def news(self, follower: Follower) -> bytes:
        """Everything the client was not given yet, as one piece; empty when there is not anything."""
        news = []
        for seq, message in reversed(self._facts):
            if seq <= follower.seq:
                break
            news.append(message)
        news.reverse()
        follower.seq = max(follower.seq, self.told)
        if not self.is_over:
            words = sorted((number, say) for number, say in self._latest.values() if number > follower.told)
            news += [say() for _, say in words]
        follower.told = self._number
        return b"".join(news)

    async def missed(self, follower: Follower) -> bytes:
        """A page of the facts that are no longer kept: read for this client, and kept for the next one if all fit."""
        async with self._reaching_back:
            if not self.is_behind(follower):
                return b""
            after, since = follower.seq, self.since
            messages, follower.seq = await self._reach_back(after, since)
            size = sum(len(message) for _, message in messages)
            if follower.seq == since == self.since and self._bytes + size <= _KEPT_BYTES:
                self._facts.extendleft(reversed(messages))
                self._bytes += size
                self.since = after
            return b"".join(message for _, message in messages)

    def _begin(self, seq: int) -> None:
        """The first snapshot holds the facts up to this sequence."""
        self.told = self.since = seq
        if not self.loaded.done():
            self.loaded.set_result(None)

    def _keep(self, facts: Sequence[Message]) -> None:
        for seq, message in facts:
            self._facts.append((seq, message))
            self._bytes += len(message)
            self.told = max(self.told, seq)
        while self._bytes > _KEPT_BYTES and len(self._facts) > len(facts):  # the newest batch is for everybody
            self.since, message = self._facts.popleft()
            self._bytes -= len(message)

    def _say(self, about: str, say: Callable[[], bytes]) -> None:
        """The latest word about something, in place of the one before."""
        self._number += 1
        self._latest[about] = self._number, say

    def _listen_to(self, course_ids: Sequence[str]) -> None:
        """Hear the steps of the workers of these courses alone."""
        for course_id in self._listening.keys() - set(course_ids):
            self._listening.pop(course_id).cancel()
        for course_id in set(course_ids) - self._listening.keys():
            self._listening[course_id] = asyncio.create_task(self._listen(course_id))

    async def _listen(self, course_id: str) -> None:
        async for step in self._feed.subscribe(course_id):
            self._step(step)
            self._say(f"progress {course_id}", lambda step=step: progress_message(step, self._pipeline))  # type: ignore[misc]
            self._wake()

    def _wake(self) -> None:
        for follower in self.followers:
            self._waker.wake(follower)


async def render_facts(facts: Sequence[Recorded]) -> list[Message]:
    """As messages of a stream. Of many, other requests are answered in between."""
    messages = []
    for number, one in enumerate(facts, start=1):
        message = format_sse_event(event="fact", data_str=json.dumps(shown_fact(one)), id=str(one.seq))
        messages.append((one.seq, message))
        if number % _RENDERED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return messages


def progress_message(progress: Progress, pipeline: Pipeline) -> bytes:
    """A worker's step. It has no id: no client can ask for it again."""
    body = {
        "course_id": progress.course_id, "stage": pipeline.by_name[progress.stage].key, "task_id": progress.run_id,
        "step": progress.step, "percent": progress.percent,
    }  # fmt: skip
    return format_sse_event(event="progress", data_str=json.dumps(body))
