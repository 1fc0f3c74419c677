"""The documents that users uploaded, and what became of each."""

from collections.abc import Sequence
from types import SimpleNamespace

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.readmodels.below_course import belongs_to_course, course_key
from services.gateway.readmodels.courses import courses, mine
from services.gateway.readmodels.reads import Reads
from shared.events.documents import DocumentRead, DocumentRefused
from shared.events.gateway import DocumentDeleted, DocumentUploaded
from shared.readmodels.base import METADATA, Changes, Fact, Remove, put

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
    Column("status", Text, nullable=False),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("notes", JSONB, nullable=False),
    Column("licence", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
    Index("ix_documents_document_id", "document_id"),
)


def project(fact: Fact) -> Changes:
    """The document of a fact as the state has it."""
    event = fact.recorded.event
    if isinstance(event, DocumentDeleted):
        return (Remove(documents, ((fact.aggregate_id, event.document_id),)),)
    if not isinstance(event, DocumentUploaded | DocumentRead | DocumentRefused):
        return ()
    document = fact.state.document(event.document_id)
    if document is None:
        return ()
    row = {
        "course_id": fact.aggregate_id,
        "document_id": document.document_id,
        "filename": document.file_name,
        "mime_type": document.blob.media_type,
        "size_bytes": document.blob.size,
        "page_count": document.page_count,
        "title": document.title,
        "status": document.status,
        "error_code": document.error or None,
        "error_message": document.message or None,
        "notes": list(document.notes),
        "licence": document.licence.model_dump(mode="json") if document.licence is not None else None,
        "created_at": document.uploaded_at,
        "updated_at": document.changed_at,
    }
    return put(documents, row)


async def list_documents(reads: Reads, owner: str, course_id: str) -> Sequence[SimpleNamespace]:
    """The documents of the owner's course, oldest first."""
    query = mine(documents).order_by(documents.c.created_at, documents.c.document_id)
    return await reads.all(query, owner=owner, course_id=course_id)


_ONE = (
    select(documents)
    .join(courses, courses.c.course_id == documents.c.course_id)
    .where(
        courses.c.user_id == bindparam("owner", type_=Text),
        documents.c.document_id == bindparam("document_id", type_=Text),
    )
    .limit(1)
)


async def find_document(reads: Reads, owner: str, document_id: str) -> SimpleNamespace | None:
    """The owner's document with this id, whichever course it is in."""
    return await reads.one(_ONE, owner=owner, document_id=document_id)
