"""All courses of an owner as clients follow them: the list first, and then each course that changes."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from typing import Any

from fastapi.sse import format_sse_event
from sqlalchemy import Row

from services.gateway.api.channel import Channel, Message, render_facts
from services.gateway.api.progress import Progress, ProgressFeed
from services.gateway.api.schemas.courses import CourseView
from services.gateway.api.schemas.messages import CoursesSnapshotView
from services.gateway.api.waking import Waker
from shared.event_log.port import EventLog, Recorded
from shared.pipeline import Pipeline

_SHOWN = 200  # courses in a snapshot; the list has the others, page by page
_PAGE = 200  # facts of one course
_READS_AT_ONCE = 8

FindChanged = Callable[[str, int], Awaitable[Sequence[Row[Any]]]]


class OwnerChannel(Channel):
    """`find_changed` reads the owner's courses that have facts after a sequence."""

    def __init__(
        self, owner: str, log: EventLog, feed: ProgressFeed, waker: Waker, pipeline: Pipeline, find_changed: FindChanged
    ) -> None:
        super().__init__(owner, log, feed, waker, pipeline)
        self._find_changed = find_changed
        self._courses: dict[str, Row[Any]] = {}
        self._body = ""

    def known(self, changed: Sequence[Row[Any]]) -> int:
        """How many courses the owner has when these have changed, and not one was deleted."""
        return len(self._courses.keys() | {course.course_id for course in changed})

    async def update(self, changed: Sequence[Row[Any]], there: Collection[str] | None) -> None:
        """Tell what is new: courses with facts after `told`, and those that are there no more: not in `there`, unless
        that is None.
        """
        upto = max((course.seq for course in changed), default=max(self.told, 0))
        if self.loaded.done():
            gone = set() if there is None else self._courses.keys() - there - {course.course_id for course in changed}
            ends = {**dict.fromkeys(gone), **{course.course_id: course.seq for course in changed}}
            if not ends:
                return
            read = await self._read(ends, self.told)
            self._keep(await render_facts(sorted((fact for facts in read for fact in facts), key=lambda one: one.seq)))
            for course_id in gone:
                del self._courses[course_id]
                self._latest.pop(course_id, None)
        for course in changed:
            self._courses[course.course_id] = course
            self._say(course.course_id, partial(self._course, course))
        self._body = ""
        self._listen_to([one.course_id for one in self._courses.values() if one.task_status == "STARTED"])
        if not self.loaded.done():
            self._begin(upto)
        self.told = max(self.told, upto)
        self._wake()

    def snapshot(self, seq: int | None = None) -> bytes:
        """The owner's courses as the list has them, newest first."""
        if not self._body:
            rows = sorted(self._courses.values(), key=lambda one: (one.created_at, one.course_id), reverse=True)
            shown = [CourseView.model_validate(row) for row in rows[:_SHOWN]]
            self._body = CoursesSnapshotView(courses=shown, total=len(rows), version=self.told).model_dump_json()
        return format_sse_event(event="snapshot", data_str=self._body, id=None if seq is None else str(seq))

    def _course(self, course: Row[Any]) -> bytes:
        return format_sse_event(event="course", data_str=CourseView.model_validate(course).model_dump_json())

    def _step(self, step: Progress) -> None:
        """The list shows what facts prove; a step is told by itself."""

    async def _reach_back(self, after: int, upto: int) -> tuple[list[Message], int]:
        changed = await self._find_changed(self.owner, after)
        pages = await self._read({course.course_id: upto for course in changed}, after, _PAGE)
        # Of a course with more facts than a page, those after the page are not known; so no other goes further.
        complete = min((page[-1].seq for page in pages if len(page) == _PAGE), default=upto)
        found = sorted((one for page in pages for one in page if one.seq <= complete), key=lambda one: one.seq)
        return await render_facts(found), complete

    async def _read(self, ends: dict[str, int | None], after: int, limit: int | None = None) -> list[list[Recorded]]:
        """Facts of courses after a sequence, up to the end of each."""
        at_once = asyncio.Semaphore(_READS_AT_ONCE)

        async def read(course_id: str, end: int | None) -> list[Recorded]:
            async with at_once:
                return await self._log.read(course_id, after + 1, to_seq=end, limit=limit)

        return list(await asyncio.gather(*(read(course_id, end) for course_id, end in ends.items())))
