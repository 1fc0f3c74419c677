"""The sections that a level leaves out, few enough that the rest is nearly all, and documents it takes last. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from services.pathway.offline.kinds import is_aside, is_look_up
from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.levels import OF_ITS_PAGE, TO_LOOK_UP, reason_to_leave_out
from shared.engine.reading_order import is_front
from shared.engine.titles import is_front_page
from shared.engine.types import ConceptGraph, DocumentAnalysis
from shared.events.base import Level

_MOST_LINES: Mapping[Level, float] = {"beginner": 0.12, "intermediate": 0.04, "advanced": 0.12}
_MOST_DOCUMENTS: Mapping[Level, float] = {"beginner": 0.04, "intermediate": 0.0, "advanced": 0.04}
_FEWEST_SECTIONS = 12


def choose_left_out(
    sections: Sequence[Placed], graph: ConceptGraph, level: Level, wishes: frozenset[SectionKey]
) -> frozenset[SectionKey]:
    """Sections for another level, up to a share of all lines, all such sections of a document or none.

    Of a document that is for another level as a whole, the first section stays, so that everybody hears of it. A
    document of which only the beginning is for another level stays whole: the rest builds on its beginning.
    A beginner goes into a reference as far as the share allows.

    Sections that others build on, that are looked up by any but a beginner, or that the user wished for stay.
    """
    if len(sections) < _FEWEST_SECTIONS:
        return frozenset()
    needed = {before for before, _ in graph.needs}
    left = [one for one in sections if reason_to_leave_out(one.section, level)]
    left = [one for one in left if level != "advanced" or not is_front_page(one.document.path)]  # all begin there
    able = [one for one in left if one.key not in needed and one.key not in wishes]
    details = [one for one in able if one.section.asks_reason == TO_LOOK_UP and level == "beginner"]
    able = _without_beginnings([one for one in able if not is_look_up(one)], sections)
    able.sort(key=lambda one: one.section.asks_reason == OF_ITS_PAGE)  # first those whose own headings say it
    lines = _MOST_LINES[level] * sum(map(_lines, sections))
    chosen: set[SectionKey] = set()
    for group in _groups(able, sections, _MOST_DOCUMENTS[level]):
        size = (
            0 if level == "beginner" and all(map(is_aside, group)) else sum(map(_lines, group))
        )  # nothing new to them
        if size <= lines:
            lines -= size
            chosen |= {one.key for one in group}
    first = {one.document.document_id: one.key for one in reversed(sections)}
    for one in reversed(details):
        if _lines(one) > lines:
            break
        if first[one.document.document_id] != one.key:
            lines -= _lines(one)
            chosen.add(one.key)
    return frozenset(chosen)


def _without_beginnings(able: Sequence[Placed], sections: Sequence[Placed]) -> list[Placed]:
    """The sections, without those of a document whose beginning is among them and whose rest is not."""
    documents: dict[str, list[SectionKey]] = {}
    for one in sections:
        documents.setdefault(one.document.document_id, []).append(one.key)
    keys = {one.key for one in able}
    kept = {name for name, own in documents.items() if own[0] in keys and not keys.issuperset(own)}
    return [one for one in able if one.document.document_id not in kept]


def _groups(able: Sequence[Placed], sections: Sequence[Placed], share: float) -> Iterator[list[Placed]]:
    """The sections by document, those apart whose own headings say it; of documents that are left out whole, but for a
    few, without the first one.
    """
    every = Counter(one.document.document_id for one in sections)
    left = Counter(one.document.document_id for one in able)
    first = {one.document.document_id: one.key for one in reversed(sections)}
    groups: dict[tuple[str, bool], list[Placed]] = {}
    for one in able:
        groups.setdefault((one.document.document_id, one.section.asks_reason == OF_ITS_PAGE), []).append(one)
    spared: set[str] = set()
    for (document_id, _), group in groups.items():
        if left[document_id] == every[document_id] and len(spared | {document_id}) <= share * len(every):
            spared.add(document_id)
        is_whole = left[document_id] == every[document_id] and document_id not in spared
        yield [one for one in group if one.key != first[document_id]] if is_whole else group


def find_late(sections: Sequence[Placed], graph: ConceptGraph, level: Level) -> frozenset[str]:
    """Documents that come after the others, as far as nothing earlier builds on them.

    A beginner takes advanced ones last, an experienced reader tutorials and examples.
    """
    documents = {one.document.document_id: one.document for one in sections}
    late = {name for name, one in documents.items() if _is_late(one, level)}
    needs = [*((before, after) for (before, _), (after, _) in graph.needs), *graph.document_edges]
    while needed := {before for before, after in needs if before in late and after not in late}:
        late -= needed
    return frozenset(late)


def _is_late(document: DocumentAnalysis, level: Level) -> bool:
    if level == "advanced":
        is_practice = document.doc_type in ("tutorial", "example") and document.complexity_level != "advanced"
        return is_practice and not is_front(document.path)
    return level == "beginner" and document.complexity_level == "advanced"


def _lines(one: Placed) -> int:
    return 1 + one.section.end_line - one.section.start_line
