"""Shapes of stage 2."""

from datetime import datetime

from pydantic import Field

from services.gateway.course.shapes import Body, LongText, Title, View
from shared.course.scales import DocType
from shared.events.base import ForWhom, Level


class ReviseDocumentBody(Body):
    """A correction; null or absent means unchanged. A later run of stage 2 keeps it."""

    title: Title | None = None
    doc_type: DocType | None = None
    complexity_level: Level | None = None
    for_whom: ForWhom | None = None
    summary: LongText | None = None
    key_concepts: list[Title] | None = Field(default=None, max_length=100)
    learning_objectives: list[Title] | None = Field(default=None, max_length=100)
    prerequisites: list[Title] | None = Field(default=None, max_length=100)
    related_topics: list[Title] | None = Field(default=None, max_length=100)


class DefinitionView(View):
    """Where a concept is defined."""

    name: str
    text: str
    path: str
    start_line: int
    end_line: int


class DocumentView(View):
    """The analysis of one document, corrections applied."""

    id: str
    source_id: str
    file_path: str
    title: str
    doc_type: DocType
    complexity_level: Level
    for_whom: ForWhom
    for_whom_reason: str
    key_concepts: list[str]
    learning_objectives: list[str]
    summary: str
    prerequisites: list[str]
    related_topics: list[str]
    headings: list[str]
    definitions: list[DefinitionView]
    word_count: int
    problems: list[str] = Field(description="what of the document could not be read or was left out, by line")
    revised: bool
    analyzed_at: datetime


class SkippedDocumentView(View):
    """A document that could not be taught from, and why."""

    id: str
    file_path: str
    reason: str


class DocumentsView(View):
    """The results of stage 2."""

    documents: list[DocumentView]
    total: int = Field(description="of documents, on whichever page")
    skipped: list[SkippedDocumentView]
