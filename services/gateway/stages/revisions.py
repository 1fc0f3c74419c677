"""A user's corrections of an analysis, applied. Pure; applying them twice changes nothing more."""

from collections.abc import Mapping
from typing import Any

from shared.engine.payloads import SAID_BY_USER, AnalysisSet
from shared.engine.types import CitedSentence, DocumentAnalysis, LearningObjective, Span
from shared.language.terms import content_words

Revisions = Mapping[str, Mapping[str, Any]]

_PLAIN = ("title", "doc_type", "complexity_level", "for_whom")
_LISTS = ("prerequisites", "related_topics")


def revise(analysis: DocumentAnalysis, fields: Mapping[str, Any]) -> DocumentAnalysis:
    """The analysis with the user's words where the user gave some.

    Concepts can be taken away, not invented: each needs the lines that define it. An objective the analysis has keeps
    its section and level; a new one is tied to the section that has most of its words. A summary cites the whole
    document.
    """
    update: dict[str, Any] = {name: fields[name] for name in _PLAIN if name in fields}
    if "for_whom" in fields:
        update["for_whom_reason"] = SAID_BY_USER[fields["for_whom"]]
    update |= {name: tuple(fields[name]) for name in _LISTS if name in fields}
    if "key_concepts" in fields:
        wanted = {name.casefold() for name in fields["key_concepts"]}
        update["key_concepts"] = tuple(c for c in analysis.key_concepts if c.name.casefold() in wanted)
    if "learning_objectives" in fields:
        update["learning_objectives"] = _objectives(analysis, fields["learning_objectives"])
    if "summary" in fields:
        last_line = max((section.end_line for section in analysis.sections), default=1)
        span = Span(path=analysis.path, start_line=1, end_line=last_line)
        update["summary"] = (CitedSentence(text=fields["summary"], span=span),)
    return analysis.model_copy(update=update)


def _objectives(analysis: DocumentAnalysis, texts: list[str]) -> tuple[LearningObjective, ...]:
    have = {objective.text: objective for objective in analysis.learning_objectives}
    return tuple(have.get(text, _given(analysis, text)) for text in texts)


def _given(analysis: DocumentAnalysis, text: str) -> LearningObjective:
    """An objective a person wrote, in a section that pathways name: one without text of its own is in no module."""
    words = set(content_words(text))
    teachable = [section for section in analysis.sections if section.teachable] or analysis.sections
    place = max(
        teachable, key=lambda one: len(words & {*content_words(one.heading), *dict(one.mentions)}), default=None
    )
    return LearningObjective(text=text, bloom="understand", section_id=place.id if place else "", given=True)


def revise_all(analyses: AnalysisSet, revisions: Revisions) -> AnalysisSet:
    """Every analysis with its corrections; a concept the user took away leaves the graph too."""
    revised = tuple(
        revise(analysis, revisions[analysis.document_id]) if analysis.document_id in revisions else analysis
        for analysis in analyses.analyses
    )
    wanted = {
        analysis.document_id: {name.casefold() for name in revisions[analysis.document_id]["key_concepts"]}
        for analysis in revised
        if "key_concepts" in revisions.get(analysis.document_id, {})
    }
    kept = [c for c in analyses.graph.concepts if c.name.casefold() in wanted.get(c.document_id, {c.name.casefold()})]
    ids = {concept.id for concept in kept}
    concepts = tuple(
        concept.model_copy(update={"prerequisites": tuple(one for one in concept.prerequisites if one in ids)})
        for concept in kept
    )
    graph = analyses.graph.model_copy(update={"concepts": concepts})
    return analyses.model_copy(update={"analyses": revised, "graph": graph})
