"""Server-sent events of one course: a snapshot, then facts as they become visible, and progress between them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from services.gateway.api.calls import Call, CourseId, Reading
from services.gateway.api.problems import problems
from services.gateway.api.status import snapshot_view
from services.gateway.facts import shown_fact
from services.gateway.progress import Progress
from services.gateway.readmodels.course_tasks import find_tasks
from services.gateway.readmodels.courses import find_course
from services.gateway.refusals import Refused, invalid
from shared.event_log.port import Recorded
from shared.events.gateway import CourseDeleted
from shared.pipeline import BY_NAME

router = APIRouter(prefix="/api/courses/{course_id}", tags=["events"])

_SEQ_LIMIT = 2**63
_DESCRIPTION = (
    "`snapshot`: the course and its stages, first and again after each batch of facts. `fact`: an event of the log, "
    "its id the sequence; send the last one as Last-Event-ID to go on from there. `progress`: what a worker is doing. "
    "The stream ends after a while, and when the course is deleted; reconnect."
)


@router.get(
    "/events", operation_id="followCourse", summary="Follow a course as it happens", response_class=StreamingResponse,
    responses={
        **problems(404),
        200: {"description": _DESCRIPTION, "content": {"text/event-stream": {"schema": {"type": "string"}}}},
    },
)  # fmt: skip
async def follow_course(
    course_id: CourseId, call: Reading, last_event_id: Annotated[str | None, Header()] = None
) -> StreamingResponse:
    """Needs the token like every other route; browsers' EventSource cannot send one, fetch can."""
    after = None
    if last_event_id is not None:
        if not last_event_id.isascii() or not last_event_id.isdigit() or int(last_event_id) >= _SEQ_LIMIT:
            raise Refused(invalid("header/Last-Event-ID", "Send the id of a fact of this stream"))
        after = int(last_event_id)
    seen = (await call.state(course_id)).seq
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream = _Stream(call, course_id, seen if after is None else after)
    return StreamingResponse(stream.run(resumed=after is not None), media_type="text/event-stream", headers=headers)


class _Stream:
    def __init__(self, call: Call, course_id: str, after: int) -> None:
        self._call = call
        self._course_id = course_id
        self._after = after

    async def run(self, *, resumed: bool) -> AsyncIterator[bytes]:
        settings = self._call.services.settings
        deadline = asyncio.get_running_loop().time() + settings.stream_seconds
        steps: asyncio.Queue[Progress] = asyncio.Queue(16)
        listening = asyncio.create_task(self._listen(steps))
        try:
            # Only a first snapshot has an id: on a resumed stream it would skip the facts still to come.
            first = await self._snapshot(None if resumed else self._after)
            if first is None:
                return
            yield first
            while (left := deadline - asyncio.get_running_loop().time()) > 0:
                async for message in self._news(steps, min(left, settings.stream_heartbeat_seconds)):
                    yield message
                if self._after < 0:
                    return
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    async def _listen(self, steps: "asyncio.Queue[Progress]") -> None:
        async for progress in self._call.services.progress.subscribe(self._course_id):
            if steps.full():
                steps.get_nowait()
            steps.put_nowait(progress)

    async def _news(self, steps: "asyncio.Queue[Progress]", wait_seconds: float) -> AsyncIterator[bytes]:
        """What comes next: facts, a step, or a heartbeat when nothing does."""
        projected = self._call.services.projected
        seen = projected.seq
        facts = await self._facts()
        for fact in facts:
            yield _fact_message(fact)
        if facts:
            snapshot = await self._snapshot(None)
            if snapshot is None or isinstance(facts[-1].event, CourseDeleted):
                self._after = -1
                return
            yield snapshot
            return
        moved = asyncio.create_task(projected.wait(seen + 1, wait_seconds))
        step = asyncio.create_task(steps.get())
        try:
            await asyncio.wait({moved, step}, return_when=asyncio.FIRST_COMPLETED)
            if step.done():
                yield _progress_message(step.result())
            elif not moved.result():
                yield KEEPALIVE_COMMENT
        finally:
            for task in (moved, step):
                task.cancel()
            await asyncio.gather(moved, step, return_exceptions=True)

    async def _facts(self) -> list[Recorded]:
        """Facts that are visible in the tables and were not sent yet."""
        services = self._call.services
        visible = await services.projected.look()
        if visible <= self._after:
            return []
        recorded = await services.log.read(self._course_id, self._after + 1)
        facts = [item for item in recorded if item.seq <= visible]
        if facts:
            self._after = facts[-1].seq
        return facts

    async def _snapshot(self, seq: int | None) -> bytes | None:
        services = self._call.services
        async with services.engine.connect() as connection:
            course = await find_course(connection, self._call.owner, self._course_id)
            tasks = await find_tasks(connection, self._call.owner, self._course_id)
        if course is None:
            return None
        body = snapshot_view(course, tasks, services.progress).model_dump_json()
        return format_sse_event(event="snapshot", data_str=body, id=None if seq is None else str(seq))


def _fact_message(recorded: Recorded) -> bytes:
    return format_sse_event(event="fact", data_str=json.dumps(shown_fact(recorded)), id=str(recorded.seq))


def _progress_message(progress: Progress) -> bytes:
    body = {
        "stage": BY_NAME[progress.stage].key, "task_id": progress.run_id, "step": progress.step,
        "percent": progress.percent,
    }  # fmt: skip
    return format_sse_event(event="progress", data_str=json.dumps(body))
