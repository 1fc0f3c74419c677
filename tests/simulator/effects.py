"""The stages' effects as fakes: small, quick, and the same results for the same inputs."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from services.doc_analyser import core as analyser
from services.documents import core as documents
from services.gateway.readmodels.payloads import Folders
from services.lectures import core as lectures
from services.modules import core as modules
from services.pathway import core as pathway
from services.repo_clone import core as clone
from shared.docs.listing import FolderEntry, LineTimes, Listing, PageStarts
from shared.engine.payloads import AnalysisSet, DocumentInput, DocumentInputs, PathwaySet
from shared.engine.types import DocumentAnalysis, Pathway, PathwayModule
from shared.engine.written import WrittenModule
from shared.events import BlobRef, EventUsage
from shared.events.doc_analyser import DocumentAnalysed, DocumentSkipped
from shared.events.documents import DocumentRead, DocumentRefused
from shared.events.gateway import DocumentAsked, LectureAsked
from shared.events.lectures import LectureRefused, LectureTranscribed
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
class DocumentsEffects:
    """Stage 5, two documents at a time; every third one cannot be read."""

    work: Work

    async def perform(self, action: documents.Action, run: Run) -> AsyncGenerator[documents.Outcome, None]:
        match action:
            case documents.ReadDocuments(asked):

                async def one(document: DocumentAsked) -> documents.Outcome:
                    return await self._one(document, run)

                async with aclosing(as_ready(asked, one, 2)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case documents.EndRun():
                self.work.begin(run.run_id, "DocumentsRead", "")
                yield documents.Ended()

    async def _one(self, asked: DocumentAsked, run: Run) -> documents.Outcome:
        if asked.document_id.endswith("2"):
            self.work.begin(run.run_id, "DocumentRefused", asked.document_id)
            return DocumentRefused(
                course_id=run.course_id, run_id=run.run_id, document_id=asked.document_id, error="pdf_encrypted",
                message="The PDF is protected by a password",
            )  # fmt: skip
        await self.work.do(run, "DocumentRead", asked.document_id)
        blobs, source_id = self.work.blobs, content_id("s", asked.document_id)
        text = await blobs.put(run.course_id, f"# {asked.path}\n".encode(), "text/markdown")
        listing = Listing(source_id=source_id, commit="", files=(contents.file_entry(asked.path, text),))
        return DocumentRead(
            course_id=run.course_id, run_id=run.run_id, document_id=asked.document_id, source_id=source_id,
            path=asked.path, title="Notes", text=text, pages=await blobs.put_model(run.course_id, PageStarts((1,))),
            page_count=1, files=await blobs.put_model(run.course_id, listing),
            folders=await blobs.put_model(run.course_id, Folders((FolderEntry(path="", documents=1),))),
            reader="reader",
        )  # fmt: skip


@dataclass(frozen=True)
class LecturesEffects:
    """Stage 6, two lectures at a time; every third one cannot be transcribed."""

    work: Work

    async def perform(self, action: lectures.Action, run: Run) -> AsyncGenerator[lectures.Outcome, None]:
        match action:
            case lectures.TranscribeLectures(asked):

                async def one(lecture: LectureAsked) -> lectures.Outcome:
                    return await self._one(lecture, run)

                async with aclosing(as_ready(asked, one, 2)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case lectures.EndRun():
                self.work.begin(run.run_id, "LecturesTranscribed", "")
                yield lectures.Ended()

    async def _one(self, asked: LectureAsked, run: Run) -> lectures.Outcome:
        if asked.lecture_id.endswith("2"):
            self.work.begin(run.run_id, "LectureRefused", asked.lecture_id)
            return LectureRefused(
                course_id=run.course_id, run_id=run.run_id, lecture_id=asked.lecture_id, error="captions_missing",
                message="The lecture has no captions",
            )  # fmt: skip
        await self.work.do(run, "LectureTranscribed", asked.lecture_id)
        assert asked.captions is not None
        blobs, source_id = self.work.blobs, content_id("s", asked.lecture_id)
        text = await blobs.put(run.course_id, f"# {asked.path}\n".encode(), "text/markdown")
        listing = Listing(source_id=source_id, commit="", files=(contents.file_entry(asked.path, text),))
        return LectureTranscribed(
            course_id=run.course_id, run_id=run.run_id, lecture_id=asked.lecture_id, source_id=source_id,
            path=asked.path, captions=asked.captions, text=text, seconds=1, reader="reader",
            times=await blobs.put_model(run.course_id, LineTimes(((0, 1),))),
            files=await blobs.put_model(run.course_id, listing),
            folders=await blobs.put_model(run.course_id, Folders((FolderEntry(path="", documents=1),))),
        )  # fmt: skip


def effects_of(stage: str, work: Work) -> Any:
    """The fake of a stage."""
    return {
        "repo_clone": CloneEffects, "doc_analyser": AnalyserEffects, "pathway": PathwayEffects,
        "modules": ModulesEffects, "documents": DocumentsEffects, "lectures": LecturesEffects,
    }[stage](work)  # fmt: skip
