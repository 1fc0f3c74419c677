"""Terms a module is the first to use: where their definition stands in a later module, the learner gets it at once."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from shared.course.plain_text import show_plain
from shared.course.terms import mentions
from shared.docs.model import Document
from shared.engine.offline.lesson import Said, iter_said
from shared.engine.offline.lesson_parts import HeadedPart
from shared.engine.port import ModuleBrief
from shared.engine.types import ConceptGraph, GraphConcept, Pathway

_FEWEST_USES = 4
_MOST_TERMS = 5
_SHORTEST_NAME = 4


def find_new_terms(
    pathway: Pathway, documents: Mapping[str, Document], graph: ConceptGraph
) -> tuple[frozenset[str], ...]:
    """For each module of a pathway, the ids of the concepts its sections are the first to mention."""
    open_concepts = list(graph.concepts)
    found: list[frozenset[str]] = []
    for module in pathway.modules:
        wanted = {(ref.document_id, ref.section_id) for ref in module.sections}
        text = "\n".join(
            text
            for document_id in module.document_ids
            if document_id in documents
            for section in documents[document_id].sections
            if (document_id, section.id) in wanted
            for block in section.blocks
            for text in (*(s.text for s in block.sentences), *(cell for row in block.rows for cell in row))
        )
        plain = show_plain(text)
        new = frozenset(concept.id for concept in open_concepts if mentions(plain, concept.name))
        open_concepts = [concept for concept in open_concepts if concept.id not in new]
        found.append(new)
    return tuple(found)


def choose_terms(brief: ModuleBrief, parts: Sequence[HeadedPart], opening: Iterable[Said]) -> tuple[GraphConcept, ...]:
    """The terms to explain before the lesson: new here, used several times, and defined somewhere else."""
    own = {(ref.document_id, ref.section_id) for ref in brief.module.sections}
    new = brief.new_terms or frozenset()
    open_concepts = [c for c in brief.graph.concepts if c.id in new and (c.document_id, c.section_id) not in own]
    if not open_concepts:
        return ()
    texts = [show_plain(said.text) for said in opening]
    for one in parts:
        texts += [show_plain(s.text) for p in one.part.passages for chunk in p.chunks for s in iter_said(chunk)]
    uses = Counter({c.id: sum(1 for text in texts if mentions(text, c.name)) for c in open_concepts})
    often = [c for c in open_concepts if uses[c.id] >= _FEWEST_USES and len(c.name) >= _SHORTEST_NAME]
    return tuple(sorted(often, key=lambda c: (-uses[c.id], c.name.lower(), c.id))[:_MOST_TERMS])
