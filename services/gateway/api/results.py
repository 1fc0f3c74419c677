"""Files and figures of a finished course: exports and the quality report."""

import re

from fastapi import APIRouter, Response

from services.gateway.api.calls import Call, CourseId, Reading, not_ready
from services.gateway.api.problems import problems
from services.gateway.api.rendered import Body
from services.gateway.api.schemas.generated_courses import ExportView, QualityView
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.state import CourseState
from services.gateway.readmodels.generated_courses import find_exports
from shared.events import BlobRef
from shared.kernel.errors import NotFound

router = APIRouter(prefix="/api/courses/{course_id}", tags=["results"], route_class=StrictRoute)

_FILE = {"schema": {}, "example": "the bytes of the file"}
_PACKED = frozenset({"application/zip", "application/epub+zip"})
_EXTENSIONS = {"application/zip": "zip", "application/json": "json", "application/epub+zip": "epub"}


@router.get("/exports", summary="List the exports", responses=problems(404, 409))
async def list_exports(course_id: CourseId, call: Reading) -> list[ExportView]:
    """With size and sha256."""
    state = await call.state(course_id)
    if state.generated is None:
        raise not_ready(call, state, "modules", "The exports")
    rows = await find_exports(call.services.reads, call.owner, course_id)
    return [
        ExportView(
            kind=row.kind, media_type=row.media_type, size=row.size, sha256=row.sha256,
            url=f"/api/courses/{course_id}/exports/{row.kind}",
        )
        for row in rows
    ]  # fmt: skip


@router.get(
    "/exports/{kind}", summary="Download an export", response_class=Response,
    responses={
        **problems(404, 409),
        200: {"description": "The file", "content": {"application/*": _FILE}},
    },
)  # fmt: skip
async def get_export(course_id: CourseId, kind: str, call: Reading) -> Response:
    """One file; its ETag is its sha256."""
    state = await call.state(course_id)
    if state.generated is None:
        raise not_ready(call, state, "modules", "The exports")
    blob = next((export.blob for export in state.generated.exports if export.kind == kind), None)
    if blob is None:
        offered = ", ".join(export.kind for export in state.generated.exports)
        raise NotFound(f"There is no such export; there are: {offered}")
    headers = {
        "ETag": f'"{blob.sha256}"',
        "Content-Disposition": f'attachment; filename="{_file_name(state.title, kind, blob)}"',
        # A file of strangers' text is never shown as a page of this origin.
        "Content-Security-Policy": "sandbox",
    }
    if call.has(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    accepted = "" if blob.media_type in _PACKED else call.request.headers.get("accept-encoding", "")
    return await Body(0, await _read(call, blob)).response(headers, accepted, blob.media_type)


async def _read(call: Call, blob: BlobRef) -> bytes:
    try:
        return await call.services.blobs.get(blob)
    except NotFound as error:
        raise NotFound("The file is no longer there. Generate the course again.") from error


def _file_name(title: str, kind: str, blob: BlobRef) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "course"
    return f"{slug}-{kind}.{_EXTENSIONS.get(blob.media_type, 'bin')}"


@router.get("/quality", summary="Get the quality report", response_model=QualityView, responses=problems(404, 409))
async def get_quality(course_id: CourseId, call: Reading) -> Response:
    """Every figure with its target, by metric and name; computed from the course and the repository alone."""

    async def render(state: CourseState) -> bytes:
        if state.generated is None:
            raise not_ready(call, state, "modules", "The figures")
        return await _read(call, state.generated.quality)

    return await call.whole(course_id, "quality", render)
