"""The documents that users uploaded. Column names are those of the API."""

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from services.gateway.course.state import Document
from services.gateway.readmodels.added import AddedTable, about_reading
from services.gateway.readmodels.below_course import belongs_to_course, course_key
from shared.added.kinds import DOCUMENTS
from shared.readmodels.base import METADATA

documents = Table(
    "documents",
    METADATA,
    course_key(),
    Column("document_id", Text, primary_key=True),
    Column("filename", Text, nullable=False),
    Column("mime_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("page_count", Integer),
    Column("title", Text, nullable=False),
    *about_reading(),
    belongs_to_course(),
    Index("ix_documents_document_id", "document_id"),
)


def _row(document: Document) -> dict[str, Any]:
    return {
        "document_id": document.document_id,
        "mime_type": document.blob.media_type,
        "size_bytes": document.blob.size,
        "page_count": document.page_count,
        "created_at": document.uploaded_at,
    }


DOCUMENT_ROWS = AddedTable(DOCUMENTS, documents, "document_id", _row)
