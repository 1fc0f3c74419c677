"""The offline engine: deterministic, extractive, no key and no network."""

import asyncio
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from shared.course.model import EngineInfo, Module
from shared.engine.offline.analyse import analyse
from shared.engine.offline.pathways import propose_pathways
from shared.engine.offline.similarity import embed
from shared.engine.offline.titles import bare_name
from shared.engine.offline.word_classes import is_common
from shared.engine.offline.writer import revise_module, write_module
from shared.engine.port import Audience, DocumentSource, ModuleBrief, ProjectFacts
from shared.engine.types import ConceptGraph, DocumentAnalysis, GateReport, Pathway, Usage

_MODEL = "wordllama"


def load() -> None:
    """Load what the first document would wait for: the dictionary and the word vectors. For a thread: it takes a second
    or more.
    """
    is_common("word")
    embed(["word"])


class OfflineEngine:
    """Implements `shared.engine.port.Engine`; each call runs in a thread, for it holds the processor."""

    @property
    def info(self) -> EngineInfo:
        """Its version is that of the rules, its model that of the word vectors."""
        try:
            model = f"{_MODEL} {version(_MODEL)}"
        except PackageNotFoundError:
            model = _MODEL
        return EngineInfo(name="offline", model=model, version="1", prompt_version="")

    async def analyse(
        self, source: DocumentSource, project: ProjectFacts, audience: Audience
    ) -> tuple[DocumentAnalysis, Usage]:
        """Stage 2; what a document says does not depend on the audience."""
        return await asyncio.to_thread(analyse, source, bare_name(project.name)), Usage()

    async def propose_pathways(
        self,
        analyses: Sequence[DocumentAnalysis],
        graph: ConceptGraph,
        project: ProjectFacts,
        audience: Audience,
    ) -> tuple[tuple[Pathway, ...], Usage]:
        """Stage 3."""
        return await asyncio.to_thread(propose_pathways, analyses, graph, project, audience), Usage()

    async def write_module(self, brief: ModuleBrief) -> tuple[Module, Usage]:
        """Stage 4, first round."""
        return await asyncio.to_thread(write_module, brief), Usage()

    async def revise_module(self, brief: ModuleBrief, module: Module, report: GateReport) -> tuple[Module, Usage]:
        """Stage 4, later rounds."""
        return await asyncio.to_thread(revise_module, brief, module, report), Usage()
