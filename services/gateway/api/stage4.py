"""Stage 4: write the course, show it."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from services.gateway.api.calls import CourseId, Reading, Writing, answer_started, not_ready
from services.gateway.api.problems import problems
from services.gateway.api.schemas.stage4 import GenerateCourseBody, GeneratedCourseView, ModuleContentView
from services.gateway.api.schemas.stages import StartedView
from services.gateway.api.strict_json import StrictRoute
from services.gateway.fold.basis import outdated_stages
from services.gateway.readmodels.generated_courses import find_content, find_contents, find_generated
from services.gateway.write.commands import GenerateCourse
from shared.errors import NotFound
from shared.pipeline import BY_NAME

router = APIRouter(prefix="/api/courses/{course_id}", tags=["stage 4"], route_class=StrictRoute)


@router.post(
    "/generate-course", status_code=202, operation_id="generateCourse", summary="Write the course",
    response_model=StartedView, responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def generate_course(
    course_id: CourseId, call: Writing, body: Annotated[GenerateCourseBody | None, Body()] = None
) -> Response:
    """The selected pathway's modules; with `module_ids` only those, and the others stay."""
    asked = body or GenerateCourseBody()
    command = GenerateCourse(asked.additional_info, tuple(asked.module_ids))
    return await call.carry_out(course_id, command, answer_started, asked)


@router.get(
    "/generated-course", operation_id="getGeneratedCourse", summary="Get the finished course",
    response_model=GeneratedCourseView, responses=problems(404, 409),
)  # fmt: skip
async def generated_course(course_id: CourseId, call: Reading) -> GeneratedCourseView:
    """With all modules; while a new one is written, the one before."""
    state = await call.state(course_id)
    async with call.services.engine.connect() as connection:
        row = await find_generated(connection, call.owner, course_id)
        modules = await find_contents(connection, call.owner, course_id)
    if row is None:
        raise not_ready(state, BY_NAME["modules"], "The course and its modules")
    return GeneratedCourseView(
        course_id=course_id, title=row.title, description=row.description, language=row.language, status=row.status,
        outdated="modules" in outdated_stages(state), course_key=row.course_key, edition=row.edition,
        pathway_id=row.pathway_id, export_path=row.export_path, engine=row.engine, audience=row.audience,
        sources=row.sources, generated_at=row.generated_at, modules=[_module(one) for one in modules],
    )  # fmt: skip


@router.get(
    "/modules/{module_id}", operation_id="getModule", summary="Get one written module",
    response_model=ModuleContentView, responses=problems(404, 409),
)  # fmt: skip
async def get_module(course_id: CourseId, module_id: str, call: Reading) -> ModuleContentView:
    """As it was written last, be the course finished or not."""
    state = await call.state(course_id)
    async with call.services.engine.connect() as connection:
        row = await find_content(connection, call.owner, course_id, module_id.replace("\x00", ""))
    if row is None and state.generated is None and not state.written:
        raise not_ready(state, BY_NAME["modules"], "The modules")
    if row is None:
        raise NotFound("There is no such module")
    return _module(row)


def _module(row: Any) -> ModuleContentView:
    return ModuleContentView(
        id=row.module_id, sequence_order=row.sequence_order, title=row.title, description=row.description,
        estimated_minutes=row.estimated_minutes, status=row.status, problems=row.problems, objectives=row.objectives,
        prerequisites=row.prerequisites, document_ids=row.document_ids, introduction=row.introduction,
        main_content=row.main_content, conclusion=row.conclusion, assessment=row.assessment, summary=row.summary,
        items=row.items, citations=row.citations, generated_at=row.generated_at,
    )  # fmt: skip
