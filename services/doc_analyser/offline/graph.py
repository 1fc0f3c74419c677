"""The concept graph over all documents: what each concept needs and why, and the order of the sections. Pure.

All edges lead forward in the order of the documents.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from services.doc_analyser.offline.homes import Home, choose_homes, is_needed, place_of
from services.doc_analyser.offline.order import read_author
from services.doc_analyser.offline.signs import Weighed, weigh
from shared.docs.navigation import Navigation
from shared.engine.minutes import teachable_outlines
from shared.engine.types import ConceptGraph, DocumentAnalysis, GraphConcept
from shared.kernel.ids import content_id
from shared.language.terms import mentions

_MOST_NEEDS = 3
_CERTAIN = 0.5
_MOST_BEFORE = 5
_SIGNS = {"stands above it": 0.9, "part of its name": 0.9, "defined with it": 0.85, "named where its home begins": 0.8}
"""The share of edges with each sign that are right."""

Signs = tuple[str, ...]


def build_graph(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> ConceptGraph:
    """Choose concepts, connect them, and order the sections. Deterministic in the order of `analyses`."""
    weighed = weigh(analyses)
    order = read_author(analyses, navigation).order(weighed.before)
    rank = {number: place for place, number in enumerate(order)}
    homes = choose_homes(analyses, rank)
    listed = sorted(homes, key=lambda key: (*place_of(homes[key], rank), key))
    kept = _reduced({key: _needs(key, homes, rank) for key in listed})
    return ConceptGraph(
        concepts=tuple(_graph_concept(key, homes, kept[key]) for key in listed),
        document_edges=_document_edges(analyses, weighed, rank),
        section_order=tuple(
            (analyses[number].document_id, section.id)
            for number in order
            for section in teachable_outlines(analyses[number])
        ),
    )


def _needs(key: str, homes: Mapping[str, Home], rank: Mapping[int, int]) -> dict[str, Signs]:
    """The concepts before a concept that its home builds on, those with the most signs, with their signs."""
    found = {
        other: tuple(_signs(key, other, homes))
        for other in homes[key].mentions
        if other in homes and is_needed(homes[other], homes[key], other, rank)
    }
    best = sorted(found, key=lambda other: (-sum(_SIGNS[sign] for sign in found[other]), other))[:_MOST_NEEDS]
    return {other: found[other] for other in best}


def _signs(key: str, other: str, homes: Mapping[str, Home]) -> Iterable[str]:
    home, before = homes[key], homes[other]
    if mentions(home.concept.definition.text, other):
        yield "defined with it"
    if other in home.section.said_first:
        yield "named where its home begins"
    if home.is_kind_of(before):
        yield "part of its name"
    if home.stands_below(before):
        yield "stands above it"


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
        id=_id(key, home), name=home.concept.name, document_id=home.analysis.document_id, section_id=home.section.id,
        definition=home.concept.definition, is_told=home.says_what, is_headed=home.is_linked,
        homes=dict(home.beside), prerequisites=tuple(signs), signs=signs,
    )  # fmt: skip


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
