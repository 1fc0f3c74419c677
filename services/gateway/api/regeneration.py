"""A course made anew from what it was made from."""

from fastapi import APIRouter, Response

from services.gateway.api.calls import CourseId, Writing, answer_started
from services.gateway.api.problems import problems
from services.gateway.api.schemas.regeneration import RegenerateBody
from services.gateway.api.schemas.stages import StartedView
from services.gateway.api.sources import check_source
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import Regenerate
from services.gateway.write.regenerations import changed_inputs, stored_inputs

router = APIRouter(prefix="/api/courses/{course_id}", tags=["stages"], route_class=StrictRoute)


@router.post(
    "/regenerate", status_code=202, summary="Run all stages again with the stored inputs", response_model=StartedView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def regenerate(course_id: CourseId, call: Writing, body: RegenerateBody | None = None) -> Response:
    """From the repository on, with the inputs the course was made with and these changes. Work under way is stopped,
    and the new run takes its place. The course that is there stays until the new one is finished. When the
    same run is under way in another course of yours, the answer is that run, and `course_id` names the course.
    """
    changes = {} if body is None else body.model_dump(exclude_none=True)
    command = Regenerate(changes, call.by)
    if {"repo_url", "credential_id"} & changes.keys():
        stored = stored_inputs(await call.state(course_id))
        wanted = changes if stored is None else vars(changed_inputs(stored, command))
        address = await check_source(call, wanted)
        if address is not None and "repo_url" in changes:
            command = Regenerate({**changes, "repo_url": address.canonical}, call.by)
    return await call.carry_out(course_id, command, answer_started, body)
