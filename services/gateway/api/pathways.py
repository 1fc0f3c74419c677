"""Pathways on offer, the user's edits of them, and the choice."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Response

from services.gateway.api.calls import Call, CourseId, Reading, Writing, etag, model_answer, not_ready
from services.gateway.api.problems import problems
from services.gateway.api.schemas import pathways as shapes
from services.gateway.api.schemas.courses import MessageView
from services.gateway.api.schemas.stages import SelectionSavedView
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course import commands
from services.gateway.course.state import CourseState
from services.gateway.readmodels.pathways import PathwayRow, find_pathways
from services.gateway.readmodels.selections import find_selection, stage3_selections
from shared.kernel.errors import NotFound
from shared.kernel.ids import content_id
from shared.readmodels.writing import Done
from shared.web.idempotency import Answer

router = APIRouter(prefix="/api/courses/{course_id}", tags=["stage 3"], route_class=StrictRoute)


@router.get(
    "/pathways", summary="Get the pathways on offer", response_model=shapes.PathwaysView, responses=problems(404, 409),
)  # fmt: skip
async def get_pathways(course_id: CourseId, call: Reading) -> Response:
    """The widest first, edits applied."""

    async def render(state: CourseState) -> shapes.PathwaysView:
        if not state.offers:
            raise not_ready(call, state, "pathway", "The pathways")
        return shapes.PathwaysView(pathways=await _views(call, course_id))

    return await call.whole(course_id, "pathways", render)


async def _views(call: Call, course_id: str) -> list[shapes.PathwayView]:
    rows = await find_pathways(call.services.reads, call.owner, course_id)
    selection = await find_selection(call.services.reads, stage3_selections, call.owner, course_id)
    selected = selection.selected_pathway_id if selection is not None else None
    return [_view(row, selected) for row in rows]


def _view(row: PathwayRow, selected: str | None) -> shapes.PathwayView:
    pathway = row.pathway
    modules = [
        shapes.ModuleView(
            id=one.id, title=one.title, description=one.description, sequence_order=one.sequence_order, part=one.part,
            objectives=one.objectives, estimated_time=one.estimated_time,
            estimated_minutes=one.estimated_minutes, document_ids=row.documents.get(one.id, []), sections=one.sections,
        )
        for one in row.modules
    ]  # fmt: skip
    return shapes.PathwayView(
        id=pathway.id, kind=pathway.kind, title=pathway.title, description=pathway.description,
        complexity_level=pathway.complexity_level, estimated_duration=pathway.estimated_duration,
        estimated_minutes=pathway.estimated_minutes, prerequisites=pathway.prerequisites, revised=pathway.revised,
        selected=pathway.id == selected, modules=modules,
    )  # fmt: skip


async def _change(
    call: Call,
    course_id: str,
    command: commands.Command | Callable[[str], commands.Command],
    body: Any = None,
    status: int = 200,
) -> Response:
    """Answer with the pathway after the command."""
    changed = ""

    def named(command_id: str) -> commands.Command:
        nonlocal changed
        made = command(command_id) if callable(command) else command
        assert isinstance(made, commands.RevisePathway | commands.AddPathway)
        changed = made.pathway_id
        return made

    async def answer(done: Done, _: str) -> Answer:
        for view in await _views(call, course_id):
            if view.id == changed:
                return model_answer(view, status, ETag=etag(done.seq))
        raise NotFound("There is no such pathway")

    return await call.carry_out(course_id, named, answer, body)


async def _revise(
    call: Call, course_id: str, pathway_id: str, change: commands.PathwayChange, body: Any = None, status: int = 200
) -> Response:
    return await _change(call, course_id, commands.RevisePathway(pathway_id, change), body, status)


@router.post(
    "/pathways", status_code=201, summary="Add a pathway of your own", response_model=shapes.PathwayView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def add_pathway(course_id: CourseId, body: shapes.AddPathwayBody, call: Writing) -> Response:
    """Of modules that are on offer. A new run of stage 3 keeps it for as long as the documents stay the same."""

    def command(command_id: str) -> commands.AddPathway:
        return commands.AddPathway(
            content_id("p", command_id), body.kind, body.title, body.description, body.complexity_level,
            tuple(body.prerequisites), tuple((one.pathway_id, one.module_id) for one in body.modules),
        )  # fmt: skip

    return await _change(call, course_id, command, body, 201)


@router.delete(
    "/pathways/{pathway_id}", summary="Take a pathway off the offer", response_model=MessageView,
    responses=problems(404, 409, 412),
)  # fmt: skip
async def delete_pathway(course_id: CourseId, pathway_id: str, call: Writing) -> Response:
    """Any but the selected one and the last one. A new run of stage 3 may propose it again."""

    async def answer(done: Done, _: str) -> Answer:
        return model_answer(MessageView(message="Pathway deleted"), ETag=etag(done.seq))

    return await call.carry_out(course_id, commands.DeletePathway(pathway_id), answer)


@router.patch(
    "/pathways/{pathway_id}", summary="Change a pathway", response_model=shapes.PathwayView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def edit_pathway(course_id: CourseId, pathway_id: str, body: shapes.EditPathwayBody, call: Writing) -> Response:
    """The pathway after the change."""
    prerequisites = None if body.prerequisites is None else tuple(body.prerequisites)
    change = commands.EditPathway(body.title, body.description, body.complexity_level, prerequisites)
    return await _revise(call, course_id, pathway_id, change, body)


@router.post(
    "/pathways/{pathway_id}/modules", status_code=201, summary="Add a module", response_model=shapes.PathwayView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def add_module(course_id: CourseId, pathway_id: str, body: shapes.AddModuleBody, call: Writing) -> Response:
    """The pathway after the change."""
    objectives, at = _objectives(body), None if body.position is None else body.position - 1
    change = commands.AddModule(body.title, body.description, tuple(body.document_ids), objectives, at)
    return await _revise(call, course_id, pathway_id, change, body, 201)


@router.put(
    "/pathways/{pathway_id}/modules/order", summary="Put the modules in another order",
    response_model=shapes.PathwayView, responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def order_modules(course_id: CourseId, pathway_id: str, body: shapes.OrderModulesBody, call: Writing) -> Response:
    """The pathway after the change."""
    return await _revise(call, course_id, pathway_id, commands.OrderModules(tuple(body.module_ids)), body)


@router.patch(
    "/pathways/{pathway_id}/modules/{module_id}", summary="Change a module", response_model=shapes.PathwayView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def edit_module(
    course_id: CourseId, pathway_id: str, module_id: str, body: shapes.EditModuleBody, call: Writing
) -> Response:
    """The pathway after the change."""
    documents = None if body.document_ids is None else tuple(body.document_ids)
    sections = None if body.sections is None else tuple((one.document_id, one.section_id) for one in body.sections)
    objectives = _objectives(body)
    change = commands.EditModule(module_id, body.title, body.description, documents, objectives, sections, body.part)
    return await _revise(call, course_id, pathway_id, change, body)


@router.put(
    "/pathways/{pathway_id}/modules/{module_id}", summary="Take over a module", response_model=shapes.PathwayView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def take_module(
    course_id: CourseId, pathway_id: str, module_id: str, body: shapes.TakeModuleBody, call: Writing
) -> Response:
    """The pathway with a module that another pathway on offer has; both have it then."""
    at = None if body.position is None else body.position - 1
    change = commands.TakeModule(module_id, body.from_pathway_id, at)
    return await _revise(call, course_id, pathway_id, change, body)


@router.delete(
    "/pathways/{pathway_id}/modules/{module_id}", summary="Take a module out", response_model=shapes.PathwayView,
    responses=problems(404, 409, 412),
)  # fmt: skip
async def delete_module(course_id: CourseId, pathway_id: str, module_id: str, call: Writing) -> Response:
    """The pathway after the change."""
    return await _revise(call, course_id, pathway_id, commands.DeleteModule(module_id))


def _objectives(given: shapes.ObjectivesBody) -> tuple[commands.ObjectiveText, ...] | None:
    """With the levels they were given; a text alone keeps the level it has."""
    if given.objectives is not None:
        return tuple(commands.ObjectiveText(one.text, one.bloom) for one in given.objectives)
    if given.learning_objectives is not None:
        return tuple(commands.ObjectiveText(text, None) for text in given.learning_objectives)
    return None


@router.post(
    "/stage3-selections", summary="Choose a pathway", response_model=SelectionSavedView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def save_stage3_selections(course_id: CourseId, body: shapes.Stage3SelectionsBody, call: Writing) -> Response:
    """Saved; stage 4 starts here only with `start_next`."""

    async def answer(done: Done, _: str) -> Answer:
        following = call.services.product.pipeline.by_name["modules"].key
        saved = SelectionSavedView(message="Selection saved", next_stage=following, task_id=done.task_id)
        return model_answer(saved)

    command = commands.SelectPathway(body.selected_pathway_id, body.start_next)
    return await call.carry_out(course_id, command, answer, body)


@router.get(
    "/stage3-selections", summary="Get the chosen pathway", response_model=shapes.Stage3SelectionsView,
    responses=problems(404),
)  # fmt: skip
async def get_stage3_selections(course_id: CourseId, call: Reading) -> Any:
    """Null until one is chosen."""
    await call.state(course_id)
    row = await find_selection(call.services.reads, stage3_selections, call.owner, course_id)
    return shapes.Stage3SelectionsView(selected_pathway_id=None, selected_at=None) if row is None else row
