"""The files of a repository, and the user's choice among them."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.api.calls import Call, CourseId, Paged, Reading, Writing, model_answer, not_ready
from services.gateway.api.problems import problems
from services.gateway.api.schemas.repository_files import (
    FileView,
    FolderView,
    RepositoryFilesView,
    Stage1SelectionsBody,
    Stage1SelectionsView,
)
from services.gateway.api.schemas.stages import SelectionSavedView
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import SelectSources
from services.gateway.course.state import CourseState
from services.gateway.readmodels.repository_files import find_files, known_paths
from services.gateway.readmodels.selections import find_selection, stage1_selections
from services.gateway.stages.selection import normalise_folder
from shared.kernel.refusals import Refused, invalid
from shared.readmodels.writing import Done
from shared.web.idempotency import Answer

_SAVED = frozenset({"folders", "overview_document", "excluded_files"})

router = APIRouter(prefix="/api/courses/{course_id}", tags=["stage 1"], route_class=StrictRoute)


@router.get(
    "/repository-files", summary="Get the folders and files of the repository", response_model=RepositoryFilesView,
    responses=problems(404, 409),
)  # fmt: skip
async def get_repository_files(course_id: CourseId, call: Reading, page: Paged) -> Response:
    """With what counts as documentation, and why the rest of it does not."""

    async def render(state: CourseState) -> RepositoryFilesView:
        source = state.source
        if source is None:
            raise not_ready(call, state, "repo_clone", "The files")
        rows = await find_files(call.services.reads, call.owner, course_id)
        files = [row for row in rows if row.file_type == "file"]
        return RepositoryFilesView(
            repo_name=source.repo_name,
            repo_url=source.repo_url,
            ref=source.ref,
            commit=source.commit,
            folders=[
                FolderView(id=r.id, path=r.file_path, file_path=r.file_path, documents=r.documents or 0)
                for r in rows
                if r.file_type == "folder"
            ],
            files=[_file(row) for row in files],
            overview_candidates=[row.file_path for row in files if row.is_overview_candidate],
            total=len(files),
        )

    return await call.whole(course_id, "repository-files", render, page.of("files"))


def _file(row: Any) -> FileView:
    return FileView(
        id=row.id, path=row.file_path, file_path=row.file_path, kind=row.kind, size=row.file_size,
        file_size=row.file_size, is_documentation=row.is_documentation,
        is_overview_candidate=row.is_overview_candidate, reason=row.reason,
    )  # fmt: skip


@router.post(
    "/stage1-selections", summary="Choose folders and an overview document", response_model=SelectionSavedView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def save_stage1_selections(course_id: CourseId, body: Stage1SelectionsBody, call: Writing) -> Response:
    """Saved; stage 2 starts here only if `start_next` gives its inputs."""
    folders = tuple(dict.fromkeys(normalise_folder(folder) for folder in body.selected_folders))
    await _check_paths(call, course_id, folders, body)
    start = body.start_next
    inputs = start.model_dump() if start else None
    named = {"selected_folders": "folders"}
    given = frozenset(named.get(field, field) for field in body.model_fields_set)
    command = SelectSources(folders, body.overview_document, tuple(body.excluded_files), inputs, _SAVED - given)

    async def answer(done: Done, _: str) -> Answer:
        following = call.services.product.pipeline.by_name["doc_analyser"].key
        saved = SelectionSavedView(message="Selections saved", next_stage=following, task_id=done.task_id)
        return model_answer(saved)

    return await call.carry_out(course_id, command, answer, body)


async def _check_paths(call: Call, course_id: str, folders: tuple[str, ...], body: Stage1SelectionsBody) -> None:
    """Every path must be one of the listing, so that a typing error does not become an empty course."""
    if (await call.state(course_id)).source is None:
        return  # the decision says what comes first
    known_folders = await known_paths(call.services.reads, call.owner, course_id, "folder")
    known_files = await known_paths(call.services.reads, call.owner, course_id, "file")
    for at, folder in enumerate(folders):
        if folder and folder not in known_folders:
            raise Refused(invalid(f"/selected_folders/{at}", "The repository has no such folder", "unknown_path"))
    if body.overview_document is not None and body.overview_document not in known_files:
        raise Refused(invalid("/overview_document", "The repository has no such file", "unknown_path"))
    for at, path in enumerate(body.excluded_files):
        if path not in known_files:
            raise Refused(invalid(f"/excluded_files/{at}", "The repository has no such file", "unknown_path"))


@router.get(
    "/stage1-selections", summary="Get the selection", response_model=Stage1SelectionsView, responses=problems(404),
)  # fmt: skip
async def get_stage1_selections(course_id: CourseId, call: Reading) -> Any:
    """Without one all documentation counts."""
    await call.state(course_id)
    row = await find_selection(call.services.reads, stage1_selections, call.owner, course_id)
    if row is None:
        return Stage1SelectionsView(selected_folders=[], overview_document=None, excluded_files=[], selected_at=None)
    return row
