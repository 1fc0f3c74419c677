"""Courses: `/api/projects`."""

from types import SimpleNamespace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import TypeAdapter

from services.gateway.api.calls import CourseId, Creating, Reading, Writing, etag, model_answer
from services.gateway.api.history import At
from services.gateway.api.problems import problems
from services.gateway.api.schemas.courses import CourseView, CreateCourseBody, MessageView, UpdateCourseBody
from services.gateway.api.schemas.stages import StartedView
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import CreateCourse, DeleteCourse, UpdateCourse
from services.gateway.fold.statuses import course_statuses
from services.gateway.readmodels.courses import find_course, list_courses
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refused, invalid
from shared.readmodels.writing import Done
from shared.web.idempotency import Answer

router = APIRouter(prefix="/api/projects", tags=["courses"], route_class=StrictRoute)

_LATE: dict[int | str, dict[str, Any]] = {202: {"model": StartedView, "description": "Accepted, not visible yet"}}
_LIST = TypeAdapter(list[CourseView])
_TAGGED = {"ETag": {"schema": {"type": "string"}, "description": "the course's version"}}


async def course_answer(call: Reading, course_id: str, status: int = 200, **headers: str) -> Answer:
    """The course as it is, with its version as ETag. Raises NotFound."""
    row = await _find(call, course_id)
    return model_answer(CourseView.model_validate(row), status, ETag=etag(row.seq), **headers)


async def _find(call: Reading, course_id: str) -> SimpleNamespace:
    row = await find_course(call.services.reads, call.owner, course_id)
    if row is None:
        raise NotFound("Course not found")
    return row


@router.post(
    "/", status_code=201, summary="Create a course", response_model=CourseView,
    responses={**problems(413), **_LATE, 201: {"headers": {**_TAGGED, "Location": {"schema": {"type": "string"}}}}},
)  # fmt: skip
async def create_course(body: CreateCourseBody, call: Creating) -> Response:
    """A course in status draft."""

    async def answer(_: Done, course_id: str) -> Answer:
        return await course_answer(call, course_id, 201, Location=f"/api/projects/{course_id}")

    def command(command_id: str) -> CreateCourse:
        return CreateCourse(command_id, call.owner, body.title, body.description)

    return await call.carry_out(None, command, answer, body)


@router.get(
    "/", operation_id="listCourses", summary="List your courses, newest first", response_model=list[CourseView],
    responses={
        **problems(),
        200: {"headers": {"Link": {"schema": {"type": "string"}, "description": 'the next page, rel="next"'}}},
    },
)  # fmt: skip
async def list_my_courses(
    call: Reading,
    limit: Annotated[int, Query(ge=1, le=200, description="courses per page")] = 50,
    cursor: Annotated[str | None, Query(max_length=512, description="from the Link of the page before")] = None,
    status: Annotated[str | None, Query(description="only this status")] = None,
    q: Annotated[str | None, Query(max_length=255, description="only with this in title or description")] = None,
) -> Response:
    """A plain list; `Link` leads to the next page."""
    known = course_statuses(call.services.product.pipeline)
    if status is not None and status not in known:
        raise Refused(invalid("query/status", f"No course has this status; there are {', '.join(known)}"))
    try:
        page, after = await list_courses(
            call.services.reads, call.owner, limit=limit, cursor=cursor, status=status, words=q
        )  # fmt: skip
    except ValueError as error:
        raise Refused(invalid("query/cursor", "The cursor is not one that a page gave")) from error
    headers = {}
    if after is not None:
        link = call.request.url.include_query_params(cursor=after)
        headers["Link"] = f'<{link.path}?{link.query}>; rel="next"'
    listed = _LIST.dump_json(_LIST.validate_python(page))
    return Response(listed, media_type="application/json", headers=headers)


@router.get("/{course_id}", summary="Get a course", response_model=CourseView, responses=problems(404))
async def get_course(course_id: CourseId, call: Reading, at: At = None) -> Response:
    """One of your courses, now or at any sequence before; `…/history` lists those."""
    if at is not None:
        past = await call.past(course_id, at)
        return call.answer(CourseView.model_validate(past.course), past.state.seq)
    row = await _find(call, course_id)
    return call.answer(CourseView.model_validate(row), row.seq)


@router.put(
    "/{course_id}", summary="Change a course", response_model=CourseView,
    responses={**problems(404, 409, 412, 413), **_LATE, 200: {"headers": _TAGGED}},
)  # fmt: skip
async def update_course(course_id: CourseId, body: UpdateCourseBody, call: Writing) -> Response:
    """Title and description; `status: "generating"` also starts an unattended run with defaults. When the same run is
    under way in another course of yours, the answer is that course.
    """

    async def answer(done: Done, course_id: str) -> Answer:
        return await course_answer(call, done.elsewhere or course_id)

    command = UpdateCourse(body.title, body.description, generate=body.status == "generating")
    return await call.carry_out(course_id, command, answer, body)


@router.delete(
    "/{course_id}", summary="Delete a course and all that belongs to it", response_model=MessageView,
    responses={**problems(404, 412), **_LATE},
)  # fmt: skip
async def delete_course(course_id: CourseId, call: Writing) -> Response:
    """Rows and blobs go; what runs is stopped. This cannot be undone."""

    async def answer(_: Done, __: str) -> Answer:
        return model_answer(MessageView(message="Course deleted successfully"))

    return await call.carry_out(course_id, DeleteCourse(call.owner), answer)
