"""One course as its clients follow it."""

from collections.abc import Mapping
from typing import Any

from fastapi.sse import format_sse_event
from sqlalchemy import Row

from services.gateway.api.channel import Channel, Message, render_facts
from services.gateway.api.progress import Progress, ProgressFeed
from services.gateway.api.status import snapshot_view
from services.gateway.api.waking import Waker
from shared.event_log.port import EventLog
from shared.events.gateway import CourseDeleted
from shared.kernel.errors import NotFound
from shared.pipeline import Pipeline

_PAGE = 1000


class CourseChannel(Channel):
    """`seq` is that of the course's row, -1 until it is loaded."""

    def __init__(
        self, owner: str, course_id: str, log: EventLog, feed: ProgressFeed, waker: Waker, pipeline: Pipeline
    ) -> None:
        super().__init__(owner, log, feed, waker, pipeline)
        self.course_id = course_id
        self.seq = -1
        self._course: Row[Any] | None = None
        self._tasks: Mapping[str, Row[Any]] = {}
        self._body = ""

    async def update(self, course: Row[Any] | None, tasks: Mapping[str, Row[Any]]) -> None:
        """Tell what is new of the course; None when it is not there."""
        if not self.loaded.done():
            self._load(course, tasks)
        elif course is None:
            left = await self._log.read(self.course_id, self.told + 1)
            is_deleted = any(isinstance(one.event, CourseDeleted) for one in left)
            self.end(await render_facts(left) if is_deleted else ())
        else:
            self._keep(await render_facts(await self._log.read(self.course_id, self.told + 1, to_seq=course.seq)))
            self.told = max(self.told, course.seq)
            self._show(course, tasks)
            self._wake()

    def _load(self, course: Row[Any] | None, tasks: Mapping[str, Row[Any]]) -> None:
        if course is None:
            self.refuse(NotFound("Course not found"))
            return
        self._show(course, tasks)
        self._listen_to((self.course_id,))
        self._begin(course.seq)

    def _show(self, course: Row[Any], tasks: Mapping[str, Row[Any]]) -> None:
        self.seq, self._course, self._tasks = course.seq, course, tasks
        self._body = ""
        self._say("snapshot", self.snapshot)

    def snapshot(self, seq: int | None = None) -> bytes:
        """The course with its stages as they are now."""
        assert self._course is not None
        if not self._body:
            self._body = snapshot_view(self._course, self._tasks, self._feed, self._pipeline).model_dump_json()
        return format_sse_event(event="snapshot", data_str=self._body, id=None if seq is None else str(seq))

    def _step(self, step: Progress) -> None:
        self._body = ""

    async def _reach_back(self, after: int, upto: int) -> tuple[list[Message], int]:
        found = await self._log.read(self.course_id, after + 1, to_seq=upto, limit=_PAGE)
        return await render_facts(found), upto if len(found) < _PAGE else found[-1].seq
