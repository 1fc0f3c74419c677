"""The concept graph over all documents: what each concept needs and why, and the order of the sections. Pure.

All edges lead forward in the order of the documents.
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

Signs = tuple[str, ...]


def build_graph(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> ConceptGraph:
    """Choose concepts, connect them, and order the sections. Deterministic in the order of `analyses`."""
    weighed = weigh(analyses)
    order = read_author(analyses, navigation).order(weighed.before)
    rank = {number: place for place, number in enumerate(order)}
    homes = choose_homes(analyses, rank)
    listed = sorted(homes, key=lambda key: (rank[homes[key].number], homes[key].place, key))
    kept = _reduced({key: _needs(key, homes, weighed, rank) for key in listed})
    return ConceptGraph(
        concepts=tuple(_graph_concept(key, homes, kept[key]) for key in listed),
        document_edges=_document_edges(analyses, weighed, rank),
        section_order=tuple(
            (analyses[number].document_id, section.id)
            for number in order
            for section in teachable_outlines(analyses[number])
        ),
    )


def _needs(key: str, homes: Mapping[str, Home], weighed: Weighed, rank: Mapping[int, int]) -> dict[str, Signs]:
    """The concepts before a concept that its home names and that most of the evidence puts first, with their signs."""
    home = homes[key]
    definition = key_text(home.concept.definition.text)
    found: dict[str, tuple[float, Signs]] = {}
    for other in home.mentions:
        if other not in homes or not homes[other].is_used or not home.names(other):
            continue
        if not is_before(homes[other], home, rank):
            continue
        signs = tuple(_signs(key, other, homes, definition))
        score = sum(_SIGNS[sign] for sign in signs) + _precedes(homes[other], home, weighed)
        if score >= _LEAST_EVIDENCE:
            found[other] = (score, signs)
    best = sorted(found, key=lambda other: (-found[other][0], other))[:_MOST_NEEDS]
    return {other: found[other][1] for other in best}


def _signs(key: str, other: str, homes: Mapping[str, Home], definition: str) -> Iterable[str]:
    home, before = homes[key], homes[other]
    yield "named at its home"
    if key_pattern(other) in definition:
        yield "defined with it"
    if key not in before.mentions:
        yield "not the other way"
    if home.number == before.number and home.section.parent == before.section.id:
        yield "stands above it"


def _precedes(before: Home, after: Home, weighed: Weighed) -> float:
    """Between 0 and 1: how much speaks for the first home before the second. The reading order is half of it."""
    return 1.0 if before.number == after.number else (float(weighed.before[before.number, after.number]) + 1.0) / 2


def _reduced(needs: Mapping[str, Mapping[str, Signs]]) -> dict[str, Mapping[str, Signs]]:
    """The needs of each concept, less each need that one of its other needs has already. The concepts are in order."""
    below: dict[str, set[str]] = {}
    kept: dict[str, Mapping[str, Signs]] = {}
    for after, found in needs.items():
        told = {one for before in found for one in below[before]}
        kept[after] = {before: signs for before, signs in found.items() if before not in told}
        below[after] = {*found, *told}
    return kept


def _graph_concept(key: str, homes: Mapping[str, Home], needs: Mapping[str, Signs]) -> GraphConcept:
    home = homes[key]
    signs = {_id(other, homes[other]): needs[other] for other in sorted(needs)}
    return GraphConcept(
        id=_id(key, home),
        name=home.concept.name,
        document_id=home.analysis.document_id,
        section_id=home.section.id,
        definition=home.concept.definition,
        is_told=home.is_told and home.says_what,
        is_headed=home.is_headed or home.is_told,
        prerequisites=tuple(signs),
        signs=signs,
    )


def _id(key: str, home: Home) -> str:
    return content_id("k", home.analysis.source_id, home.analysis.path, key)


def _document_edges(
    analyses: Sequence[DocumentAnalysis], weighed: Weighed, rank: Mapping[int, int]
) -> tuple[tuple[str, str], ...]:
    """(before, after): the second names what the first is about, and much speaks for that order; the strongest few."""
    edges: list[tuple[str, str]] = []
    for j in rank:
        sure = np.flatnonzero(weighed.named[j] & (weighed.before[:, j] >= _CERTAIN)).tolist()
        strongest = sorted(sure, key=lambda i: (-weighed.before[i, j], rank[i]))[:_MOST_BEFORE]
        edges += [(analyses[i].document_id, analyses[j].document_id) for i in strongest]
    return tuple(edges)
