"""The Anthropic engine. The structure of documents is read by the program, as offline; the model judges and writes."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

import anthropic

from shared.blobs import Blobs
from shared.course.model import EngineInfo, Module
from shared.engine.anthropic import work
from shared.engine.anthropic.answers import AnalysisAnswer, LessonAnswer, PathwaysAnswer
from shared.engine.anthropic.client import MessagesClient
from shared.engine.anthropic.prompts import (
    ANALYSIS,
    PATHWAYS,
    PROMPT_VERSION,
    audience_text,
    revision,
)
from shared.engine.anthropic.question import Question
from shared.engine.anthropic.understanding import merge_analysis
from shared.engine.cache import AnswerCache
from shared.engine.offline.engine import OfflineEngine
from shared.engine.offline.titles import bare_name
from shared.engine.port import Analysed, Audience, DocumentFile, ProjectFacts
from shared.engine.types import DocumentAnalysis, GateReport, Pathway, PathwayModule, Usage
from shared.settings import StageSettings
from shared.stage_port import MOST_PIECES, Run, Workers

R = TypeVar("R")

DEFAULT_MODEL = "claude-sonnet-5"
_ANALYSIS_TOKENS = 3000
_PATHWAY_TOKENS = 8000
_PATHWAY_ROUNDS = 2
_VERSION = "1"


class AnthropicEngine:
    """See Engine."""

    def __init__(self, client: MessagesClient, workers: Workers) -> None:
        self._client, self._workers = client, workers
        self._offline = OfflineEngine(workers)

    @property
    def info(self) -> EngineInfo:
        """See Engine.info."""
        return EngineInfo(name="anthropic", model=self._client.model, version=_VERSION, prompt_version=PROMPT_VERSION)

    async def analyse(
        self, file: DocumentFile, project: ProjectFacts, audience: Audience
    ) -> tuple[DocumentAnalysis, Usage]:
        """See Engine.analyse."""
        read = partial(work.number, file, bare_name(project.name))
        base, material = await self._workers.run(read, about=file.path, key=file.document_id)
        question = Question(
            shared=f"{ANALYSIS}\nThe project is {project.name}. {audience_text(audience)}",
            own=material.render(),
            max_tokens=_ANALYSIS_TOKENS,
        )
        answer, usage = await self._client.ask(question, AnalysisAnswer)
        merge = partial(merge_analysis, base, answer, material)
        return await self._workers.run(merge, about=file.path, key=file.document_id), usage

    async def propose_pathways(self, project: ProjectFacts, audience: Audience) -> tuple[tuple[Pathway, ...], Usage]:
        """See Engine.propose_pathways. An order the concepts contradict is sent back once, then replaced."""
        fallback, _ = await self._offline.propose_pathways(project, audience)
        text = await self._on_material(work.outline_sections)
        own = f"The project is {project.name}. {audience_text(audience)}"
        total = Usage()
        for _ in range(_PATHWAY_ROUNDS):
            answer, usage = await self._client.ask(
                Question(shared=f"{PATHWAYS}\n{text}", own=own, max_tokens=_PATHWAY_TOKENS), PathwaysAnswer
            )
            total += usage
            grouped = await self._on_material(partial(work.group, answer=answer, fallback=fallback))
            problems = [problem for _, found in grouped for problem in found]
            if not problems:
                return tuple(pathway for pathway, _ in grouped), total
            own = f"{own}\nYour last proposal uses things before they are taught:\n" + "\n".join(problems[:20])
        sound = {pathway.kind: pathway for pathway in fallback} | {
            pathway.kind: pathway for pathway, found in grouped if not found
        }
        return tuple(sorted(sound.values(), key=lambda p: (p.kind != "complete", p.kind))), total

    async def _on_material(self, piece: Callable[[Analysed], R]) -> R:
        return await self._workers.run_prepared(piece, about="The order of the material", pieces=MOST_PIECES)

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        """See Engine.write_module."""
        return await self._write(planned, "")

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        """See Engine.revise_module. The model revises; what it leaves wrong is then taken out by the program."""
        return await self._write(planned, revision(module, report.findings))

    async def _write(self, planned: PathwayModule, own: str) -> tuple[Module, Usage]:
        about = f"The module “{planned.title}”"
        ask = partial(work.ask, module_id=planned.id, own=own)
        question = await self._workers.run_prepared(ask, about=about, key=planned.id)
        answer, usage = await self._client.ask(question, LessonAnswer)
        build = partial(work.build, module_id=planned.id, answer=answer)
        return await self._workers.run_prepared(build, about=about, key=planned.id), usage


def open_engine(settings: StageSettings, blobs: Blobs, owner: str, run: Run) -> AnthropicEngine:
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
        AnswerCache(blobs, owner, run.course_id),
        run_id=run.run_id,
        parallelism=settings.engine_parallelism,
        token_cap=settings.anthropic_token_cap,
    )
    return AnthropicEngine(client, run.workers)
