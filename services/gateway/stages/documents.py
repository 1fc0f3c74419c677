"""The gateway's side of documents: those that were uploaded are read."""

from collections.abc import Mapping
from typing import Any

from services.gateway.course.product import Asking
from services.gateway.course.shapes import Body
from services.gateway.course.state import Document
from services.gateway.stages.added import AddedStage
from shared.added.kinds import DOCUMENTS
from shared.events.documents import DocumentRead
from shared.pipeline import PIPELINE


class ReadDocumentsBody(Body):
    """Nothing is asked: what was uploaded and is not read yet is read."""


class Documents(AddedStage):
    """Uploaded documents."""

    kind = DOCUMENTS
    row = PIPELINE.by_name["documents"]
    asking = Asking(
        "read-documents", "readDocuments", "Read the uploaded documents that are not read yet",
        "An upload asks for this by itself; this asks again, also for documents that failed.",
        "Upload a document first", ReadDocumentsBody, is_body_needed=False,
    )  # fmt: skip

    def facts(self, event: DocumentRead) -> Mapping[str, Any]:
        notes = (*(f"{what} in the document: not run" for what in event.ignored), *event.problems)
        return {"title": event.title, "page_count": event.page_count or None, "notes": notes}

    def source_facts(self, file: Document, event: DocumentRead) -> Mapping[str, Any]:
        pages = (
            {"kind": "pdf", "pages": event.pages, "places": event.places} if event.page_count else {"kind": "document"}
        )
        return {"file": file.blob, **pages}
