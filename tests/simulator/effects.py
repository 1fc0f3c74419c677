"""The stages' effects as fakes: small, quick, and the same results for the same inputs."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from services.doc_analyser import core as analyser
from services.gateway.readmodels.payloads import Folders
from services.modules import core as modules
from services.pathway import core as pathway
from services.repo_clone import core as clone
from shared.added import core as added
from shared.added.kinds import KINDS, AddedKind
from shared.docs.listing import FolderEntry, LineTimes, Listing, PageStarts
from shared.engine.payloads import AnalysisSet, DocumentInput, DocumentInputs, PathwaySet
from shared.engine.types import DocumentAnalysis, Pathway, PathwayModule
from shared.engine.written import WrittenModule
from shared.events import BlobRef, EventUsage
from shared.events.base import StageEvent
from shared.events.doc_analyser import DocumentAnalysed, DocumentSkipped
from shared.events.modules import ExportRef, ModuleRejected, ModuleWritten
from shared.events.pathway import PathwayProposed, PathwaysProposed
from shared.events.repo_clone import RepoCloned
from shared.kernel.blobs import JSON, Blobs
from shared.kernel.errors import PermanentError, TransientError
from shared.kernel.ids import content_id
from shared.kernel.work import as_ready, as_they_come
from shared.sources.address import source_id_of
from shared.stage.port import Run
from tests.integration.gateway import contents
from tests.simulator.ports import Network

Begin = Callable[[str, str, str], None]

_KINDS = ("complete", "quickstart", "reference")


@dataclass
class Work:
    """A piece of work takes time, may fail, and costs calls only the first time: answers are kept.

    `begin(run_id, kind, key)` is told of each piece; kind and key name the fact it leads to.
    """

    network: Network
    blobs: Blobs
    begin: Begin
    answers: set[str] = field(default_factory=set)
    hopeless: dict[str, bool] = field(default_factory=dict)
    proposing: dict[str, list[str]] = field(default_factory=dict)

    def kinds_for(self, run: Run) -> tuple[str, ...]:
        """The pathways a run offers: all at first, then all but one (not the widest): a selected one may be gone."""
        runs = self.proposing.setdefault(run.course_id, [])
        if run.run_id not in runs:
            runs.append(run.run_id)
        left_out = -runs.index(run.run_id) % len(_KINDS)
        return tuple(kind for at, kind in enumerate(_KINDS) if at == 0 or at != left_out)

    async def do(self, run: Run, kind: str, key: str) -> EventUsage:
        self.begin(run.run_id, kind, key)
        network, chaos = self.network, self.network.chaos
        await run.progress(f"{kind} {key}", 50)
        await asyncio.sleep(network.random.choice((0.0, 0.2, 2.0)) if not network.happens(chaos.slow) else 20.0)
        if run.run_id not in self.hopeless:
            self.hopeless[run.run_id] = network.happens(chaos.hopeless)
        if network.happens(chaos.transient) or (chaos.hopeless and self.hopeless[run.run_id]):
            raise TransientError(
                "It is away", code="away", retry_after_seconds=network.random.choice((None, 1.0, 90.0))
            )
        if network.happens(chaos.defect):
            raise ZeroDivisionError("a defect")
        if network.happens(chaos.permanent):
            raise PermanentError("It can never work", code="never")
        answer = f"{run.course_id}{kind}{key}"
        cost = EventUsage(calls=0 if answer in self.answers else 1)
        self.answers.add(answer)
        return cost


@dataclass(frozen=True)
class CloneEffects:
    """Stage 1."""

    work: Work

    async def perform(self, action: clone.Action, run: Run) -> AsyncGenerator[clone.Outcome, None]:
        await self.work.do(run, "RepoCloned", "")
        blobs, course_id = self.work.blobs, run.course_id
        files = []
        for path in contents.PATHS:
            blob = await blobs.put(course_id, f"# {path}\n".encode(), "text/markdown")
            files.append(contents.file_entry(path, blob))
        url = action.request.repo_url
        listing = Listing(source_id=source_id_of(url), commit=contents.COMMIT, files=tuple(files))
        folders = Folders((FolderEntry(path="docs", documents=2), FolderEntry(path="examples", documents=1)))
        yield RepoCloned(
            course_id=course_id, run_id=run.run_id, repo_url=url, source_id=source_id_of(url), canonical_url=url,
            ref="main", commit=contents.COMMIT, default_branch="main", repo_name="click",
            files=await blobs.put_model(course_id, listing), folders=await blobs.put_model(course_id, folders),
            file_count=len(files), folder_count=2, document_count=len(files), bytes_fetched=1000,
        )  # fmt: skip


@dataclass(frozen=True)
class AnalyserEffects:
    """Stage 2, two documents at a time."""

    work: Work

    async def perform(self, action: analyser.Action, run: Run) -> AsyncGenerator[analyser.Outcome, None]:
        match action:
            case analyser.AnalyseDocuments(request, done):
                inputs = (await self.work.blobs.get_model(request.documents, DocumentInputs)).documents

                async def one(document: DocumentInput) -> analyser.Outcome:
                    return await self._one(document, run)

                outcomes = as_ready([entry for entry in inputs if entry.id not in done], one, 2)
                try:
                    async for outcome in outcomes:
                        yield outcome
                finally:
                    await outcomes.aclose()
            case analyser.ConnectConcepts():
                await self.work.do(run, "DocsAnalysed", "")
                found = tuple(
                    [await self.work.blobs.get_model(one.analysis, DocumentAnalysis)
                     for one in sorted(action.analysed, key=lambda one: one.path)]
                )  # fmt: skip
                whole = AnalysisSet(analyses=found, graph=contents.graph(found))
                yield analyser.Connected(await self.work.blobs.put_model(run.course_id, whole), len(found))

    async def _one(self, entry: DocumentInput, run: Run) -> analyser.Outcome:
        if entry.path.startswith("examples/"):
            self.work.begin(run.run_id, "DocumentSkipped", entry.id)
            return DocumentSkipped(
                course_id=run.course_id, run_id=run.run_id, document_id=entry.id, path=entry.path,
                reason="no text to teach from",
            )  # fmt: skip
        usage = await self.work.do(run, "DocumentAnalysed", entry.id)
        found = contents.analysis(entry.id, entry.path)
        return DocumentAnalysed(
            course_id=run.course_id, run_id=run.run_id, document_id=entry.id, source_id=entry.source_id,
            path=entry.path, sha256=entry.sha256, title=found.title, doc_type=found.doc_type,
            complexity_level=found.complexity_level, word_count=found.word_count,
            analysis=await self.work.blobs.put_model(run.course_id, found), usage=usage,
        )  # fmt: skip


def _way(kind: str, ids: list[str], update: dict[str, Any]) -> Pathway:
    return contents.pathway(kind, ids[:2]).model_copy(update=update)


@dataclass(frozen=True)
class PathwayEffects:
    """Stage 3."""

    work: Work

    async def perform(self, action: pathway.Action, run: Run) -> AsyncGenerator[pathway.Outcome, None]:
        blobs = self.work.blobs
        usage = await self.work.do(run, "PathwaysProposed", "")
        known = await blobs.get_model(action.request.analyses, AnalysisSet)
        ids = [one.document_id for one in known.analyses]
        kinds = self.work.kinds_for(run)
        whole = contents.pathway("complete", ids)
        shorter = {"modules": whole.modules[:2]}  # pathways are choices of the same modules
        offers = [whole if kind == "complete" else _way(kind, ids, shorter) for kind in kinds]
        if action.request.edits is not None:
            edited = {one.id: one for one in (await blobs.get_model(action.request.edits, PathwaySet)).pathways}
            offers = [edited.get(one.id, one) for one in offers]
        for one in offers:
            yield PathwayProposed(
                course_id=run.course_id, run_id=run.run_id, pathway_id=one.id, kind=one.kind, title=one.title,
                description=one.description, complexity_level=one.complexity_level, minutes=one.estimated_minutes,
                prerequisites=list(one.prerequisites), module_count=len(one.modules),
                pathway=await blobs.put_model(run.course_id, one),
            )  # fmt: skip
        yield PathwaysProposed(
            course_id=run.course_id, run_id=run.run_id, pathway_ids=[one.id for one in offers], smallest_distance=0.5,
            usage=usage,
        )  # fmt: skip


@dataclass(frozen=True)
class ModulesEffects:
    """Stage 4: every second module is rejected once before it passes."""

    work: Work

    async def perform(self, action: modules.Action, run: Run) -> AsyncGenerator[modules.Outcome, None]:
        blobs = self.work.blobs
        offered = await blobs.get_model(action.request.pathways, PathwaySet)
        chosen = next(one for one in offered.pathways if one.id == action.request.pathway_id)
        match action:
            case modules.WriteModules(request, written):
                planned = [
                    (order, one)
                    for order, one in enumerate(chosen.modules, start=1)
                    if one.id in request.module_ids and one.id not in written
                ]

                def one(entry: tuple[int, PathwayModule]) -> AsyncGenerator[modules.Outcome, None]:
                    return self._write(*entry, run)

                async with aclosing(as_they_come(planned, one, 2)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case modules.AssembleCourse():
                yield await self._assemble(action, [one.id for one in chosen.modules], run)

    async def _write(self, order: int, planned: PathwayModule, run: Run) -> AsyncGenerator[modules.Outcome, None]:
        written = contents.written(planned, order)
        ref = await self.work.blobs.put_model(run.course_id, written)
        if order % 2:
            yield ModuleRejected(
                course_id=run.course_id, run_id=run.run_id, module_id=planned.id, gate_report=ref, round=1
            )
        usage = await self.work.do(run, "ModuleWritten", planned.id)
        yield ModuleWritten(
            course_id=run.course_id, run_id=run.run_id, module_id=planned.id, order=order, title=planned.title,
            content=ref, gate_report=ref, round=2 if order % 2 else 1, status="complete", words=10, items=1,
            usage=usage,
        )  # fmt: skip

    async def _assemble(self, action: modules.AssembleCourse, order: list[str], run: Run) -> modules.Assembled:
        await self.work.do(run, "CourseGenerated", "")
        blobs = self.work.blobs
        stored = {key: await blobs.get_model(ref, WrittenModule) for key, ref in sorted(action.written.items())}
        whole = contents.course(action.request.course_title, [stored[key] for key in order if key in stored])
        course: BlobRef = await blobs.put_model(run.course_id, whole)
        quality = await blobs.put(run.course_id, b"{}", JSON)
        return modules.Assembled(
            course_key="k", edition=whole.edition, course=course, exports=(ExportRef(kind="json", blob=course),),
            quality=quality, status="complete", modules=len(whole.modules), items=len(whole.modules),
            title=whole.title, minutes=sum(module.estimated_minutes for module in whole.modules),
        )  # fmt: skip


@dataclass(frozen=True)
class AddedEffects:
    """Stages 5 and 6, two files at a time; every third one cannot be read."""

    work: Work
    kind: AddedKind

    async def perform(self, action: added.Action, run: Run) -> AsyncGenerator[added.Outcome, None]:
        match action:
            case added.ReadFiles(files):
                async with aclosing(as_ready(files, partial(self._one, run), 2)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case added.EndRun():
                self.work.begin(run.run_id, self.kind.finished.__name__, "")
                yield added.Ended()

    async def _one(self, run: Run, asked: Any) -> StageEvent:
        kind, file_id = self.kind, self.kind.id_of(asked)
        about = {"course_id": run.course_id, "run_id": run.run_id, kind.key: file_id}
        if file_id.endswith("2"):
            self.work.begin(run.run_id, kind.refused.__name__, file_id)
            return kind.refused.model_validate({**about, "error": "unreadable", "message": "It cannot be read"})
        if getattr(asked, "stream_url", "") and asked.captions is None and kind.fetched is not None:
            await self.work.do(run, kind.fetched.__name__, file_id)
            captions = await self.work.blobs.put(run.course_id, asked.stream_url.encode(), "text/vtt")
            return kind.fetched.model_validate({**about, "captions": captions})
        await self.work.do(run, kind.read.__name__, file_id)
        blobs, source_id = self.work.blobs, content_id("s", file_id)
        text = await blobs.put(run.course_id, f"# {asked.path}\n".encode(), "text/markdown")
        listing = Listing(source_id=source_id, commit="", files=(contents.file_entry(asked.path, text),))
        read = {
            "source_id": source_id, "path": asked.path, "text": text, "reader": "reader", "title": "Notes",
            "files": await blobs.put_model(run.course_id, listing),
            "folders": await blobs.put_model(run.course_id, Folders((FolderEntry(path="", documents=1),))),
            "pages": await blobs.put_model(run.course_id, PageStarts((1,))), "page_count": 1,
            "times": await blobs.put_model(run.course_id, LineTimes(((0, 1),))), "seconds": 1,
            "captions": getattr(asked, "captions", None),
        }  # fmt: skip
        return kind.read.model_validate({**about, **read})


def effects_of(stage: str, work: Work) -> Any:
    """The fake of a stage."""
    made: dict[str, Callable[[Work], Any]] = {
        "repo_clone": CloneEffects, "doc_analyser": AnalyserEffects, "pathway": PathwayEffects,
        "modules": ModulesEffects, **{kind.stage: partial(AddedEffects, kind=kind) for kind in KINDS},
    }  # fmt: skip
    return made[stage](work)
