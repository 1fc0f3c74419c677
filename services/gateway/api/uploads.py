"""Documents that users upload: `/api/documents`."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.datastructures import UploadFile

from services.gateway.api.calls import Call, CourseId, Reading, Writing, model_answer
from services.gateway.api.forms import hash_file, plain_name, sent_form
from services.gateway.api.kept import ID
from services.gateway.api.problems import problems
from services.gateway.api.schemas.uploads import ChoiceView, SentUpload, UploadedDocumentView, UploadedView, UploadForm
from services.gateway.api.stored_files import send_file
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import AddDocument, DeleteDocument
from services.gateway.course.state import CourseState, Document
from services.gateway.readmodels.courses import list_courses
from services.gateway.readmodels.documents import find_document, list_documents
from services.gateway.write.idempotency import Answer
from shared.docs.pdf.facts import MEDIA_TYPE, is_pdf
from shared.kernel.errors import NotFound
from shared.kernel.ids import content_id
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.readmodels.writing import Done

router = APIRouter(tags=["documents"], route_class=StrictRoute)

UPLOAD = "/api/documents/upload"

_MIME_TYPES = frozenset({MEDIA_TYPE, "application/x-pdf", "application/octet-stream", ""})
_MOST_CHOICES = 200
_TEXT = {"schema": {"type": "string"}, "example": "# A heading\n\nA line of the document.\n"}
_FILE = {"schema": {"type": "string", "format": "binary"}, "example": "the bytes of the file"}
_BODY = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "required": ["file", "course_id"],
                "properties": {
                    "file": {"type": "string", "format": "binary", "description": "a PDF whose name ends with .pdf"},
                    "course_id": {"type": "string"},
                    "licence": {"type": "string", "description": "its SPDX id or expression, if you know it"},
                    "sharing": {
                        "enum": ["allowed", "unclear", "forbidden"], "default": "unclear",
                        "description": "whether copies may be passed on",
                    },
                },
            },
            "example": {"file": "the bytes of a PDF", "course_id": "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"},
        }
    },
}  # fmt: skip
DocumentId = Annotated[str, Path(pattern=ID, description="The document's id")]


@router.get(
    "/api/courses", operation_id="listCourseChoices", summary="List your courses in short",
    response_model=list[ChoiceView], responses=problems(),
)  # fmt: skip
async def list_choices(call: Reading) -> list[ChoiceView]:
    """The newest two hundred, by code; `/api/projects/` has all of them, and more about each."""
    page, _ = await list_courses(
        call.services.reads, call.owner, limit=_MOST_CHOICES, cursor=None, status=None, words=None
    )  # fmt: skip
    found = [ChoiceView(id=row.course_id, code=row.repo_name or "", title=row.title, instructor=None) for row in page]
    return sorted(found, key=lambda one: (one.code, one.title, one.id))


@router.post(
    UPLOAD, status_code=201, operation_id="uploadDocument", summary="Upload a PDF to a course",
    response_model=UploadedView, openapi_extra={"requestBody": _BODY},
    responses={**problems(400, 404, 409, 413), 200: {"model": UploadedView, "description": "The course has it"}},
)  # fmt: skip
async def upload(call: Writing) -> Response:
    """It is read at once, and then is a source of the course. The same bytes in one course are one document: 200."""
    async with sent_form(call.request, files=1) as form:
        if (file := form.file("file")) is None:
            raise Refused(invalid("/file", "Send the document as the part `file`"))
        return await _add(call, form.fields(UploadForm), file)


async def _add(call: Call, form: UploadForm, file: UploadFile) -> Response:
    state = await call.state(form.course_id)
    name = _pdf_name(file)
    sha256, size = await hash_file(file, call.services.settings.document_limit_bytes, _look)
    document_id = content_id("u", form.course_id, sha256)
    known = state.document(document_id) is not None
    blob = await call.services.blobs.put_file(form.course_id, file.file, sha256, size, MEDIA_TYPE)

    async def answer(_: Done, course_id: str) -> Answer:
        row = await find_document(call.services.reads, call.owner, document_id)
        status = row.status if row is not None else "uploaded"
        return model_answer(
            UploadedView(document_id=document_id, course_id=course_id, status=status), 200 if known else 201,
            Location=f"/api/documents/{document_id}",
        )  # fmt: skip

    command = AddDocument(document_id, name, blob, form.stated_licence)
    sent = SentUpload(**form.model_dump(), document_id=document_id, file_name=name)
    return await call.carry_out(form.course_id, command, answer, sent)


def _pdf_name(file: UploadFile) -> str:
    """The name without folders. Raises Refused for what does not call itself a PDF."""
    name = plain_name(file, "/file")
    if not name.lower().endswith(".pdf") or (file.content_type or "").split(";")[0].strip() not in _MIME_TYPES:
        raise Refused(Refusal(400, "not_pdf", "Upload a PDF: a name that ends with .pdf, and application/pdf", "/file"))
    return name


def _look(head: bytes) -> None:
    if not is_pdf(head):
        raise Refused(Refusal(400, "not_pdf", "The file is not a PDF: it does not begin like one", "/file"))


@router.get(
    "/api/documents/{document_id}", operation_id="getDocument", summary="Get an uploaded document",
    response_model=UploadedDocumentView, responses=problems(404),
)  # fmt: skip
async def get_document(document_id: DocumentId, call: Reading) -> Any:
    """Its name, its size, and whether it is read; `failed` says why it cannot be taught from."""
    row = await find_document(call.services.reads, call.owner, document_id)
    if row is None:
        raise NotFound("There is no such document", code="document_not_found")
    return row


@router.get(
    "/api/courses/{course_id}/documents", operation_id="listDocuments", summary="List the uploaded documents",
    response_model=list[UploadedDocumentView], responses=problems(404),
)  # fmt: skip
async def list_uploaded(course_id: CourseId, call: Reading) -> Sequence[Any]:
    """Oldest first."""
    await call.state(course_id)
    return await list_documents(call.services.reads, call.owner, course_id)


@router.get(
    "/api/documents/{document_id}/file", operation_id="getDocumentFile", summary="Get the PDF",
    response_class=Response,
    responses={
        **problems(404, 416),
        200: {"description": "The file", "content": {MEDIA_TYPE: _FILE}},
        206: {"description": "The range that was asked for", "content": {MEDIA_TYPE: _FILE}},
    },
)  # fmt: skip
async def get_document_file(document_id: DocumentId, call: Reading) -> Response:
    """With `Range`: one range of its bytes."""
    _, document = await _document(call, document_id)
    return await send_file(call, document.blob, document.file_name)


@router.get(
    "/api/documents/{document_id}/text", operation_id="getDocumentText", summary="Get the text that citations name",
    response_class=Response,
    responses={**problems(404, 416), 200: {"description": "The text", "content": {"text/markdown": _TEXT}}},
)  # fmt: skip
async def get_document_text(document_id: DocumentId, call: Reading) -> Response:
    """One line for each line of the PDF, as Markdown; 404 until the document is read."""
    _, document = await _document(call, document_id)
    if document.text is None:
        raise NotFound("The document is not read", code="document_not_read")
    return await send_file(call, document.text, PurePosixPath(document.path).name)


async def _document(call: Call, document_id: str) -> tuple[CourseState, Document]:
    row = await find_document(call.services.reads, call.owner, document_id)
    state = await call.state(row.course_id) if row is not None else None
    document = state.document(document_id) if state is not None else None
    if state is None or document is None:
        raise NotFound("There is no such document", code="document_not_found")
    return state, document


@router.delete(
    "/api/documents/{document_id}", status_code=204, operation_id="deleteDocument", summary="Delete a document",
    responses=problems(404, 412),
)  # fmt: skip
async def delete_document(document_id: DocumentId, call: Writing) -> Response:
    """With its bytes and its text. A course made from it stays, and is outdated, until it is generated again."""
    state, document = await _document(call, document_id)

    async def answer(_: Done, course_id: str) -> Answer:
        await _forget(call, state, document)
        return Answer(204, {}, None)

    return await call.carry_out(state.course_id, DeleteDocument(document_id, call.by), answer)


async def _forget(call: Call, state: CourseState, document: Document) -> None:
    """Remove the bytes of a document that is deleted, but no text that another document has too."""
    source = next((one for one in state.sources if one.file == document.blob), None)
    same = any(one.text == document.text for one in state.documents if one is not document)
    refs = [document.blob, *([source.files] if source is not None else [])]
    await call.services.blobs.delete([*refs, *([document.text] if document.text is not None and not same else [])])
