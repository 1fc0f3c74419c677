"""Server-sent events of one course, or of all: a snapshot, then facts as they become visible, and progress between."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from services.gateway.api.calls import Call, CourseId
from services.gateway.api.problems import problems
from services.gateway.api.schemas.messages import CourseMessage, ListMessage
from services.gateway.api.strict_json import StrictRoute
from services.gateway.api.tickets import Following
from shared.kernel.refusals import Refused, invalid

router = APIRouter(prefix="/api", tags=["events"], route_class=StrictRoute)

_SEQ_LIMIT = 2**63
_DESCRIPTION = (
    "`fact`: an event of the log, its id the sequence; send the last one as Last-Event-ID to go on from there. "
    "`progress`: what a worker is doing. The stream ends after a while, and for a client that does not keep up: "
    "reconnect."
)

LastEventId = Annotated[str | None, Header(description="the id of the last message that had one")]


class EventStream(StreamingResponse):
    """Messages as they come."""

    media_type = "text/event-stream"


def _answers(messages: Any, snapshot: str, *refusals: int) -> dict[int | str, dict[str, Any]]:
    return {**problems(*refusals), 200: {"model": list[messages], "description": f"{snapshot} {_DESCRIPTION}"}}


@router.get(
    "/events", summary="Follow all your courses as they happen",
    response_class=EventStream,
    responses=_answers(
        ListMessage,
        "`snapshot`: your newest courses as the list shows them, first. `course`: one of them after a batch of facts.",
    ),
)  # fmt: skip
async def follow_courses(call: Following, last_event_id: LastEventId = None) -> Response:
    """Of courses that you have and that you make from now on. A course that is no longer in the snapshot was deleted.
    It takes the token or a ticket, as the stream of one course does.
    """
    return await _follow(call, None, last_event_id)


@router.get(
    "/courses/{course_id}/events", summary="Follow a course as it happens",
    response_class=EventStream,
    responses=_answers(
        CourseMessage,
        "`snapshot`: the course and its stages, first and again after each batch of facts. The stream also ends when "
        "the course is deleted.",
        404,
    ),
)  # fmt: skip
async def follow_course(course_id: CourseId, call: Following, last_event_id: LastEventId = None) -> Response:
    """Needs the token like every other route, or a ticket: browsers' EventSource cannot send a token, fetch can."""
    return await _follow(call, course_id, last_event_id)


async def _follow(call: Call, course_id: str | None, last_event_id: str | None) -> Response:
    after = None
    if last_event_id is not None:
        if not last_event_id.isascii() or not last_event_id.isdigit() or int(last_event_id) >= _SEQ_LIMIT:
            raise Refused(invalid("header/Last-Event-ID", "Send the id of a fact of this stream"))
        after = int(last_event_id)
    streams, settings = call.services.streams, call.services.settings
    channel = await streams.open(call.owner, course_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if call.request.scope.get("is_head"):
        return Response(media_type=EventStream.media_type, headers=headers)
    messages = streams.follow(
        channel, after, seconds=settings.stream_seconds, heartbeat_seconds=settings.stream_heartbeat_seconds,
        session=call.session,
    )  # fmt: skip
    return EventStream(messages, headers=headers)
