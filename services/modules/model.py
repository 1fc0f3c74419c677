"""Stage 4 with a model: the model writes from numbered sentences, so that every citation is the program's.

This module must not import a provider's SDK: every new worker process would wait seconds for it.
"""

from functools import partial

from services.modules.answers import LessonAnswer
from services.modules.cited.brief import Briefs, ModuleBrief
from services.modules.cited.citing import Citations
from services.modules.lesson import LessonBuilder
from services.modules.prompts import PROMPT_VERSION, lesson_task, revision
from shared.course.findings import GateReport
from shared.course.model import EngineInfo, Module
from shared.docs.model import Document, Section
from shared.engine.anthropic.material import Material
from shared.engine.anthropic.question import Model, Question
from shared.engine.types import PathwayModule, Usage
from shared.workers.port import Workers

_TOKENS = 12000
_VERSION = "1"


class ModelWriter:
    """Implements `services.modules.port.Writer`."""

    def __init__(self, model: Model, workers: Workers) -> None:
        self._model, self._workers = model, workers

    @property
    def info(self) -> EngineInfo:
        """See Writer.info."""
        return EngineInfo(name="anthropic", model=self._model.model, version=_VERSION, prompt_version=PROMPT_VERSION)

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        """See Writer.write_module."""
        return await self._write(planned, "")

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        """See Writer.revise_module. The model revises; what it leaves wrong is then taken out by the program."""
        return await self._write(planned, revision(module, report.findings))

    async def _write(self, planned: PathwayModule, own: str) -> tuple[Module, Usage]:
        about = f"The module “{planned.title}”"
        ask = partial(ask_for_module, module_id=planned.id, own=own)
        question = await self._workers.run_prepared(ask, about=about, key=planned.id)
        answer, usage = await self._model.ask(question, LessonAnswer)
        build = partial(build_module, module_id=planned.id, answer=answer)
        return await self._workers.run_prepared(build, about=about, key=planned.id), usage


def ask_for_module(briefs: Briefs, module_id: str, own: str) -> Question:
    """The question for a lesson; `own` is what a later round adds. Pure."""
    brief = briefs.brief(module_id)
    objectives = [objective.text for objective in brief.module.learning_objectives]
    return Question(
        shared=f"{lesson_task(brief.audience, brief.module, objectives)}\n{_material(brief).render()}",
        own=own or "Write the module.",
        max_tokens=_TOKENS,
    )


def build_module(briefs: Briefs, module_id: str, answer: LessonAnswer) -> Module:
    """The module of a model's lesson. Pure."""
    brief = briefs.brief(module_id)
    citations = Citations(brief.module.id, brief.source_id, brief.raw)
    return LessonBuilder(brief, _material(brief), citations).build(answer)


def _material(brief: ModuleBrief) -> Material:
    """The module's sections as the prompt shows them: what an answer's numbers mean."""
    material = Material()
    for document_id, sections in _chosen(brief):
        material.add(document_id, brief.documents[document_id], sections)
    return material


def _chosen(brief: ModuleBrief) -> list[tuple[str, list[Section]]]:
    """The module's sections by document, in the pathway's order."""
    chosen: dict[str, list[Section]] = {}
    for ref in brief.module.sections:
        document: Document | None = brief.documents.get(ref.document_id)
        if document is not None:
            chosen.setdefault(ref.document_id, []).extend(s for s in document.sections if s.id == ref.section_id)
    return list(chosen.items())
