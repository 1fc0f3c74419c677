"""Documents that users upload: `/api/documents`."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from starlette.datastructures import UploadFile

from services.gateway.api.added import AddedFiles, file_answers, form_body, text_answers
from services.gateway.api.calls import Call, CourseId, Reading, Writing
from services.gateway.api.forms import Rule, plain_name, sent_form
from services.gateway.api.kept import ID
from services.gateway.api.problems import problems
from services.gateway.api.schemas.uploads import (
    ChoiceView,
    SentUpload,
    UploadedDocumentView,
    UploadedView,
    UploadForm,
    stated_licence,
)
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import AddFile
from services.gateway.readmodels.courses import list_courses
from services.gateway.readmodels.documents import DOCUMENT_ROWS
from shared.docs.kinds import DOCUMENT_KINDS, KIND_OF_ENDING, DocumentKind, ending_of
from shared.docs.pdf.facts import MAX_PAGES
from shared.kernel.ids import content_id
from shared.kernel.refusals import Refusal, Refused, invalid

router = APIRouter(tags=["documents"], route_class=StrictRoute)

UPLOAD = "/api/documents/upload"

_FILES = AddedFiles(DOCUMENT_ROWS, ("document_not_read", "The document is not read"))
_UNSAID = frozenset({"application/octet-stream", ""})
_MOST_CHOICES = 200
_KINDS = "a PDF, a page (HTML), a DOCX or an EPUB"
_BODY = form_body({"file": f"{_KINDS}, with the ending of its kind"}, {}, "the bytes of a PDF")
PageNumber = Annotated[int, Path(ge=1, le=MAX_PAGES, description="the number of a page, from 1")]
DocumentId = Annotated[str, Path(pattern=ID, description="The document's id")]


@router.get("/api/courses", summary="List your courses in short", responses=problems())
async def list_course_choices(call: Reading) -> list[ChoiceView]:
    """The newest two hundred, by code; `/api/projects/` has all of them, and more about each."""
    page, _ = await list_courses(
        call.services.reads, call.owner, limit=_MOST_CHOICES, cursor=None, status=None, words=None
    )  # fmt: skip
    found = [ChoiceView(id=row.course_id, code=row.repo_name or "", title=row.title, instructor=None) for row in page]
    return sorted(found, key=lambda one: (one.code, one.title, one.id))


@router.post(
    UPLOAD, status_code=201, summary="Upload a document to a course", response_model=UploadedView, openapi_extra=_BODY,
    responses={**problems(400, 404, 409, 413), 200: {"model": UploadedView, "description": "The course has it"}},
)  # fmt: skip
async def upload_document(call: Writing) -> Response:
    """It is read at once, and then is a source of the course. The same bytes in one course are one document: 200."""
    async with sent_form(call.request, 1, partial(_rule, call)) as form:
        sent = form.fields(UploadForm)
        if (file := form.files("file").get("file")) is None:
            raise Refused(invalid("/file", "Send the document as the part `file`"))
        state = await call.state(sent.course_id)
        document_id = content_id("u", sent.course_id, file.sha256)
        command = AddFile(
            "documents", document_id, file.name, file.sha256[:8], {"blob": file.store},
            {"licence": stated_licence(sent.licence, sent.sharing)},
        )  # fmt: skip
        whole = SentUpload(**sent.model_dump(), document_id=document_id, file_name=file.name)
        view = partial(_view, document_id, sent.course_id)
        return await _FILES.add(call, state, command, whole, view)


def _view(document_id: str, course_id: str, status: str) -> UploadedView:
    return UploadedView(document_id=document_id, course_id=course_id, status=status)


def _rule(call: Call, part: str, file: UploadFile) -> Rule:
    """A file that calls itself a document. Raises Refused."""
    name = plain_name(file, f"/{part}")
    kind = KIND_OF_ENDING.get(ending_of(name))
    sent_as = (file.content_type or "").split(";")[0].strip()
    if kind is None or sent_as not in {kind.media_type, *kind.sent_as, *_UNSAID}:
        message = f"Upload {_KINDS}, with the ending and the media type of its kind"
        raise Refused(Refusal(400, "not_document", message, "/file"))
    return Rule(name, kind.media_type, call.services.settings.document_limit_bytes, partial(_look, kind))


def _look(kind: DocumentKind, head: bytes) -> None:
    if not kind.begins(head):
        message = f"The file is not what its name says: it does not begin like {kind.about}"
        raise Refused(Refusal(400, "not_document", message, "/file"))


@router.get(
    "/api/documents/{document_id}", summary="Get an uploaded document", response_model=UploadedDocumentView,
    responses=problems(404),
)  # fmt: skip
async def get_document(document_id: DocumentId, call: Reading) -> Any:
    """Its name, its size, and whether it is read; `failed` says why it cannot be taught from."""
    return await _FILES.find(call, document_id)


@router.get(
    "/api/courses/{course_id}/documents", summary="List the uploaded documents",
    response_model=list[UploadedDocumentView], responses=problems(404),
)  # fmt: skip
async def list_documents(course_id: CourseId, call: Reading) -> Sequence[Any]:
    """Oldest first."""
    return await _FILES.list_of(call, course_id)


@router.get(
    "/api/documents/{document_id}/file", summary="Get the file of a document", response_class=Response,
    responses=file_answers(*(kind.media_type for kind in DOCUMENT_KINDS)),
)  # fmt: skip
async def get_document_file(document_id: DocumentId, call: Reading) -> Response:
    """With `Range`: one range of its bytes. All kinds but PDF come as a download."""
    return await _FILES.file(call, document_id)


@router.get(
    "/api/documents/{document_id}/text", summary="Get the text that citations name", response_class=Response,
    responses=text_answers("# A heading\n\nA line of the document.\n"),
)  # fmt: skip
async def get_document_text(document_id: DocumentId, call: Reading) -> Response:
    """As Markdown, with one line for each line of a PDF or one for each sentence; 404 until the document is read."""
    return await _FILES.text(call, document_id)


@router.get(
    "/api/documents/{document_id}/pages/{page}", summary="Get the picture of a page", response_class=Response,
    responses=file_answers("image/png"),
)  # fmt: skip
async def get_document_page(document_id: DocumentId, page: PageNumber, call: Reading) -> Response:
    """Of a PDF, each page that the course cites. `boxes` of a citation say where its lines stand."""
    return await _FILES.page(call, document_id, page)


@router.delete(
    "/api/documents/{document_id}", status_code=204, summary="Delete a document", responses=problems(404, 412),
)  # fmt: skip
async def delete_document(document_id: DocumentId, call: Writing) -> Response:
    """With its bytes, its text and what was made from it; the modules that say nothing of it stay."""
    return await _FILES.remove(call, document_id)
