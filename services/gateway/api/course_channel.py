"""One course as its clients follow it: what is read once is made into messages once, and each client is told it."""

import asyncio
import json
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.sse import format_sse_event
from sqlalchemy import Row

from services.gateway.api.progress import Progress, ProgressFeed
from services.gateway.api.status import snapshot_view
from services.gateway.api.waking import Waker
from services.gateway.fold.facts import shown_fact
from shared.event_log.port import EventLog, Recorded
from shared.pipeline import Pipeline

# A client that is behind by more than this is left; it comes again with the id it has seen last.
_KEPT_BYTES = 256 * 1024
_PAGE = 1000
_RENDERED_AT_ONCE = 100


Message = tuple[int, bytes]  # a fact's sequence, and how it is sent


class Follower:
    """One client. `seq` is the last fact it was given."""

    def __init__(self, seq: int, snapshots: int, steps: int) -> None:
        self.awake = asyncio.Event()
        self.seq = seq
        self.snapshots = snapshots
        self.steps = steps


class Channel:
    """`seq` is that of the course's row, -1 until it is loaded. Facts after `since` are kept, up to the last one told.

    Only the latest snapshot and the latest step count, so a client that was busy gets those alone.
    """

    def __init__(
        self, owner: str, course_id: str, log: EventLog, feed: ProgressFeed, waker: Waker, pipeline: Pipeline
    ) -> None:
        self.owner, self.course_id = owner, course_id
        self.loaded: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.loaded.add_done_callback(lambda done: done.cancelled() or done.exception())  # perhaps nobody waits now
        self.followers: set[Follower] = set()
        self.left_at = asyncio.get_running_loop().time()
        self.is_over = False
        self.again_at = 0.0  # not looked at before, after a failure
        self.seq = -1
        self.told = self.since = 0
        self._log, self._feed, self._waker, self._pipeline = log, feed, waker, pipeline
        self._facts: deque[Message] = deque()
        self._bytes = 0
        self._course: Row[Any] | None = None
        self._tasks: Mapping[str, Row[Any]] = {}
        self._snapshots = self._steps = 0
        self._body = ""
        self._step = b""
        self._reaching_back = asyncio.Lock()
        self._listening: asyncio.Task[None] | None = None

    def load(self, course: Row[Any], tasks: Mapping[str, Row[Any]]) -> None:
        """The first time."""
        self.told = self.since = course.seq
        self._show(course, tasks)
        self._listening = asyncio.create_task(self._listen())
        if not self.loaded.done():
            self.loaded.set_result(None)

    def refuse(self, error: Exception) -> None:
        """It cannot be loaded."""
        self.is_over = True
        if not self.loaded.done():
            self.loaded.set_exception(error)

    def tell(self, facts: Sequence[Message], course: Row[Any], tasks: Mapping[str, Row[Any]]) -> None:
        """The facts of a batch in order, and the course after them."""
        self._keep(facts)
        self.told = max(self.told, course.seq)
        self._show(course, tasks)
        self._wake()

    def end(self, facts: Sequence[Message] = ()) -> None:
        """The course is gone, or the process ends: clients get what is left, and their streams end."""
        self._keep(facts)
        self.is_over = True
        if self._listening is not None:
            self._listening.cancel()
        self._wake()

    def _keep(self, facts: Sequence[Message]) -> None:
        for seq, message in facts:
            self._facts.append((seq, message))
            self._bytes += len(message)
            self.told = max(self.told, seq)
        while self._bytes > _KEPT_BYTES and len(self._facts) > len(facts):  # the newest batch is for everybody
            self.since, message = self._facts.popleft()
            self._bytes -= len(message)

    def _show(self, course: Row[Any], tasks: Mapping[str, Row[Any]]) -> None:
        self.seq, self._course, self._tasks = course.seq, course, tasks
        self._snapshots += 1
        self._body = ""

    async def _listen(self) -> None:
        async for step in self._feed.subscribe(self.course_id):
            self._step, self._body = _progress_message(step, self._pipeline), ""
            self._steps += 1
            self._wake()

    def _wake(self) -> None:
        for follower in self.followers:
            self._waker.wake(follower)

    def enter(self, after: int | None) -> Follower:
        """A client that has seen the facts up to `after`, or begins with the course as it is."""
        follower = Follower(self.seq if after is None else after, self._snapshots, self._steps)
        self.followers.add(follower)
        return follower

    def leave(self, follower: Follower) -> None:
        """It is gone."""
        self.followers.discard(follower)
        self.left_at = asyncio.get_running_loop().time()

    def snapshot(self, seq: int | None = None) -> bytes:
        """The course with its stages as they are now."""
        assert self._course is not None
        if not self._body:
            self._body = snapshot_view(self._course, self._tasks, self._feed, self._pipeline).model_dump_json()
        return format_sse_event(event="snapshot", data_str=self._body, id=None if seq is None else str(seq))

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
        if not self.is_over and follower.snapshots < self._snapshots:
            news.append(self.snapshot())
        if follower.steps < self._steps:
            news.append(self._step)
        follower.snapshots, follower.steps = self._snapshots, self._steps
        return b"".join(news)

    async def missed(self, follower: Follower) -> bytes:
        """A page of the facts that are no longer kept: read for this client, and kept for the next one if all fit."""
        async with self._reaching_back:
            if not self.is_behind(follower):
                return b""
            after, since = follower.seq, self.since
            found = await self._log.read(self.course_id, after + 1, to_seq=since, limit=_PAGE)
            messages = await render_facts(found)
            is_all = len(found) < _PAGE
            follower.seq = since if is_all else found[-1].seq
            size = sum(len(message) for _, message in messages)
            if is_all and since == self.since and self._bytes + size <= _KEPT_BYTES:
                self._facts.extendleft(reversed(messages))
                self._bytes += size
                self.since = after
            return b"".join(message for _, message in messages)


async def render_facts(facts: Sequence[Recorded]) -> list[Message]:
    """As messages of a stream. Of many, other requests are answered in between."""
    messages = []
    for number, one in enumerate(facts, start=1):
        message = format_sse_event(event="fact", data_str=json.dumps(shown_fact(one)), id=str(one.seq))
        messages.append((one.seq, message))
        if number % _RENDERED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return messages


def _progress_message(progress: Progress, pipeline: Pipeline) -> bytes:
    body = {
        "stage": pipeline.by_name[progress.stage].key, "task_id": progress.run_id, "step": progress.step,
        "percent": progress.percent,
    }  # fmt: skip
    return format_sse_event(event="progress", data_str=json.dumps(body))
