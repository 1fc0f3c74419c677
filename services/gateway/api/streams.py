"""Server-sent events of one course: a snapshot, then facts as they become visible, and progress between them."""

from typing import Annotated

from fastapi import APIRouter, Header, Response
from fastapi.responses import StreamingResponse

from services.gateway.api.calls import CourseId
from services.gateway.api.problems import problems
from services.gateway.api.strict_json import StrictRoute
from services.gateway.api.tickets import Following
from services.gateway.course.refusals import Refused, invalid

router = APIRouter(prefix="/api/courses/{course_id}", tags=["events"], route_class=StrictRoute)

_SEQ_LIMIT = 2**63
_DESCRIPTION = (
    "`snapshot`: the course and its stages, first and again after each batch of facts. `fact`: an event of the log, "
    "its id the sequence; send the last one as Last-Event-ID to go on from there. `progress`: what a worker is doing. "
    "The stream ends after a while, for a client that does not keep up, and when the course is deleted; reconnect."
)


@router.get(
    "/events", operation_id="followCourse", summary="Follow a course as it happens", response_class=StreamingResponse,
    responses={
        **problems(404),
        200: {"description": _DESCRIPTION, "content": {"text/event-stream": {"schema": {"type": "string"}}}},
    },
)  # fmt: skip
async def follow_course(
    course_id: CourseId, call: Following, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """Needs the token like every other route, or a ticket: browsers' EventSource cannot send a token, fetch can."""
    after = None
    if last_event_id is not None:
        if not last_event_id.isascii() or not last_event_id.isdigit() or int(last_event_id) >= _SEQ_LIMIT:
            raise Refused(invalid("header/Last-Event-ID", "Send the id of a fact of this stream"))
        after = int(last_event_id)
    streams, settings = call.services.streams, call.services.settings
    channel = await streams.open(call.owner, course_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if call.request.scope.get("is_head"):
        return Response(media_type="text/event-stream", headers=headers)
    messages = streams.follow(
        channel, after, seconds=settings.stream_seconds, heartbeat_seconds=settings.stream_heartbeat_seconds
    )
    return StreamingResponse(messages, media_type="text/event-stream", headers=headers)
