"""The offline engine: deterministic, extractive, no key and no network."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import PackageNotFoundError, version

from shared.course.model import EngineInfo, Module
from shared.engine.offline.documents import analyse_file
from shared.engine.offline.pathways import propose_pathways
from shared.engine.offline.similarity import embed
from shared.engine.offline.titles import bare_name
from shared.engine.offline.word_classes import is_common
from shared.engine.offline.writer import revise_module, write_module
from shared.engine.port import Analysed, Audience, Briefs, DocumentFile, ProjectFacts
from shared.engine.types import DocumentAnalysis, GateReport, Pathway, PathwayModule, Usage
from shared.stage_port import MOST_PIECES, Workers

_MODEL = "wordllama"


def load() -> None:
    """Load what the first document would wait for: the dictionary and the word vectors. It takes a second or more."""
    is_common("word")
    embed(["word"])


class OfflineEngine:
    """Implements `shared.engine.port.Engine`: each call is pure work, done by a worker process of the run."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    @property
    def info(self) -> EngineInfo:
        """Its version is that of the rules, its model that of the word vectors."""
        try:
            model = f"{_MODEL} {version(_MODEL)}"
        except PackageNotFoundError:
            model = _MODEL
        return EngineInfo(name="offline", model=model, version="1", prompt_version="")

    async def analyse(
        self, file: DocumentFile, project: ProjectFacts, audience: Audience
    ) -> tuple[DocumentAnalysis, Usage]:
        """Stage 2; what a document says does not depend on the audience."""
        work = partial(analyse_file, file, bare_name(project.name))
        return await self._workers.run(work, about=file.path, key=file.document_id), Usage()

    async def propose_pathways(self, project: ProjectFacts, audience: Audience) -> tuple[tuple[Pathway, ...], Usage]:
        """Stage 3."""
        work = partial(_propose, project=project, audience=audience)
        about = "The order of the material"
        return await self._workers.run_prepared(work, about=about, pieces=MOST_PIECES), Usage()

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        """Stage 4, first round."""
        work = partial(_write, module_id=planned.id)
        return await self._on_module(work, planned), Usage()

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        """Stage 4, later rounds."""
        work = partial(_revise, module=module, report=report)
        return await self._on_module(work, planned), Usage()

    async def _on_module(self, work: Callable[[Briefs], Module], planned: PathwayModule) -> Module:
        return await self._workers.run_prepared(work, about=f"The module “{planned.title}”", key=planned.id)


def _propose(known: Analysed, project: ProjectFacts, audience: Audience) -> tuple[Pathway, ...]:
    return propose_pathways(known.analyses, known.graph, project, audience)


def _write(briefs: Briefs, module_id: str) -> Module:
    return write_module(briefs.brief(module_id))


def _revise(briefs: Briefs, module: Module, report: GateReport) -> Module:
    return revise_module(briefs.brief(module.id), module, report)
