"""The gateway's side of documents: PDFs that were uploaded are read, and each becomes a source of the course."""

from collections.abc import Sequence

from services.gateway.course.commands import Inputs, Start
from services.gateway.course.product import Asking, GatewayStage
from services.gateway.course.shapes import Body
from services.gateway.course.state import CourseState, Document, Plan, Source, StageRun, replace
from services.gateway.stages.sources import with_source
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.documents import DocumentRead, DocumentRefused, DocumentsStarted
from shared.events.gateway import DocumentAsked, DocumentDeleted, DocumentsRequested, DocumentUploaded
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE


class ReadDocumentsBody(Body):
    """Nothing is asked: what was uploaded and is not read yet is read."""


class Documents(GatewayStage):
    """Uploaded documents."""

    row = PIPELINE.by_name["documents"]
    asking = Asking(
        "read-documents", "readDocuments", "Read the uploaded documents that are not read yet",
        "An upload asks for this by itself; this asks again after a run failed or was canceled.",
        "Upload a document first", ReadDocumentsBody, is_body_needed=False,
    )  # fmt: skip
    takes = ()
    shows = ()

    def planned(self, plan: Plan) -> Inputs:
        return {}

    def refuse(self, state: CourseState, start: Start, is_outdated: bool) -> str | None:
        return None if state.documents else "Upload a document first: POST /api/documents/upload."

    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> DocumentsRequested:
        left = [one for one in state.documents if one.status == "uploaded"]
        return DocumentsRequested(
            course_id=state.course_id, run_id=run_id, owner=state.owner, retry_of=start.retry_of,
            documents=[DocumentAsked.model_validate(one, from_attributes=True) for one in left],
        )  # fmt: skip

    def basis(self, state: CourseState) -> Sequence[object]:
        return ()

    def moved(self, run: StageRun, event: Event) -> StageRun:
        match event:
            case DocumentsStarted():
                return replace(run, planned=event.documents_planned)
            case DocumentRead() | DocumentRefused():
                return replace(run, done=run.done + 1, planned=max(run.planned, run.done + 1))
            case _:
                return run

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        event = recorded.event
        if not isinstance(event, DocumentRead | DocumentRefused):
            return state
        document = state.document(event.document_id)
        if document is None:
            return state
        if isinstance(event, DocumentRefused):
            refused = replace(document, error=event.error, message=event.message, changed_at=recorded.time)
            return replace(state, documents=_put(state, refused))
        notes = (*(f"{what} in the PDF: not run" for what in event.ignored), *event.problems)
        read = replace(
            document, title=event.title, page_count=event.page_count, text=event.text, notes=notes,
            changed_at=recorded.time,
        )  # fmt: skip
        source = Source(
            stage=self.row.name, source_id=event.source_id, repo_url="", canonical_url="", ref="", commit="",
            repo_name=document.file_name.rpartition(".")[0], project_name=event.title,
            files=event.files, folders=event.folders, navigation=None,
            licence=document.licence, kind="pdf", file=document.blob, file_name=document.file_name, pages=event.pages,
            reader=event.reader,
        )  # fmt: skip
        return replace(state, documents=_put(state, read), sources=with_source(state, source))


def _put(state: CourseState, document: Document) -> tuple[Document, ...]:
    """The documents with this one in its place."""
    return tuple(document if one.document_id == document.document_id else one for one in state.documents)


def uploads_changed(state: CourseState, recorded: Recorded) -> CourseState:
    """The course after a document was uploaded or deleted."""
    match recorded.event:
        case DocumentUploaded() as event:
            document = Document(
                event.document_id, event.file_name, event.path, event.blob, recorded.time, recorded.time, event.licence
            )
            return replace(state, documents=(*state.documents, document))
        case DocumentDeleted() as event:
            gone = state.document(event.document_id)
            kept = tuple(one for one in state.documents if one is not gone)
            left = tuple(one for one in state.sources if gone is None or one.file != gone.blob)
            return replace(state, documents=kept, sources=left)
        case _:
            return state
