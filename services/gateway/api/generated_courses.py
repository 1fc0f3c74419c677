"""The finished course."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.api.calls import CourseId, Paged, Reading, not_ready
from services.gateway.api.problems import problems
from services.gateway.api.schemas.generated_courses import (
    CourseContentsView,
    GeneratedCourseView,
    ModuleContentsView,
    ModuleContentView,
)
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.state import CourseState
from services.gateway.fold.outdated import outdated_stages
from services.gateway.readmodels.generated_courses import find_content, find_contents, find_generated
from services.gateway.stages.added import SOURCE_REMOVED
from shared.kernel.errors import NotFound

router = APIRouter(prefix="/api/courses/{course_id}", tags=["stage 4"], route_class=StrictRoute)


@router.get(
    "/generated-course", summary="Get the finished course", response_model=GeneratedCourseView,
    responses=problems(404, 409),
)  # fmt: skip
async def get_generated_course(course_id: CourseId, call: Reading, page: Paged) -> Response:
    """With all modules; while a new one is written, the one before."""

    async def render(state: CourseState) -> GeneratedCourseView:
        row = await find_generated(call.services.reads, call.owner, course_id)
        modules = await find_contents(call.services.reads, call.owner, course_id)
        if row is None:
            raise not_ready(call, state, "modules", "The course and its modules")
        return GeneratedCourseView(
            course_id=course_id, title=row.title, description=row.description, language=row.language,
            status=row.status, outdated="modules" in outdated_stages(state, call.services.product),
            course_key=row.course_key, edition=row.edition, pathway_id=row.pathway_id,
            export_path=row.export_path and f"/api/courses/{course_id}/exports/site",
            engine=row.engine, audience=row.audience, sources=row.sources, generated_at=row.generated_at,
            modules=[_module(one) for one in modules], total=len(modules),
        )  # fmt: skip

    return await call.whole(course_id, "generated-course", render, page.of("modules"))


@router.get(
    "/generated-course/contents", summary="Get the contents of the finished course", response_model=CourseContentsView,
    responses=problems(404, 409),
)  # fmt: skip
async def get_course_contents(course_id: CourseId, call: Reading) -> Response:
    """Titles, objectives and minutes of its modules, without their texts."""

    async def render(state: CourseState) -> CourseContentsView:
        row = await find_generated(call.services.reads, call.owner, course_id)
        modules = await find_contents(call.services.reads, call.owner, course_id, with_texts=False)
        if row is None:
            raise not_ready(call, state, "modules", "The course and its modules")
        return CourseContentsView(
            course_id=course_id, title=row.title, description=row.description, status=row.status,
            estimated_minutes=sum(one.estimated_minutes for one in modules), total=len(modules),
            modules=[
                ModuleContentsView(
                    id=one.module_id, sequence_order=one.sequence_order, title=one.title, description=one.description,
                    estimated_minutes=one.estimated_minutes, status=one.status, objectives=one.objectives,
                    prerequisites=one.prerequisites, document_ids=one.document_ids,
                )
                for one in modules
            ],
        )  # fmt: skip

    return await call.whole(course_id, "contents", render)


@router.get("/modules/{module_id}", summary="Get one written module", responses=problems(404, 409))
async def get_module(course_id: CourseId, module_id: str, call: Reading) -> ModuleContentView:
    """As it was written last, be the course finished or not."""
    state = await call.state(course_id)
    row = await find_content(call.services.reads, call.owner, course_id, module_id)
    run = state.runs.get("modules")
    is_withheld = run is not None and run.error == SOURCE_REMOVED
    if row is None and state.generated is None and (is_withheld or not state.written):
        raise not_ready(call, state, "modules", "The modules")
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
