"""The concept graph over all documents: what each concept needs and why, and the order of the sections. Pure.

Edges are found by their evidence alone; those that the order of the documents runs against are left out and counted.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from services.doc_analyser.offline.homes import Home, choose_homes, is_before
from services.doc_analyser.offline.order import read_author
from services.doc_analyser.offline.signs import Weighed, weigh
from shared.docs.navigation import Navigation
from shared.engine.minutes import teachable_outlines
from shared.engine.types import ConceptGraph, DocumentAnalysis, GraphConcept
from shared.kernel.ids import content_id
from shared.language.terms import key_pattern, key_text

_LEAST_EVIDENCE = 1.1
_MOST_NEEDS = 3
_CERTAIN = 0.5
_MOST_BEFORE = 5
_SIGNS = {"defined with it": 1.0, "named at its home": 0.4, "not the other way": 0.35, "stands above it": 0.7}
_ORDER = 1.0

Signs = tuple[str, ...]


def build_graph(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> ConceptGraph:
    """Choose concepts, connect them, and order the sections. Deterministic in the order of `analyses`."""
    weighed = weigh(analyses)
    order = read_author(analyses, navigation).order(weighed.before)
    rank = _ranks(order)
    homes = choose_homes(analyses, rank)
    # A word said in passing is a sign of the order, but too weak to be shown as what a concept needs.
    proven = {key: {b: e for b, e in _needs(key, homes, weighed, rank).items() if homes[key].names(b)} for key in homes}
    forward = {
        key: {b: e for b, e in found.items() if is_before(homes[b], homes[key], rank)} for key, found in proven.items()
    }
    kept = _acyclic(forward)
    listed = sorted(homes, key=lambda key: (rank[homes[key].number], homes[key].place, key))
    return ConceptGraph(
        concepts=tuple(_graph_concept(key, homes, kept) for key in listed),
        against_order=sum(map(len, proven.values())) - sum(map(len, forward.values())),
        document_edges=_document_edges(analyses, weighed, order),
        section_order=tuple(
            (analyses[number].document_id, section.id)
            for number in order
            for section in teachable_outlines(analyses[number])
        ),
    )


def _ranks(order: Sequence[int]) -> dict[int, int]:
    return {number: place for place, number in enumerate(order)}


def _needs(
    key: str, homes: Mapping[str, Home], weighed: Weighed, rank: Mapping[int, int]
) -> dict[str, tuple[float, Signs]]:
    """The concepts that a concept's home names and that come first by most of the evidence, with it."""
    home = homes[key]
    definition = key_text(home.concept.definition.text)
    found: dict[str, tuple[float, Signs]] = {}
    for other in home.mentions:
        if other == key or other not in homes or not homes[other].is_used:
            continue
        signs = tuple(_signs(key, other, homes, definition))
        score = sum(_SIGNS[sign] for sign in signs) + _ORDER * _precedes(homes[other], home, weighed, rank)
        if score >= _LEAST_EVIDENCE:
            found[other] = (score, signs)
    best = sorted(found, key=lambda other: (-found[other][0], other))[:_MOST_NEEDS]
    return {other: found[other] for other in best}


def _signs(key: str, other: str, homes: Mapping[str, Home], definition: str) -> Iterable[str]:
    home, before = homes[key], homes[other]
    yield "named at its home"
    if key_pattern(other) in definition:
        yield "defined with it"
    if key not in before.mentions:
        yield "not the other way"
    if home.number == before.number and home.section.parent == before.section.id:
        yield "stands above it"


def _precedes(before: Home, after: Home, weighed: Weighed, rank: Mapping[int, int]) -> float:
    """Between -1 and 1: how much speaks for the first home before the second. The reading order is half of it."""
    if before.number == after.number:
        return float((before.place < after.place) - (before.place > after.place))
    forward = 1.0 if rank[before.number] < rank[after.number] else -1.0
    return (float(weighed.before[before.number, after.number]) + forward) / 2


def _acyclic(
    needs: Mapping[str, Mapping[str, tuple[float, Signs]]],
) -> dict[str, dict[str, Signs]]:
    """The edges, strongest first, without an edge that closes a circle or says what two others say already."""
    edges = sorted(
        ((score, after, before, signs) for after, all_ in needs.items() for before, (score, signs) in all_.items()),
        key=lambda edge: (-edge[0], edge[1], edge[2]),
    )
    kept: dict[str, dict[str, Signs]] = {key: {} for key in needs}
    for _, after, before, signs in edges:
        if not _reaches(after, before, kept):
            kept[after][before] = signs
    for after, found in kept.items():
        for before in list(found):
            others = [other for other in found if other != before]
            if any(_reaches(before, other, kept) for other in others):
                del kept[after][before]
    return kept


def _reaches(before: str, after: str, needs: Mapping[str, Mapping[str, object]]) -> bool:
    """Whether `after` needs `before`, directly or not."""
    seen, open_ = {after}, [after]
    while open_:
        for one in needs[open_.pop()]:
            if one == before:
                return True
            if one not in seen:
                seen.add(one)
                open_.append(one)
    return before == after


def _graph_concept(key: str, homes: Mapping[str, Home], kept: Mapping[str, Mapping[str, Signs]]) -> GraphConcept:
    home = homes[key]
    needed = sorted(kept[key])
    return GraphConcept(
        id=_id(key, home),
        name=home.concept.name,
        document_id=home.analysis.document_id,
        section_id=home.section.id,
        definition=home.concept.definition,
        is_told=home.is_told,
        prerequisites=tuple(_id(other, homes[other]) for other in needed),
        signs={_id(other, homes[other]): kept[key][other] for other in needed},
    )


def _id(key: str, home: Home) -> str:
    return content_id("k", home.analysis.source_id, home.analysis.path, key)


def _document_edges(
    analyses: Sequence[DocumentAnalysis], weighed: Weighed, order: Sequence[int]
) -> tuple[tuple[str, str], ...]:
    """(before, after): the second names what the first is about, and much speaks for that order; the strongest few."""
    edges: list[tuple[str, str]] = []
    rank = _ranks(order)
    for j in order:
        sure = np.flatnonzero(weighed.named[j] & (weighed.before[:, j] >= _CERTAIN)).tolist()
        found = sorted((i for i in sure if i != j), key=rank.__getitem__)
        strongest = sorted(found, key=lambda i: -weighed.before[i, j])[:_MOST_BEFORE]
        edges += [(analyses[i].document_id, analyses[j].document_id) for i in strongest]
    return tuple(edges)
