"""A small repository of documentation, and briefs made from it."""

from collections.abc import Mapping
from pathlib import Path

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.crossings import Crossings
from services.modules.offline.writer import write_module
from shared.course.audience import Audience
from shared.course.findings import GateReport
from shared.course.gates import check_module
from shared.course.model import Module
from shared.course.reading import GateContext
from shared.docs.reader import read_document
from shared.engine import types
from shared.engine.port import ProjectFacts
from shared.events.base import Level
from shared.kernel.ids import content_id
from tests.support.whole_course import list_said

_FOLDER = Path(__file__).with_name("relay")
FILES = {name: (_FOLDER / name).read_text(encoding="utf-8") for name in ("docs/guide.md", "docs/reference.md")}
GUIDE = FILES["docs/guide.md"]


def make_brief(
    files: dict[str, str] | None = None,
    *,
    level: Level = "intermediate",
    position: int = 0,
    concepts: tuple[types.GraphConcept, ...] = (),
    included: Mapping[str, str] | None = None,
) -> ModuleBrief:
    """The brief of the module at `position`; each file is a module of its own, and may include what is `included`."""
    texts = files or FILES
    parts = {path: text.encode() for path, text in (included or {}).items()}
    ids = {path: content_id("d", "s1", path) for path in texts}
    documents = {ids[path]: read_document(path, text.encode(), parts) for path, text in texts.items()}
    modules = tuple(_plan(document_id, documents[document_id]) for document_id in ids.values())
    pathway = types.Pathway(
        id="p1",
        kind="complete",
        title="All",
        description="",
        complexity_level=level,
        estimated_minutes=1,
        modules=modules,
    )
    module = modules[position]
    by_path = {path: modules[i] for i, path in enumerate(texts)}
    return ModuleBrief(
        audience=Audience(level),
        project=ProjectFacts("Relay"),
        source_id=lambda _: "s1",
        pathway=pathway,
        module=module,
        position=position,
        documents={i: documents[i] for i in module.document_ids},
        analyses={i: _analyse(i, documents[i].title, documents[i].path, level) for i in documents},
        graph=types.ConceptGraph(concepts=concepts),
        raw=lambda path: parts[path] if path in parts else texts[path].encode(),
        find=Crossings(documents, frozenset(texts)).find,
        link=lambda place: f"#{by_path[place.path].id}",
        picture=lambda path: None,
    )


def write(brief: ModuleBrief) -> Module:
    """The module of a brief, in a course that teaches nothing else."""
    return write_module(brief, list_said([brief]))


def _plan(document_id: str, document) -> types.PathwayModule:  # type: ignore[no-untyped-def]
    refs = tuple(
        types.SectionRef(document_id=document_id, section_id=s.id, heading=s.heading) for s in document.sections
    )
    verbs = {"creating": "Create", "publishing": "Publish", "reading": "Handle", "limits": "Set", "storage": "Choose"}
    aims = []
    for section in document.sections:
        first, _, rest = section.heading.lower().partition(" ")
        if section.level == 2:
            aims.append(
                types.LearningObjective(
                    text=f"{verbs.get(first, 'Use')} {rest or first}", bloom="apply", section_id=section.id
                )
            )
    return types.PathwayModule(
        id=content_id("m", *(s.id for s in document.sections)),
        title=document.title,
        description="This module shows how it is done.",
        estimated_minutes=10,
        learning_objectives=tuple(aims),
        sections=refs,
        document_ids=(document_id,),
    )


def _analyse(document_id: str, title: str, path: str, level: Level) -> types.DocumentAnalysis:
    return types.DocumentAnalysis(
        document_id=document_id, source_id="s1", path=path, sha256="", title=title, doc_type="guide",
        complexity_level=level, word_count=100, minutes=1,
    )  # fmt: skip


def make_concept(brief: ModuleBrief, name: str, sentence: str, line: int, heading: str) -> types.GraphConcept:
    """A concept that the guide defines on one line."""
    document_id, document = next(iter(brief.documents.items()))
    section = next(s for s in document.sections if s.heading == heading)
    span = types.Span(path=document.path, start_line=line, end_line=line)
    return types.GraphConcept(
        id=content_id("k", name), name=name, document_id=document_id, section_id=section.id,
        definition=types.CitedSentence(text=sentence, span=span),
    )  # fmt: skip


def check(brief: ModuleBrief, module: Module) -> GateReport:
    """The findings of the gates about a module of the sample."""
    return check_module(
        module, GateContext(raw=brief.raw, known_modules=frozenset(planned.id for planned in brief.pathway.modules))
    )
