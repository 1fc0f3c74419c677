"""Events written by doc_analyser."""

from pydantic import Field

from .base import BlobRef, EventUsage, Level, StageEvent, StageFailure, StageStarted


class DocsAnalysisStarted(StageStarted):
    """A worker began; `documents_planned` is what progress counts against."""

    documents_planned: int


class DocumentAnalysed(StageEvent):
    """One document is analysed. `analysis`: ref to DocumentAnalysis."""

    document_id: str
    source_id: str
    path: str
    sha256: str
    title: str
    doc_type: str
    complexity_level: Level
    word_count: int
    analysis: BlobRef
    usage: EventUsage = EventUsage()
    answer_keys: list[str] = Field(default_factory=list)

    def natural_key(self) -> str:
        return self.document_id


class DocumentSkipped(StageEvent):
    """One document could not be taught from; the reason is for users."""

    document_id: str
    path: str
    reason: str

    def natural_key(self) -> str:
        return self.document_id


class DocsAnalysed(StageEvent):
    """Stage 2 is done. `analyses`: ref to AnalysisSet (all analyses and the concept graph); `makers`: ref to
    {document_id: reason} of the documents for the project's makers, None when there are none.
    """

    analysed: int
    skipped: int
    concepts: int
    analyses: BlobRef
    makers: BlobRef | None = None
    usage: EventUsage = EventUsage()


class DocsAnalysisFailed(StageFailure):
    """No document could be analysed, or the engine failed for good."""
