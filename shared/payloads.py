"""The JSON behind blob references of events: what one stage hands to the next.

Stored format: add fields, never rename.
"""

from pydantic import ConfigDict, Field, RootModel
from pydantic.dataclasses import dataclass

from shared.blobs import Blobs
from shared.docs.model import Navigation, NavigationEntry
from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway, Value
from shared.events import BlobRef

NO_FILES = frozenset({"link", "submodule"})
"""Kinds of entries that have no bytes of their own: they are listed with a reason and are never documents."""


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="ignore"))
class FileEntry:
    """A file of the repository. `blob` is set for documents, included files and pictures that were kept.

    `reason` says why a documentation-like file is left out ("changelog", "tests", "translation of docs/index.md",
    "larger than 1 MiB", …); empty when it is documentation or no documentation at all.
    """

    path: str
    size: int | None
    git_blob: str
    kind: str
    is_documentation: bool = False
    is_overview_candidate: bool = False
    doc_format: str = ""
    reason: str = ""
    blob: BlobRef | None = None
    includes: tuple[str, ...] = ()

    # Not a Value: a listing may have 200,000 of these, and a dataclass with slots takes a sixth of the memory.


class FolderEntry(Value):
    """A folder, with the documentation files below it counted."""

    path: str
    documents: int


class FolderListing(RootModel[tuple[FolderEntry, ...]]):
    """All folders, sorted by path; a plain list when stored."""


class Listing(Value):
    """The listing of stage 1, files sorted by path."""

    source_id: str
    commit: str
    files: tuple[FileEntry, ...]


class NavigationItem(Value):
    """One line of the author's table of contents."""

    title: str
    path: str | None
    depth: int


class NavigationPayload(Value):
    """The author's own order."""

    origin: str = ""
    entries: tuple[NavigationItem, ...] = ()


async def load_navigation(blobs: Blobs, ref: BlobRef | None) -> Navigation:
    """The author's order behind a reference; an empty one when there is none."""
    if ref is None:
        return Navigation()
    stored = await blobs.get_model(ref, NavigationPayload)
    return Navigation(stored.origin, tuple(NavigationEntry(e.title, e.path, e.depth) for e in stored.entries))


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
