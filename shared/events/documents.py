"""Events written by documents."""

from pydantic import Field

from .base import BlobRef, StageEvent, StageFailure, StageStarted


class DocumentsStarted(StageStarted):
    """A worker began to read documents."""

    documents_planned: int


class DocumentRead(StageEvent):
    """One document is read. `text`: its lines as Markdown; `pages`: ref to PageStarts, which lines begin a page, empty
    for a document without pages; `places`: ref to LinePlaces, for one with pages; `files` and `folders`: the listing of
    this one document, as RepoCloned has them; `reader`: the version that made the text; `ignored`: what the document
    holds besides its text and is never run; `problems`: what could not be read.
    """

    document_id: str
    source_id: str
    path: str
    title: str
    text: BlobRef
    pages: BlobRef
    page_count: int
    places: BlobRef | None = None
    files: BlobRef
    folders: BlobRef
    reader: str
    ignored: list[str] = Field(default_factory=list)
    problems: list[str] = Field(default_factory=list)

    def natural_key(self) -> str:
        return self.document_id


class DocumentRefused(StageEvent):
    """One document cannot be taught from; `error` for programs, `message` for users."""

    document_id: str
    error: str
    message: str

    def natural_key(self) -> str:
        return self.document_id


class DocumentsRead(StageEvent):
    """Every document that was uploaded is read or refused."""

    read: int
    refused: int


class DocumentsFailed(StageFailure):
    """The documents could not be read now."""
