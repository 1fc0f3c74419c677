"""The JSON behind blob references of events that the stages after the first hand on.

Stored format: add fields, never rename.
"""

from pydantic import Field, RootModel

from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway
from shared.events import BlobRef
from shared.kernel.values import Value


class DocumentInput(Value):
    """A document for stages 2 and 4: its identity, its bytes, and the files it includes by repository path."""

    id: str
    source_id: str
    path: str
    sha256: str
    blob: BlobRef
    includes: dict[str, BlobRef] = Field(default_factory=dict)


class DocumentInputs(Value):
    """All documents of a run, in listing order."""

    documents: tuple[DocumentInput, ...]


class AnalysisSet(Value):
    """The results of stage 2, with the user's corrections applied."""

    analyses: tuple[DocumentAnalysis, ...]
    graph: ConceptGraph
    skipped: dict[str, str] = Field(default_factory=dict, description="path -> reason")


SAID_BY_USER = {"users": "", "makers": "for the project's makers: somebody said so"}
"""The reason for whom a document is, when a user said so."""


class Makers(RootModel[dict[str, str]]):
    """Documents for the project's makers: document id -> reason; a plain object when stored."""


class PathwaySet(Value):
    """The pathways on offer, edits applied, the widest first."""

    pathways: tuple[Pathway, ...]
