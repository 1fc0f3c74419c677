"""Stage 2's effects: read documents, ask the engine, store analyses, build the graph."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from services.doc_analyser.core import Action, AnalyseDocuments, ConnectConcepts, Connected, Outcome
from services.doc_analyser.offline.inputs import DocumentFile, Studied
from services.doc_analyser.port import Analyser
from shared.course.audience import Audience
from shared.docs.listing import load_navigation
from shared.docs.read_documents import MEDIA_TYPE
from shared.engine.model.source import EngineSource
from shared.engine.payloads import DocumentInput, DocumentInputs, Makers
from shared.engine.port import ProjectFacts
from shared.engine.types import Usage
from shared.events.doc_analyser import DocumentAnalysed, DocumentSkipped
from shared.events.gateway import DocsAnalysisRequested
from shared.kernel.blobs import JSON, Blobs
from shared.kernel.errors import Defect, NothingToTeach, PermanentError, UnreadableText
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.work import as_ready
from shared.stage.port import Run
from shared.workers.away import away
from shared.workers.left_out import say_why
from shared.workers.limits import LimitPassed

if TYPE_CHECKING:
    from services.doc_analyser import whole
else:
    whole = away("services.doc_analyser.whole")


@dataclass(frozen=True)
class DocAnalyserEffects:
    """Performs stage 2's actions. `parallelism` bounds documents at work at a time."""

    blobs: Blobs
    engines: EngineSource[Analyser]
    parallelism: int

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        match action:
            case AnalyseDocuments(request, done):
                async with aclosing(self._analyse(request, done, run)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case ConnectConcepts():
                yield await self._connect(action, run)

    async def _analyse(
        self, request: DocsAnalysisRequested, done: frozenset[str], run: Run
    ) -> AsyncGenerator[Outcome, None]:
        inputs = (await self.blobs.get_model(request.documents, DocumentInputs)).documents
        navigation = await load_navigation(self.blobs, request.navigation)
        engine = await asyncio.to_thread(self.engines, request.engine, request.model, request.owner, run)
        project = ProjectFacts(request.project_name, request.overview_document, navigation)
        audience = Audience(request.complexity_level, request.additional_info)
        count, told = len(done), -1
        left = [document for document in inputs if document.id not in done]

        async def work(document: DocumentInput) -> Outcome:
            return await self._one(document, engine, project, audience, run)

        async with aclosing(as_ready(left, work, self.parallelism)) as outcomes:
            async for outcome in outcomes:
                count += 1
                percent = 100 * count // len(inputs)
                if percent != told:  # a message for each of thousands would cost more than it says
                    told = percent
                    path = "" if isinstance(outcome, Connected) else outcome.path
                    await run.progress(f"Analysing {path} ({count} of {len(inputs)})", percent)
                yield outcome

    async def _one(
        self, entry: DocumentInput, engine: Analyser, project: ProjectFacts, audience: Audience, run: Run
    ) -> Outcome:
        raw = await self.blobs.get(entry.blob)
        included = {path: await self.blobs.get(ref) for path, ref in entry.includes.items()}
        listed_title = project.listed_titles.get(entry.path, "")
        file = DocumentFile(entry.id, entry.source_id, entry.sha256, entry.path, raw, included, listed_title)
        try:
            studied, usage = await engine.analyse(file, project, audience)
        except (UnreadableText, NothingToTeach) as error:
            reason = error.message
        except (LimitPassed, Defect) as error:
            reason = say_why("read", error)
        else:
            return await self._stored(entry, studied, usage, run)
        return DocumentSkipped(
            course_id=run.course_id, run_id=run.run_id, document_id=entry.id, path=entry.path, reason=reason
        )

    async def _stored(self, entry: DocumentInput, studied: Studied, usage: Usage, run: Run) -> DocumentAnalysed:
        document = await self.blobs.put(run.course_id, studied.document, MEDIA_TYPE)
        analysis = studied.analysis.model_copy(update={"document": document})
        stored = await self.blobs.put_model(run.course_id, analysis)
        reached(KillPoint.effect_half_done, "doc_analyser")
        return DocumentAnalysed(
            course_id=run.course_id, run_id=run.run_id, document_id=entry.id, source_id=entry.source_id,
            path=entry.path, sha256=entry.sha256, title=analysis.title, doc_type=analysis.doc_type,
            complexity_level=analysis.complexity_level, word_count=analysis.word_count, analysis=stored,
            usage=usage.cost, answer_keys=list(usage.answer_keys),
        )  # fmt: skip

    async def _connect(self, action: ConnectConcepts, run: Run) -> Connected:
        if not action.analysed:
            reasons = "; ".join(sorted({event.reason for event in action.skipped})) or "there are none"
            raise PermanentError(f"No document could be taught from: {reasons}", code="no_teachable_document")
        await run.progress("Connecting concepts", 100)
        inputs = (await self.blobs.get_model(action.request.documents, DocumentInputs)).documents
        navigation = await load_navigation(self.blobs, action.request.navigation)
        stored = {event.document_id: event.analysis for event in action.analysed}
        analyses = [await self.blobs.get(stored[one.id]) for one in inputs if one.id in stored]
        skipped = {event.path: event.reason for event in sorted(action.skipped, key=lambda event: event.path)}
        work = partial(whole.connect, analyses, navigation, skipped)
        known, concepts, makers = await run.workers.run(
            work, tuple[bytes, int, dict[str, str]], about="The graph of concepts", pieces=len(analyses)
        )
        course_id = action.request.course_id
        return Connected(
            await self.blobs.put(course_id, known, JSON),
            concepts,
            await self.blobs.put_model(course_id, Makers(makers)) if makers else None,
        )
