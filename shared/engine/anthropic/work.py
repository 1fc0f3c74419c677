"""What worker processes do for this engine: number documents, make questions, build from answers. Pure.

This module must not import the SDK: every new worker process would wait seconds for it.
"""

from shared.course.model import Module
from shared.docs.model import Document, Section
from shared.engine.anthropic.answers import LessonAnswer, PathwaysAnswer
from shared.engine.anthropic.grouping import find_order_problems, group_sections
from shared.engine.anthropic.lesson import LessonBuilder
from shared.engine.anthropic.material import Material
from shared.engine.anthropic.prompts import lesson_task, outline
from shared.engine.anthropic.question import Question
from shared.engine.offline.analyse import analyse
from shared.engine.offline.documents import read_source
from shared.engine.offline.writer_evidence import Evidence
from shared.engine.port import Analysed, Briefs, DocumentFile, ModuleBrief
from shared.engine.types import DocumentAnalysis, Pathway

_LESSON_TOKENS = 12000


def number(file: DocumentFile, project: str) -> tuple[DocumentAnalysis, Material]:
    """What the program finds in a document, and the document as a prompt shows it."""
    source = read_source(file)
    material = Material()
    material.add(source.document_id, source.document, source.document.sections)
    return analyse(source, project), material


def outline_sections(known: Analysed) -> str:
    """All sections, numbered, as the prompt for pathways shows them."""
    return outline(known.analyses)[0]


def group(known: Analysed, answer: PathwaysAnswer, fallback: tuple[Pathway, ...]) -> list[tuple[Pathway, list[str]]]:
    """The model's pathways, each with what is wrong with its order."""
    pathways = group_sections(answer, outline(known.analyses)[1], fallback)
    return [(pathway, find_order_problems(pathway, known.graph)) for pathway in pathways]


def ask(briefs: Briefs, module_id: str, own: str) -> Question:
    """The question for a lesson; `own` is what a later round adds."""
    brief = briefs.brief(module_id)
    objectives = [objective.text for objective in brief.module.learning_objectives]
    return Question(
        shared=f"{lesson_task(brief.audience, brief.module, objectives)}\n{_material(brief).render()}",
        own=own or "Write the module.",
        max_tokens=_LESSON_TOKENS,
    )


def build(briefs: Briefs, module_id: str, answer: LessonAnswer) -> Module:
    """The module of a model's lesson."""
    brief = briefs.brief(module_id)
    evidence = Evidence(brief.module.id, brief.source_id, brief.raw)
    return LessonBuilder(brief, _material(brief), evidence).build(answer)


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
