"""Stage 2's effects: read documents, ask the engine, store analyses, build the graph."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from services.doc_analyser.core import (
    Action,
    Analysed,
    AnalyseDocuments,
    ConnectConcepts,
    Connected,
    Outcome,
    Unteachable,
)
from shared.blobs import Blobs
from shared.docs.encoding import UnreadableText
from shared.docs.model import Document
from shared.docs.reader import read_document
from shared.engine.choose import EngineSource
from shared.engine.graph import build_graph
from shared.engine.port import Audience, DocumentSource, Engine, ProjectFacts
from shared.engine.sections import is_teachable
from shared.engine.types import DocumentAnalysis
from shared.errors import EngineDeclined, PermanentError
from shared.events import EventUsage
from shared.events.gateway import DocsAnalysisRequested
from shared.kill_points import KillPoint, reached
from shared.payloads import AnalysisSet, DocumentInput, DocumentInputs, load_navigation
from shared.stage_port import Run
from shared.work import as_ready

_LEAST_WORDS = 5


@dataclass(frozen=True)
class DocAnalyserEffects:
    """Performs stage 2's actions. `parallelism` bounds documents at work at a time."""

    blobs: Blobs
    engines: EngineSource
    parallelism: int

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        """See Effects.perform."""
        match action:
            case AnalyseDocuments(request, done):
                outcomes = self._analyse(request, done, run)
                try:
                    async for outcome in outcomes:
                        yield outcome
                finally:
                    await outcomes.aclose()
            case ConnectConcepts():
                yield await self._connect(action, run)

    async def _analyse(
        self, request: DocsAnalysisRequested, done: frozenset[str], run: Run
    ) -> AsyncGenerator[Outcome, None]:
        inputs = (await self.blobs.get_model(request.documents, DocumentInputs)).documents
        navigation = await load_navigation(self.blobs, request.navigation)
        engine = await asyncio.to_thread(self.engines, request.engine, request.owner, request.course_id, request.run_id)
        project = ProjectFacts(request.project_name, request.overview_document, navigation)
        audience = Audience(request.complexity_level, request.additional_info)
        count = len(done)
        left = [document for document in inputs if document.id not in done]

        async def work(document: DocumentInput) -> Outcome:
            return await self._one(document, engine, project, audience, request.course_id)

        outcomes = as_ready(left, work, self.parallelism)
        try:
            async for outcome in outcomes:
                count += 1
                path = outcome.path if isinstance(outcome, Analysed | Unteachable) else ""
                await run.progress(f"Analysing {path} ({count} of {len(inputs)})", 100 * count // max(1, len(inputs)))
                yield outcome
        finally:
            await outcomes.aclose()

    async def _one(
        self, entry: DocumentInput, engine: Engine, project: ProjectFacts, audience: Audience, course_id: str
    ) -> Outcome:
        raw = await self.blobs.get(entry.blob)
        included = {path: await self.blobs.get(ref) for path, ref in entry.includes.items()}
        try:
            document = await asyncio.to_thread(read_document, entry.path, raw, included)
        except UnreadableText as error:
            return Unteachable(entry.id, entry.path, error.message)
        reason = _reason_not_to_teach(document)
        if reason:
            return Unteachable(entry.id, entry.path, reason)
        source = DocumentSource(entry.id, entry.source_id, entry.sha256, document)
        try:
            analysis, usage = await engine.analyse(source, project, audience)
        except EngineDeclined as error:
            return Unteachable(entry.id, entry.path, error.message)
        stored = await self.blobs.put_model(course_id, analysis)
        reached(KillPoint.effect_half_done, "doc_analyser")
        return Analysed(
            document_id=entry.id, source_id=entry.source_id, path=entry.path, sha256=entry.sha256,
            title=analysis.title, doc_type=analysis.doc_type, complexity_level=analysis.complexity_level,
            word_count=analysis.word_count, analysis=stored,
            usage=EventUsage(**usage.model_dump(exclude={"answer_keys"})), answer_keys=usage.answer_keys,
        )  # fmt: skip

    async def _connect(self, action: ConnectConcepts, run: Run) -> Connected:
        if not action.analysed:
            reasons = "; ".join(sorted({event.reason for event in action.skipped})) or "there are none"
            raise PermanentError(f"No document could be taught from: {reasons}", code="no_teachable_document")
        await run.progress("Connecting concepts", 100)
        inputs = (await self.blobs.get_model(action.request.documents, DocumentInputs)).documents
        navigation = await load_navigation(self.blobs, action.request.navigation)
        stored = {event.document_id: event.analysis for event in action.analysed}
        analyses = tuple(
            [await self.blobs.get_model(stored[one.id], DocumentAnalysis) for one in inputs if one.id in stored]
        )
        graph = await asyncio.to_thread(build_graph, analyses, navigation)
        skipped = {event.path: event.reason for event in sorted(action.skipped, key=lambda event: event.path)}
        whole = AnalysisSet(analyses=analyses, graph=graph, skipped=skipped)
        return Connected(await self.blobs.put_model(action.request.course_id, whole), len(graph.concepts))


def _reason_not_to_teach(document: Document) -> str:
    """Why a document has nothing to teach, in a user's words; empty when it has."""
    if document.words < _LEAST_WORDS:
        has_code = any(section.code_blocks for section in document.sections)
        return "only code, no text to teach from" if has_code else "no text to teach from"
    if not any(is_teachable(section) for section in document.sections):
        return "only links to other pages"
    return ""
