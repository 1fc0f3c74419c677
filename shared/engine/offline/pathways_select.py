"""Which sections a pathway of each kind takes. Pure, but for the vector model behind the user's wishes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from shared.course.model import Level
from shared.engine.distance import SectionKey, section_distance
from shared.engine.offline.pathways_tree import section_minutes
from shared.engine.offline.similarity import embed, likeness
from shared.engine.port import Audience
from shared.engine.reading_order import is_apart, rank_of
from shared.engine.sections import teachable_outlines
from shared.engine.types import ConceptGraph, DocumentAnalysis, SectionOutline

SMALLEST_DISTANCE = 0.3
_QUICK_SHARE, _TASK_SHARE, _REFERENCE_SHARE = 0.25, 0.6, 0.6
_DOCUMENT_SHARE = 0.65
_QUICK_MINUTES = 60.0
_QUICK_SECTIONS, _QUICK_DOCUMENTS = 10, 4
_FEWEST_SECTIONS = 2
_SMALL = 9
_TAKEN = 0.05
_LEVELS: Mapping[Level, int] = {"beginner": 0, "intermediate": 1, "advanced": 2}
# What authors themselves call the quick way in.
_QUICK_NAMES = re.compile(
    r"quick[-_ ]?(?:start|intro|tour)|get(?:ting)?[-_ ]?started|first[-_ ]?steps|hello[-_, ]?world|\bstart here\b",
    re.IGNORECASE,
)
_LOOK_UP = frozenset({"reference", "api", "configuration", "faq", "troubleshooting"})
_DOING = frozenset({"guide", "tutorial", "example", "troubleshooting", "configuration"})

Selection = dict[str, tuple[SectionOutline, ...]]


@dataclass(frozen=True)
class Material:
    """What can be chosen from: documents in reading order with their teachable sections, and what is known of them."""

    order: tuple[DocumentAnalysis, ...]
    sections: Mapping[str, tuple[SectionOutline, ...]]
    defining: frozenset[SectionKey]
    wishes: Mapping[SectionKey, float] = field(default_factory=dict)
    audience: Audience = field(default_factory=Audience)

    @property
    def total(self) -> int:
        """How many sections there are."""
        return sum(len(sections) for sections in self.sections.values())


def gather(order: Sequence[DocumentAnalysis], graph: ConceptGraph, audience: Audience) -> Material:
    """The material of a course for an audience."""
    sections = {analysis.document_id: teachable_outlines(analysis) for analysis in order}
    kept = tuple(analysis for analysis in order if sections[analysis.document_id])
    defining = frozenset((concept.document_id, concept.section_id) for concept in graph.concepts)
    wishes = _wishes(kept, sections, audience.additional_info)
    return Material(kept, {a.document_id: sections[a.document_id] for a in kept}, defining, wishes, audience)


def select_all(material: Material) -> Selection:
    """Every teachable section."""
    return dict(material.sections)


def select_quickstart(material: Material) -> Selection:
    """The first steps: beginnings of introductory documents, at most a quarter of all sections."""
    budget = max(_FEWEST_SECTIONS + (material.total >= _SMALL), int(material.total * _QUICK_SHARE))
    ranked = sorted(range(len(material.order)), key=lambda place: (-_quick_score(material, place), place))
    opening = [place for place in ranked if rank_of(material.order[place]) == 0][:1]
    chosen: Selection = {}
    left, minutes = budget, _QUICK_MINUTES
    for place in dict.fromkeys([*opening, *ranked]):
        analysis = material.order[place]
        wanted = min(left, max(_FEWEST_SECTIONS, budget // 3), _QUICK_SECTIONS)
        part = material.sections[analysis.document_id][:wanted]
        if len(chosen) >= _QUICK_DOCUMENTS and (minutes <= 0 or _quick_score(material, place) <= 0):
            break
        chosen[analysis.document_id] = part
        left -= len(part)
        minutes -= section_minutes(part)
        if left <= 0:
            break
    return restrict(material, frozenset(keys_of(chosen)))


def _quick_score(material: Material, place: int) -> float:
    analysis = material.order[place]
    rank = rank_of(analysis)
    if is_apart(analysis.path, analysis.title):
        return -10.0
    score = {0: 3.0, 1: 4.0, 2: 1.0, 3: 1.0}.get(rank, -2.0) + 2.0 * (1 - place / len(material.order))
    score += 3.0 * bool(_QUICK_NAMES.search(f"{analysis.path.rsplit('/', 1)[-1]} {analysis.title}"))
    gap = _LEVELS[analysis.complexity_level] - _LEVELS[material.audience.level]
    score -= 1.2 * max(0, gap) + (4.0 if gap > 1 else 0.0)
    score += 3.0 * max(
        material.wishes.get((analysis.document_id, s.id), 0.0) for s in material.sections[analysis.document_id]
    )
    return round(score + (0.5 if any(s.code_blocks for s in material.sections[analysis.document_id]) else -0.5), 6)


def select_tasks(material: Material, taken: frozenset[SectionKey] = frozenset()) -> Selection:
    """Sections that do something: those with code of documents about doing, at most sixty percent of all.

    Of equally good sections those that no other pathway has `taken` come first; so too for reference.
    """
    scores: dict[SectionKey, float] = {}
    for analysis in material.order:
        base = 1.0 if analysis.doc_type in _DOING else 0.0 if analysis.doc_type == "overview" else -0.4
        base -= 2.0 * is_apart(analysis.path, analysis.title)
        for section in material.sections[analysis.document_id]:
            key = (analysis.document_id, section.id)
            density = section.code_blocks / (1 + section.words / 80)
            doing = 1.5 if section.code_blocks else -2.0
            wished = 2.0 * material.wishes.get(key, 0.0)
            scores[key] = base + doing + min(0.8, density / 2) + wished - _TAKEN * (key in taken)
    return _best(material, scores, _TASK_SHARE)


def select_reference(material: Material, taken: frozenset[SectionKey] = frozenset()) -> Selection:
    """Sections to rely on: reference documents, tables, definitions; at most sixty percent of all."""
    scores: dict[SectionKey, float] = {}
    for analysis in material.order:
        base = 2.0 if analysis.doc_type in _LOOK_UP else 0.3 if analysis.doc_type == "overview" else -0.6
        base -= 3.0 * is_apart(analysis.path, analysis.title)
        for section in material.sections[analysis.document_id]:
            key = (analysis.document_id, section.id)
            facts = 1.2 * section.has_table + 1.2 * (key in material.defining)
            plain = 0.4 * (not section.code_blocks) - 0.2 * min(3, section.code_blocks)
            scores[key] = base + facts + plain - _TAKEN * (key in taken)
    return _best(material, scores, _REFERENCE_SHARE)


def select_further(material: Material, taken: frozenset[SectionKey]) -> Selection:
    """The latter part of what no shorter pathway has taken: what is left to offer where sections are all of a kind."""
    keys = [key for key in keys_of(select_all(material)) if key not in taken]
    return restrict(material, frozenset(keys[-max(_FEWEST_SECTIONS, int(material.total * _TASK_SHARE)) :]))


def _best(material: Material, scores: Mapping[SectionKey, float], share: float) -> Selection:
    """The sections that score above zero, those of the best documents first, within the shares of both; the best few
    of all when hardly any do.
    """
    budget = max(_FEWEST_SECTIONS, int(material.total * share))
    fewest = max(_FEWEST_SECTIONS, material.total // 8)
    good = [key for key in scores if scores[key] > 0]
    if len(good) < fewest:
        good = sorted(scores, key=lambda key: -scores[key])[:fewest]
    by_document: dict[str, list[SectionKey]] = {}
    for key in good:
        by_document.setdefault(key[0], []).append(key)
    strength = {d: sum(scores[key] for key in keys) / len(keys) for d, keys in by_document.items()}
    most = len(by_document) if len(material.order) < 4 else max(2, int(len(material.order) * _DOCUMENT_SHARE))
    taken: list[SectionKey] = []
    for document_id in sorted(by_document, key=lambda one: -strength[one])[:most]:
        keys = sorted(by_document[document_id], key=lambda key: -scores[key])[: budget - len(taken)]
        taken += keys
    return restrict(material, frozenset(taken))


def restrict(material: Material, keys: frozenset[SectionKey]) -> Selection:
    """The material's sections that are among the keys, in their own order."""
    chosen = {
        document_id: tuple(section for section in sections if (document_id, section.id) in keys)
        for document_id, sections in material.sections.items()
    }
    return {document_id: sections for document_id, sections in chosen.items() if sections}


def keys_of(selection: Selection) -> list[SectionKey]:
    """A selection as section keys."""
    return [(document_id, section.id) for document_id, sections in selection.items() for section in sections]


def set_apart(material: Material, selection: Selection, others: Sequence[Selection]) -> Selection | None:
    """The selection made different enough from the others by giving up shared sections, last ones first; None when
    that leaves too little.
    """
    keys = keys_of(selection)
    for other in others:
        shared = [key for key in keys_of(other) if key in set(keys)]
        while keys and section_distance(keys, keys_of(other)) < SMALLEST_DISTANCE:
            if not shared:
                return None
            keys.remove(shared.pop())
    if len(keys) < _FEWEST_SECTIONS or any(section_distance(keys, keys_of(o)) < SMALLEST_DISTANCE for o in others):
        return None
    return restrict(material, frozenset(keys))


def _wishes(
    order: Sequence[DocumentAnalysis], sections: Mapping[str, tuple[SectionOutline, ...]], text: str
) -> dict[SectionKey, float]:
    """How near each section is to what the user wrote, 0..1; empty when nothing was written."""
    if not text.strip() or not order:
        return {}
    keys = [(a.document_id, section.id) for a in order for section in sections[a.document_id]]
    described = [
        f"{a.title}. {section.heading}. {' '.join(section.terms[:60])}"
        for a in order
        for section in sections[a.document_id]
    ]
    near = likeness(embed(described), embed([text]))[:, 0]
    return {key: max(0.0, round(float(value), 4)) for key, value in zip(keys, near, strict=True)}
