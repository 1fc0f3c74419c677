"""The Anthropic engine. The structure of documents is read by the program, as offline; the model judges and writes."""

from collections.abc import Sequence

import anthropic

from shared.blobs import Blobs
from shared.course.model import EngineInfo, Module
from shared.docs.model import Document, Section
from shared.engine.anthropic.answers import AnalysisAnswer, LessonAnswer, PathwaysAnswer
from shared.engine.anthropic.client import MessagesClient, Question
from shared.engine.anthropic.grouping import find_order_problems, group_sections
from shared.engine.anthropic.lesson import LessonBuilder
from shared.engine.anthropic.material import Material
from shared.engine.anthropic.prompts import (
    ANALYSIS,
    PATHWAYS,
    PROMPT_VERSION,
    audience_text,
    lesson_task,
    outline,
    revision,
)
from shared.engine.anthropic.understanding import merge_analysis
from shared.engine.cache import AnswerCache
from shared.engine.offline.engine import OfflineEngine
from shared.engine.offline.writer_evidence import Evidence
from shared.engine.port import Audience, DocumentSource, Engine, ModuleBrief, ProjectFacts
from shared.engine.types import ConceptGraph, DocumentAnalysis, GateReport, Pathway, Usage
from shared.settings import StageSettings

DEFAULT_MODEL = "claude-sonnet-5"
_ANALYSIS_TOKENS = 3000
_PATHWAY_TOKENS = 8000
_LESSON_TOKENS = 12000
_PATHWAY_ROUNDS = 2
_VERSION = "1"


class AnthropicEngine:
    """See Engine."""

    def __init__(self, client: MessagesClient, offline: Engine) -> None:
        self._client = client
        self._offline = offline

    @property
    def info(self) -> EngineInfo:
        """See Engine.info."""
        return EngineInfo(name="anthropic", model=self._client.model, version=_VERSION, prompt_version=PROMPT_VERSION)

    async def analyse(
        self, source: DocumentSource, project: ProjectFacts, audience: Audience
    ) -> tuple[DocumentAnalysis, Usage]:
        """See Engine.analyse."""
        base, _ = await self._offline.analyse(source, project, audience)
        material = Material()
        material.add(source.document_id, source.document, source.document.sections)
        question = Question(
            shared=f"{ANALYSIS}\nThe project is {project.name}. {audience_text(audience)}",
            own=material.render(),
            max_tokens=_ANALYSIS_TOKENS,
        )
        answer, usage = await self._client.ask(question, AnalysisAnswer)
        return merge_analysis(base, answer, material), usage

    async def propose_pathways(
        self,
        analyses: Sequence[DocumentAnalysis],
        graph: ConceptGraph,
        project: ProjectFacts,
        audience: Audience,
    ) -> tuple[tuple[Pathway, ...], Usage]:
        """See Engine.propose_pathways. An order the concepts contradict is sent back once, then replaced."""
        fallback, _ = await self._offline.propose_pathways(analyses, graph, project, audience)
        text, numbers = outline(analyses)
        own = f"The project is {project.name}. {audience_text(audience)}"
        total = Usage()
        for _ in range(_PATHWAY_ROUNDS):
            answer, usage = await self._client.ask(
                Question(shared=f"{PATHWAYS}\n{text}", own=own, max_tokens=_PATHWAY_TOKENS), PathwaysAnswer
            )
            total += usage
            pathways = group_sections(answer, numbers, fallback)
            problems = [problem for pathway in pathways for problem in find_order_problems(pathway, graph)]
            if not problems:
                return pathways, total
            own = f"{own}\nYour last proposal uses things before they are taught:\n" + "\n".join(problems[:20])
        sound = {pathway.kind: pathway for pathway in fallback} | {
            pathway.kind: pathway for pathway in pathways if not find_order_problems(pathway, graph)
        }
        return tuple(sorted(sound.values(), key=lambda p: (p.kind != "complete", p.kind))), total

    async def write_module(self, brief: ModuleBrief) -> tuple[Module, Usage]:
        """See Engine.write_module."""
        return await self._write(brief, "")

    async def revise_module(self, brief: ModuleBrief, module: Module, report: GateReport) -> tuple[Module, Usage]:
        """See Engine.revise_module. The model revises; what it leaves wrong is then taken out by the program."""
        revised, usage = await self._write(brief, revision(module, report.findings))
        return revised, usage

    async def _write(self, brief: ModuleBrief, own: str) -> tuple[Module, Usage]:
        material = Material()
        for document_id, sections in _chosen(brief):
            material.add(document_id, brief.documents[document_id], sections)
        objectives = [objective.text for objective in brief.module.learning_objectives]
        question = Question(
            shared=f"{lesson_task(brief.audience, brief.module, objectives)}\n{material.render()}",
            own=own or "Write the module.",
            max_tokens=_LESSON_TOKENS,
        )
        answer, usage = await self._client.ask(question, LessonAnswer)
        return LessonBuilder(brief, material, Evidence(brief.module.id, brief.source_id, brief.raw)).build(
            answer
        ), usage


def _chosen(brief: ModuleBrief) -> list[tuple[str, list[Section]]]:
    """The module's sections by document, in the pathway's order."""
    chosen: dict[str, list[Section]] = {}
    for ref in brief.module.sections:
        document: Document | None = brief.documents.get(ref.document_id)
        if document is not None:
            chosen.setdefault(ref.document_id, []).extend(s for s in document.sections if s.id == ref.section_id)
    return list(chosen.items())


def open_engine(settings: StageSettings, blobs: Blobs, owner: str, course_id: str, run_id: str) -> AnthropicEngine:
    """An engine for one run of an owner's course, with the key, model and limits of the settings."""
    assert settings.anthropic_api_key is not None
    api = anthropic.AsyncAnthropic(
        api_key=settings.anthropic_api_key.get_secret_value(),
        base_url=settings.anthropic_base_url,
        max_retries=0,  # retries are the log's business; the SDK's own would pay twice in silence
        timeout=settings.anthropic_timeout_seconds,
    )
    client = MessagesClient(
        api,
        settings.anthropic_model or DEFAULT_MODEL,
        AnswerCache(blobs, owner, course_id),
        run_id=run_id,
        parallelism=settings.engine_parallelism,
        token_cap=settings.anthropic_token_cap,
    )
    return AnthropicEngine(client, OfflineEngine())
