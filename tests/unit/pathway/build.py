"""Analyses made by hand: only what pathways look at."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from services.doc_analyser.offline.graph import build_graph
from services.pathway.offline import pathways
from shared.course.audience import Audience
from shared.docs.navigation import Navigation
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from shared.engine.types import (
    CitedSentence,
    Concept,
    ConceptGraph,
    DocumentAnalysis,
    LearningObjective,
    Pathway,
    SectionOutline,
    Span,
)
from shared.kernel.ids import content_id
from shared.language.terms import term_key


def section(
    name: str, *, level: int = 2, words: int = 200, code: int = 1, terms: Sequence[str] = (), is_first: bool = True
) -> SectionOutline:
    """A section that says each of the terms once, where it begins if `is_first`."""
    return SectionOutline(
        id=content_id("s", name), heading=name, level=level, parent=None, start_line=1, end_line=9, words=words,
        code_blocks=code, code_lines=12 * code, mentions=tuple((term, 1) for term in sorted(terms)),
        said_first=tuple(sorted(terms)) if is_first else (),
        teachable=words > 0 or code > 0,
    )  # fmt: skip


def page(
    path: str,
    title: str = "",
    *,
    sections: Sequence[SectionOutline] | None = None,
    doc_type: str = "guide",
    level: str = "intermediate",
    concepts: Sequence[tuple[str, str]] = (),
    evidence: int = 3,
    says: Sequence[str] = (),
    is_entry: bool = False,
) -> DocumentAnalysis:
    name = title or path.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("-", " ").title()
    own = list(sections) if sections is not None else [section(f"{name} {part}") for part in ("Alpha", "Beta", "Gamma")]
    document_id = content_id("d", "s1", path)
    return DocumentAnalysis.model_validate(
        {
            "document_id": document_id, "source_id": "s1", "path": path, "sha256": "0" * 64, "title": name,
            "doc_type": doc_type, "complexity_level": level, "word_count": sum(s.words for s in own), "minutes": 5,
            "is_entry": is_entry, "sections": own, "names": [term_key(name)],
            "summary": [
                CitedSentence(text=text, span=Span(path=path, start_line=3 + place, end_line=3 + place))
                for place, text in enumerate(says)
            ],
            "learning_objectives": [
                LearningObjective(text=f"Use {s.heading.lower()}", bloom="apply", section_id=s.id) for s in own[:4]
            ],
            "key_concepts": [
                Concept(
                    id=content_id("k", document_id, term), name=term, section_id=own[0].id, evidence=evidence,
                    definition=CitedSentence(text=text, span=Span(path=path, start_line=3 + place, end_line=3 + place)),
                )
                for place, (term, text) in enumerate(concepts)
            ],
        }
    )  # fmt: skip


def propose(
    analyses: Sequence[DocumentAnalysis],
    navigation: Navigation | None = None,
    audience: Audience | None = None,
    name: str = "acme/widgets",
    overview: str | None = None,
    graph: ConceptGraph | None = None,
    skipped: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Pathway, ...]:
    order = navigation or Navigation()
    known = AnalysisSet(analyses=tuple(analyses), graph=graph or build_graph(analyses, order), skipped=dict(skipped))
    return pathways.propose(known, ProjectFacts(name, overview, order), audience or Audience("intermediate"))
