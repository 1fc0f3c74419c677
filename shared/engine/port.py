"""What engines of several stages are given. Each stage's own port is in its service.

Everything an engine may know comes in as arguments; it reads no file or network of its own but the model's. What
reads, orders or builds text is done by the worker processes of its run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.course.model import Level
from shared.docs.model import Document, Navigation
from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway, PathwayModule


@dataclass(frozen=True)
class Audience:
    """For whom: the level asked for and the user's free text."""

    level: Level = "intermediate"
    additional_info: str = ""


@dataclass(frozen=True)
class DocumentFile:
    """One document as bytes, with the raw files it includes by repository path."""

    document_id: str
    source_id: str
    sha256: str
    path: str
    raw: bytes
    included: Mapping[str, bytes]


@dataclass(frozen=True)
class DocumentSource:
    """One document ready to be read: its parse and its identity."""

    document_id: str
    source_id: str
    sha256: str
    document: Document


@dataclass(frozen=True)
class ProjectFacts:
    """What is known of the source as a whole: its name, overview document and the author's order."""

    name: str
    overview_path: str | None = None
    navigation: Navigation = field(default_factory=Navigation)


@dataclass(frozen=True)
class ModuleBrief:
    """All that is needed to write one module.

    `pathway` is the one that the module is written for, `position` its place there; `modules` are those of the course
    in order, and `homes` says which of them teaches a section (document id, section id).
    `documents` holds the parse of each document of the module, and of those that say the same (the module's
    `siblings`), by document id; `analyses` are those of the whole course;
    `raw(path)` gives the raw bytes of any stored file of the source (documents and included files), for citations.
    `link(path, fragment)` turns a link to another file of the source into a `#module-id`, an https address or None.
    `picture(path)` turns a picture's path into its `assets/<sha256>.<ext>` name, or None when it does not travel.
    """

    audience: Audience
    project: ProjectFacts
    source_id: str
    pathway: Pathway
    module: PathwayModule
    position: int
    documents: Mapping[str, Document]
    analyses: Mapping[str, DocumentAnalysis]
    graph: ConceptGraph
    raw: Callable[[str], bytes]
    link: Callable[[str, str], str | None]
    picture: Callable[[str], str | None]
    modules: Sequence[PathwayModule] = ()
    homes: Mapping[tuple[str, str], str] = field(default_factory=dict)
