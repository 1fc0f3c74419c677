"""Time travel: a course's events, and the course as it was at any of them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from services.gateway.api.calls import CourseId, Reading, etag
from services.gateway.api.problems import problems
from services.gateway.api.progress import NoProgress
from services.gateway.api.schemas.stages import CourseSnapshotView, FactView
from services.gateway.api.status import snapshot_view
from services.gateway.api.strict_json import StrictRoute
from services.gateway.fold.facts import shown_fact
from shared.kernel.refusals import Refused, invalid

router = APIRouter(prefix="/api/courses/{course_id}", tags=["history"], route_class=StrictRoute)

_SEQ_LIMIT = 2**63 - 1

At = Annotated[
    int | None,
    Query(ge=0, le=_SEQ_LIMIT, description="as it was at this sequence of the log; beyond the last event: as it is"),
]


@router.get(
    "", summary="Get a course with its stages, now or at any time before", response_model=CourseSnapshotView,
    responses=problems(404),
)  # fmt: skip
async def get_course_snapshot(course_id: CourseId, call: Reading, response: Response, at: At = None) -> Any:
    """Status fields and stages in one answer; 404 for a sequence before the course existed."""
    pipeline = call.services.product.pipeline
    if at is None:
        course, tasks = await call.with_tasks(course_id)
        view = snapshot_view(course, tasks, call.services.progress, pipeline)
    else:
        past = await call.past(course_id, at)
        view = snapshot_view(past.course, past.tasks, NoProgress(), pipeline)
    if at is not None or view.generation.status != "STARTED":
        return call.answer(view, view.version)
    response.headers["ETag"] = etag(view.version)  # no 304: progress moves between two events
    return view


@router.get(
    "/history", summary="List a course's events, oldest first",
    response_model=list[FactView],
    responses={
        **problems(404),
        200: {"headers": {"Link": {"schema": {"type": "string"}, "description": 'the next page, rel="next"'}}},
    },
)  # fmt: skip
async def list_history(
    course_id: CourseId,
    call: Reading,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=1000, description="events per page")] = 100,
    cursor: Annotated[str | None, Query(max_length=20, description="from the Link of the page before")] = None,
) -> Any:
    """Every fact the course is made of, without contents; `sequence` is what `at` takes."""
    await call.state(course_id)
    after = 0
    if cursor is not None:
        if not (cursor.isascii() and cursor.isdigit() and int(cursor) < _SEQ_LIMIT):
            raise Refused(invalid("query/cursor", "The cursor is not one that a page gave"))
        after = int(cursor)
    recorded = await call.services.log.read(course_id, after + 1, limit=limit + 1)
    if len(recorded) > limit:
        link = call.request.url.include_query_params(cursor=recorded[limit - 1].seq)
        response.headers["Link"] = f'<{link.path}?{link.query}>; rel="next"'
    return [shown_fact(one) for one in recorded[:limit]]
