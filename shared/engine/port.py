"""The port both engines implement. Everything an engine may know comes in as arguments; it reads no file or network
of its own but the model's. What reads, orders or builds text is done by the worker processes of its run.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from shared.course.findings import GateReport
from shared.course.model import EngineInfo, Level, Module
from shared.docs.model import Document, Navigation
from shared.engine.types import (
    ConceptGraph,
    DocumentAnalysis,
    Pathway,
    PathwayModule,
    Usage,
)


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

    `documents` holds the parse of each document of the module by document id; `analyses` those of the whole course;
    `raw(path)` gives the raw bytes of any stored file of the source (documents and included files), for citations.
    `link(path, fragment)` turns a link to another file of the source into a `#module-id`, an https address or None.
    `picture(path)` turns a picture's path into its `assets/<sha256>.<ext>` name, or None when it does not travel.
    `said_before` is what sections of earlier modules say already (lesson_said.list_said): sentences, rows, code units.
    `new_terms` are the ids of concepts that no section of an earlier module mentions; None when nobody looked.
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
    said_before: frozenset[str] = frozenset()
    new_terms: frozenset[str] | None = None


class Analysed(Protocol):
    """What workers are prepared with before pathways are proposed."""

    @property
    def analyses(self) -> tuple[DocumentAnalysis, ...]:
        """Of every document that can be taught from, in listing order."""
        ...

    @property
    def graph(self) -> ConceptGraph:
        """Over all of them."""
        ...


class Briefs(Protocol):
    """What workers are prepared with before modules are written."""

    def brief(self, module_id: str) -> ModuleBrief:
        """What is needed to write one module of the selected pathway."""
        ...


class Engine(Protocol):
    """An engine of one run, with the run's worker processes. Methods are coroutines that never hold the processor."""

    @property
    def info(self) -> EngineInfo:
        """Name, model and versions, as course.json states them."""
        ...

    async def analyse(
        self, file: DocumentFile, project: ProjectFacts, audience: Audience
    ) -> tuple[DocumentAnalysis, Usage]:
        """Stage 2 for one document. Raises UnreadableText or NothingToTeach for one that cannot be taught from."""
        ...

    async def propose_pathways(self, project: ProjectFacts, audience: Audience) -> tuple[tuple[Pathway, ...], Usage]:
        """Stage 3, over the Analysed that the workers were prepared with: at least three pathways that differ, as far
        as the sections allow; the widest is the first.
        """
        ...

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        """Stage 4, first round, over the Briefs that the workers were prepared with."""
        ...

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        """Stage 4, later rounds: the module again without what the gates found."""
        ...
