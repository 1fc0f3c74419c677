"""The analyses of documents, and the user's corrections."""

from typing import Any

from fastapi import APIRouter, Response

from services.gateway.api.calls import CourseId, Paged, Reading, Writing, etag, model_answer, not_ready
from services.gateway.api.problems import problems
from services.gateway.api.schemas.documents import (
    DocumentsView,
    DocumentView,
    ReviseDocumentBody,
    SkippedDocumentView,
)
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import ReviseDocument
from services.gateway.course.state import CourseState
from services.gateway.readmodels.analyzed_documents import find_document, find_documents, find_skipped
from shared.kernel.errors import NotFound
from shared.readmodels.writing import Done
from shared.web.idempotency import Answer

router = APIRouter(prefix="/api/courses/{course_id}", tags=["stage 2"], route_class=StrictRoute)


@router.get(
    "/analyzed-documents", summary="Get the analyses", response_model=DocumentsView, responses=problems(404, 409),
)  # fmt: skip
async def get_analyzed_documents(course_id: CourseId, call: Reading, page: Paged) -> Response:
    """Concepts, objectives and summaries of each document, and what was left out."""

    async def render(state: CourseState) -> DocumentsView:
        if state.analysis is None:
            raise not_ready(call, state, "doc_analyser", "The analyses")
        documents = await find_documents(call.services.reads, call.owner, course_id)
        skipped = await find_skipped(call.services.reads, call.owner, course_id)
        return DocumentsView(
            documents=[DocumentView.model_validate(row) for row in documents],
            total=len(documents),
            skipped=[SkippedDocumentView.model_validate(row) for row in skipped],
        )

    return await call.whole(course_id, "analyzed-documents", render, page.of("documents"))


@router.patch(
    "/analyzed-documents/{document_id}", summary="Correct an analysis", response_model=DocumentView,
    responses=problems(404, 409, 412, 413),
)  # fmt: skip
async def revise_document(course_id: CourseId, document_id: str, body: ReviseDocumentBody, call: Writing) -> Response:
    """Later stages use the correction, and a new run of this one keeps it."""

    async def find() -> DocumentView:
        row = (
            await find_document(call.services.reads, call.owner, course_id, document_id)
            if _is_id(document_id)
            else None
        )
        if row is None:
            raise NotFound("There is no such document")
        return DocumentView.model_validate(row)

    async def answer(done: Done, _: str) -> Answer:
        return model_answer(await find(), ETag=etag(done.seq))

    await call.state(course_id)
    await find()
    fields: dict[str, Any] = body.model_dump(exclude_none=True)
    return await call.carry_out(course_id, ReviseDocument(document_id, fields), answer, body)


def _is_id(text: str) -> bool:
    return text.isascii() and text.replace("-", "").replace("_", "").isalnum() and len(text) <= 64
