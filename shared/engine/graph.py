"""The concept graph over all documents: one defining place per term, acyclic prerequisites, document order. Pure.

The author's order wins: an edge that runs against it is left out, for the author has shown that the text can be read
in that order. Engine-independent, so that both engines are held to the same graph.
"""

from collections.abc import Iterable, Mapping, Sequence

from shared.docs.model import Navigation
from shared.engine.reading_order import author_positions, rank_of, reading_order
from shared.engine.terms import plain, singular, term_key, words_of
from shared.engine.types import Concept, ConceptGraph, DocumentAnalysis, GraphConcept
from shared.ids import content_id

Edge = tuple[str, str]

_MIN_USES = 2
_BACKGROUND_SHARE = 0.6
_LONGEST_TERM = 4
_PREREQUISITE_WEIGHT = 2


def build_graph(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> ConceptGraph:
    """Merge the concepts of all documents, connect them, and derive which document comes before which."""
    order = reading_order(analyses, navigation)
    place = {analysis.document_id: index for index, analysis in enumerate(order)}
    listed = bool(author_positions(analyses, navigation))
    homes = _defining_places(order)
    needs = _needs(homes, place, listed)
    concepts = tuple(_graph_concept(key, *homes[key], homes, needs[key]) for key in homes)
    return ConceptGraph(concepts=concepts, document_edges=_document_edges(order, place, homes, needs, listed))


def acyclic(weighted: Mapping[Edge, int]) -> tuple[Edge, ...]:
    """The edges, strongest first, without those that would close a circle."""
    after: dict[str, set[str]] = {}
    kept: list[Edge] = []
    for edge in sorted(weighted, key=lambda one: (-weighted[one], one)):
        before, behind = edge
        if before != behind and not _reaches(behind, before, after):
            after.setdefault(before, set()).add(behind)
            kept.append(edge)
    return tuple(kept)


def _reaches(start: str, goal: str, after: Mapping[str, set[str]]) -> bool:
    seen, waiting = {start}, [start]
    while waiting:
        node = waiting.pop()
        if node == goal:
            return True
        fresh = after.get(node, set()) - seen
        seen |= fresh
        waiting.extend(fresh)
    return False


def _defining_places(order: Sequence[DocumentAnalysis]) -> dict[str, tuple[Concept, DocumentAnalysis]]:
    """Term → the concept that defines it. A section about the term teaches it best, whatever a glossary says too;
    then marked terms and glossaries in reading order; then plain sentences.
    """
    found: dict[str, list[tuple[int, int, Concept, DocumentAnalysis]]] = {}
    for index, analysis in enumerate(order):
        for concept in analysis.key_concepts:
            rank = 0 if concept.evidence == 3 else 1 if concept.evidence >= 2 else 2
            found.setdefault(term_key(concept.name), []).append((rank, index, concept, analysis))
    homes: dict[str, tuple[Concept, DocumentAnalysis]] = {}
    for key, candidates in found.items():
        _, _, concept, analysis = min(candidates, key=lambda one: one[:2])
        homes[key] = (concept, analysis)
    places = {analysis.document_id: index for index, analysis in enumerate(order)}
    return dict(
        sorted(
            homes.items(), key=lambda one: (places[one[1][1].document_id], one[1][0].definition.span.start_line, one[0])
        )
    )


def _needs(
    homes: Mapping[str, tuple[Concept, DocumentAnalysis]], place: Mapping[str, int], listed: bool
) -> dict[str, tuple[str, ...]]:
    """Term → terms its definition uses, acyclic, and never against the author's order."""
    weighted: dict[Edge, int] = {}
    for key, (concept, analysis) in homes.items():
        named = {term_key(need) for need in concept.needs}
        for need in sorted((terms_in(concept.definition.text, homes) | named) & homes.keys()):
            if need == key or f" {need} " in f" {key} ":
                continue
            other, home = homes[need]
            same = home.document_id == analysis.document_id
            if same and other.definition.span.start_line >= concept.definition.span.start_line:
                continue
            if not same and listed and place[home.document_id] >= place[analysis.document_id]:
                continue
            weighted[(need, key)] = 2 * (not same) + other.evidence
    kept: dict[str, list[str]] = {key: [] for key in homes}
    for need, key in acyclic(weighted):
        kept[key].append(need)
    return {key: tuple(sorted(needed, key=list(homes).index)) for key, needed in kept.items()}


def terms_in(text: str, known: Iterable[str]) -> set[str]:
    """Which of the known term keys a text uses, singular or plural."""
    keys = known if isinstance(known, Mapping | set | frozenset) else set(known)
    words = words_of(plain(text).replace("-", " "))
    grams: set[str] = set()
    for size in range(1, _LONGEST_TERM + 1):
        for start in range(len(words) - size + 1):
            run = words[start : start + size]
            grams.add(" ".join([*run[:-1], singular(run[-1])]))
    return {gram for gram in grams if gram in keys}


def _graph_concept(
    key: str,
    concept: Concept,
    analysis: DocumentAnalysis,
    homes: Mapping[str, tuple[Concept, DocumentAnalysis]],
    needs: tuple[str, ...],
) -> GraphConcept:
    return GraphConcept(
        id=_concept_id(key, analysis),
        name=concept.name,
        document_id=analysis.document_id,
        section_id=concept.section_id,
        definition=concept.definition,
        prerequisites=tuple(_concept_id(need, homes[need][1]) for need in needs),
    )


def _concept_id(key: str, analysis: DocumentAnalysis) -> str:
    return content_id("k", analysis.source_id, analysis.path, key)


def _document_edges(
    order: Sequence[DocumentAnalysis],
    place: Mapping[str, int],
    homes: Mapping[str, tuple[Concept, DocumentAnalysis]],
    needs: Mapping[str, tuple[str, ...]],
    listed: bool,
) -> tuple[Edge, ...]:
    """(before, after) pairs: the second uses in several sections what the first defines, or builds a concept on it."""
    uses = {analysis.document_id: _section_uses(analysis, homes) for analysis in order}
    by_id = {analysis.document_id: analysis for analysis in order}
    weighted: dict[Edge, int] = {}
    for key, (_, home) in homes.items():
        users = [document_id for document_id in uses if uses[document_id].get(key)]
        if len(order) > 3 and len(users) > _BACKGROUND_SHARE * len(order):
            continue
        for user in users:
            weight = uses[user][key]
            if user != home.document_id and weight >= _MIN_USES:
                weighted[(home.document_id, user)] = weighted.get((home.document_id, user), 0) + weight
    for key, needed in needs.items():
        for need in needed:
            edge = (homes[need][1].document_id, homes[key][1].document_id)
            if edge[0] != edge[1]:
                weighted[edge] = weighted.get(edge, 0) + _PREREQUISITE_WEIGHT
    allowed = {
        edge: weight
        for edge, weight in weighted.items()
        if (place[edge[0]] < place[edge[1]] if listed else rank_of(by_id[edge[0]]) <= rank_of(by_id[edge[1]]))
    }
    return tuple(sorted(acyclic(allowed), key=lambda edge: (place[edge[0]], place[edge[1]])))


def _section_uses(analysis: DocumentAnalysis, known: Mapping[str, object]) -> dict[str, int]:
    """Term → in how many sections of a document it is used."""
    counts: dict[str, int] = {}
    for section in analysis.sections:
        for term in section.terms:
            if term in known:
                counts[term] = counts.get(term, 0) + 1
    return counts
