"""The findings of stage 2 in each document, with the user's corrections, and the documents it left out."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.readmodels.below_course import belongs_to_course, course_key
from services.gateway.readmodels.courses import mine
from services.gateway.readmodels.reads import Reads
from shared.engine.payloads import SAID_BY_USER, Makers
from shared.engine.types import DocumentAnalysis
from shared.events import Event
from shared.events.base import FileRemoved
from shared.events.doc_analyser import DocsAnalysed, DocumentAnalysed, DocumentSkipped
from shared.events.gateway import DocumentRevised
from shared.readmodels.base import METADATA, Changes, Clear, Fact, Remove, put, remove

analyzed_documents = Table(
    "analyzed_documents",
    METADATA,
    course_key(),
    Column("id", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("run_id", Text, nullable=False),
    Column("file_path", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("doc_type", Text, nullable=False),
    Column("complexity_level", Text, nullable=False),
    Column("for_whom", Text, nullable=False),
    Column("for_whom_reason", Text, nullable=False),
    Column("key_concepts", JSONB, nullable=False),
    Column("learning_objectives", JSONB, nullable=False),
    Column("summary", Text, nullable=False),
    Column("prerequisites", JSONB, nullable=False),
    Column("related_topics", JSONB, nullable=False),
    Column("headings", JSONB, nullable=False),
    Column("definitions", JSONB, nullable=False),
    Column("word_count", Integer, nullable=False),
    Column("problems", JSONB, nullable=False),
    Column("revised", Boolean, nullable=False),
    Column("analyzed_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
)

skipped_documents = Table(
    "skipped_documents",
    METADATA,
    course_key(),
    Column("id", Text, primary_key=True),
    Column("run_id", Text, nullable=False),
    Column("file_path", Text, nullable=False),
    Column("reason", Text, nullable=False),
    belongs_to_course(),
)


def looks_at(event: Event) -> tuple[Table, ...]:
    """The tables whose rows `project` needs."""
    match event:
        case DocsAnalysed():
            return analyzed_documents, skipped_documents
        case DocumentRevised():
            return (analyzed_documents,)
        case _:
            return ()


def project(fact: Fact) -> Changes:
    """Rows come one by one; when the stage is done, those of earlier runs go."""
    match fact.recorded.event:
        case DocumentAnalysed() as event:
            analysis = fact.load(event.analysis, DocumentAnalysis)
            if analysis is None:
                return ()
            gone = Remove(skipped_documents, ((fact.aggregate_id, event.document_id),))
            return gone, *put(analyzed_documents, _row(fact, event, analysis))
        case DocumentSkipped() as event:
            row = {
                "course_id": fact.aggregate_id, "id": event.document_id, "run_id": event.run_id,
                "file_path": event.path, "reason": event.reason,
            }  # fmt: skip
            return put(skipped_documents, row)
        case DocsAnalysed() as event:
            old = tuple(
                change
                for table in (analyzed_documents, skipped_documents)
                for change in remove(table, (row for row in fact.stored.of(table) if row["run_id"] != event.run_id))
            )
            return (*old, *_mark_makers(fact, event))
        case FileRemoved(withheld=True):
            return Clear(analyzed_documents), Clear(skipped_documents)
        case DocumentRevised() as event:
            revised = fact.state.revisions.get(event.document_id, {})
            found = (row for row in fact.stored.of(analyzed_documents) if row["id"] == event.document_id)
            return put(analyzed_documents, *({**row, **_said(revised), "revised": True} for row in found))
        case _:
            return ()


def _mark_makers(fact: Fact, event: DocsAnalysed) -> Changes:
    """The rows of documents for makers, with the reason; what the user said of a document stays."""
    makers = fact.load(event.makers, Makers) if event.makers is not None else None
    reasons = makers.root if makers is not None else {}
    return put(
        analyzed_documents,
        *(
            {**row, "for_whom": "makers", "for_whom_reason": reasons[row["id"]]}
            for row in fact.stored.of(analyzed_documents)
            if row["run_id"] == event.run_id
            and row["id"] in reasons
            and "for_whom" not in fact.state.revisions.get(row["id"], {})
        ),
    )


def _row(fact: Fact, event: DocumentAnalysed, analysis: DocumentAnalysis) -> dict[str, Any]:
    revised: Mapping[str, Any] = fact.state.revisions.get(event.document_id, {})
    found = {
        "course_id": fact.aggregate_id,
        "id": event.document_id,
        "source_id": event.source_id,
        "run_id": event.run_id,
        "file_path": event.path,
        "title": analysis.title,
        "doc_type": analysis.doc_type,
        "complexity_level": analysis.complexity_level,
        "for_whom": "users",
        "for_whom_reason": "",
        "key_concepts": [concept.name for concept in analysis.key_concepts],
        "learning_objectives": [objective.text for objective in analysis.learning_objectives],
        "summary": " ".join(sentence.text for sentence in analysis.summary),
        "prerequisites": list(analysis.prerequisites),
        "related_topics": list(analysis.related_topics),
        "headings": [section.heading for section in analysis.sections],
        "definitions": [
            {"name": concept.name, "text": concept.definition.text, **concept.definition.span.model_dump()}
            for concept in analysis.key_concepts
        ],
        "word_count": analysis.word_count,
        "problems": list(analysis.problems),
        "revised": bool(revised),
        "analyzed_at": fact.recorded.time,
    }
    return {**found, **_said(revised)}


def _said(revised: Mapping[str, Any]) -> dict[str, Any]:
    """A user's corrections as columns."""
    reason = {"for_whom_reason": SAID_BY_USER[revised["for_whom"]]} if "for_whom" in revised else {}
    return {**revised, **reason}


async def find_documents(reads: Reads, owner: str, course_id: str) -> Sequence[SimpleNamespace]:
    """The analyses of the owner's course, by path."""
    query = mine(analyzed_documents).order_by(analyzed_documents.c.file_path.collate("C"))
    return await reads.all(query, owner=owner, course_id=course_id)


async def find_skipped(reads: Reads, owner: str, course_id: str) -> Sequence[SimpleNamespace]:
    """The documents that were left out, by path."""
    query = mine(skipped_documents).order_by(skipped_documents.c.file_path.collate("C"))
    return await reads.all(query, owner=owner, course_id=course_id)


async def find_document(reads: Reads, owner: str, course_id: str, document_id: str) -> SimpleNamespace | None:
    """One analysis of the owner's course."""
    query = mine(analyzed_documents).where(analyzed_documents.c.id == document_id)
    return await reads.one(query, owner=owner, course_id=course_id)
