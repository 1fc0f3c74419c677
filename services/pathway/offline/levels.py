"""The sections that a level leaves out, few enough that the rest is nearly all, and documents it takes last. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence

from services.pathway.offline.kinds import is_look_up
from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.levels import OF_ITS_PAGE, reason_to_leave_out
from shared.engine.types import ConceptGraph
from shared.events.base import Level

_MOST_LINES, _MOST_DOCUMENTS = 0.12, 0.04
_FEWEST_SECTIONS = 12


def choose_left_out(
    sections: Sequence[Placed], graph: ConceptGraph, level: Level, wishes: Mapping[SectionKey, float]
) -> frozenset[SectionKey]:
    """Sections for the other end of the scale: up to 12 % of all lines, all such sections of a document or none.

    Of a document that is for the other end as a whole, the first section stays, so that everybody hears of it.

    Sections that others build on, that are looked up, or that the user wished for stay.
    """
    if len(sections) < _FEWEST_SECTIONS:
        return frozenset()
    homes = {concept.id: (concept.document_id, concept.section_id) for concept in graph.concepts}
    needed = {homes[before] for concept in graph.concepts for before in concept.prerequisites}
    left = [one for one in sections if reason_to_leave_out(one.section, level)]
    able = [one for one in left if one.key not in needed and not wishes.get(one.key) and not is_look_up(one)]
    if level == "beginner":  # first those whose own headings say for whom they are, and not their page alone
        able.sort(key=lambda one: one.section.asks_reason == OF_ITS_PAGE)
    by_document: dict[str, list[Placed]] = {}
    for one in able:
        by_document.setdefault(one.document.document_id, []).append(one)
    every = Counter(one.document.document_id for one in sections)
    lines = _MOST_LINES * sum(map(_lines, sections))
    documents = int(_MOST_DOCUMENTS * len(every))
    chosen: set[SectionKey] = set()
    for document_id, group in by_document.items():
        is_all = len(group) == every[document_id]
        if is_all and not documents:
            group, is_all = group[1:], False
        size = sum(map(_lines, group))
        if size <= lines:
            lines -= size
            documents -= is_all
            chosen |= {one.key for one in group}
    return frozenset(chosen)


def find_late(sections: Sequence[Placed], graph: ConceptGraph, level: Level) -> frozenset[str]:
    """Documents that a beginner takes after the others: advanced ones on which nothing easier builds."""
    if level != "beginner":
        return frozenset()
    hard = {one.document.document_id for one in sections if one.document.complexity_level == "advanced"}
    homes = {concept.id: concept.document_id for concept in graph.concepts}
    needs = [(homes[before], concept.document_id) for concept in graph.concepts for before in concept.prerequisites]
    needs += graph.document_edges
    while needed := {before for before, after in needs if before in hard and after not in hard}:
        hard -= needed
    return frozenset(hard)


def _lines(one: Placed) -> int:
    return 1 + one.section.end_line - one.section.start_line
