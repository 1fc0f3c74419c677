"""The sections that a level leaves out, few enough that the rest is nearly all, and documents it takes last. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from services.pathway.offline.kinds import is_look_up
from services.pathway.offline.outline import Placed
from shared.engine.distance import SectionKey
from shared.engine.levels import OF_ITS_PAGE, TO_LOOK_UP, reason_to_leave_out
from shared.engine.reading_order import is_front
from shared.engine.titles import is_front_page
from shared.engine.types import ConceptGraph, DocumentAnalysis
from shared.events.base import Level

_MOST_LINES: Mapping[Level, float] = {"beginner": 0.12, "advanced": 0.12}
_FEWEST_SECTIONS = 12


def choose_left_out(
    sections: Sequence[Placed], graph: ConceptGraph, level: Level, wishes: frozenset[SectionKey]
) -> frozenset[SectionKey]:
    """Sections for another level, up to a share of all lines: all such sections of a document or none, first those
    whose own headings say it. A beginner goes into a reference as far as the share allows.

    Readers with some practice get them all. Sections that others build on, that are looked up by any but a beginner, or
    that the user wished for stay.
    """
    if len(sections) < _FEWEST_SECTIONS or level not in _MOST_LINES:
        return frozenset()
    needed = {before for before, _ in graph.needs}
    left = [one for one in sections if reason_to_leave_out(one.section, level)]
    left = [one for one in left if level != "advanced" or not is_front_page(one.document.path)]  # all begin there
    able = [one for one in left if one.key not in needed and one.key not in wishes]
    going = {one.key for one in able if not is_look_up(one)}
    staying = (one for one in sections if one.key not in going)
    going -= {(one.key[0], above.id) for one in staying for above in one.above()}  # what stays needs its headings
    groups = [*_groups(going, sections)]
    groups.sort(key=lambda group: group[0].section.asks_reason == OF_ITS_PAGE)
    lines = _MOST_LINES[level] * sum(map(_lines, sections))
    chosen: set[SectionKey] = set()
    for group in groups:
        size = sum(map(_lines, group))
        if size <= lines:
            lines -= size
            chosen |= {one.key for one in group}
    first = {one.document.document_id: one.key for one in reversed(sections)}
    details = (one for one in reversed(able) if one.section.asks_reason == TO_LOOK_UP and level == "beginner")
    for one in details:
        if _lines(one) > lines:
            break
        if first[one.document.document_id] != one.key:
            lines -= _lines(one)
            chosen.add(one.key)
    return frozenset(chosen)


def _groups(able: Collection[SectionKey], sections: Sequence[Placed]) -> Iterator[list[Placed]]:
    """The sections that can go, by document.

    A document of which the beginning can go stays whole, as the rest builds on it. The first section of one that can go
    as a whole stays, so that everybody hears of it.
    """
    documents: dict[str, list[Placed]] = {}
    for one in sections:
        documents.setdefault(one.document.document_id, []).append(one)
    for own in documents.values():
        left = [one for one in own if one.key in able]
        if len(left) == len(own):
            del left[0]
        if left and (left[0] != own[0]):
            yield left


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
