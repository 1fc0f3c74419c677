"""The concept graph over all documents: one home per concept, what it needs and why, and the order of sections. Pure.

Edges are found by their evidence alone; those that the order of the documents runs against are left out and counted.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.doc_analyser.offline.concepts import GLOSSARY
from services.doc_analyser.offline.order import read_author
from services.doc_analyser.offline.signs import Weighed, weigh
from shared.docs.navigation import Navigation
from shared.engine.minutes import teachable_outlines
from shared.engine.types import Concept, ConceptGraph, DocumentAnalysis, GraphConcept, SectionOutline
from shared.kernel.ids import content_id
from shared.language.terms import key_pattern, key_text, term_key

_MOST_CONCEPTS = 120
_WORDS_PER_CONCEPT = 400
_FEWEST = 12
_FEWEST_USES = 2
_EVERYWHERE = 0.4
_MOST_EARLY, _MOST_EARLY_OF_ITS_PAGE = 0.5, 0.7
_TURNS = 1
"""Concepts of a document that come before those of other documents, however much less these are used."""
_LONG, _CHAPTER = 40, 2
"""Minutes from which a document is taught in several modules, and the level of the headings that part them."""
_LEAST_MINUTES = 2
"""Minutes from which a document has a concept, if only one that no other section uses."""
_WHOLE, _PART = 2, 1
_SMALL = 12
"""Of fewer sections than this nothing is everywhere."""
_LEAST_EVIDENCE = 1.1
_MOST_NEEDS = 3
_LONGEST_TERM = 4  # words
_CERTAIN = 0.5
_PULL = 1.5
_MOST_BEFORE = 5
_SIGNS = {"defined with it": 1.0, "named at its home": 0.4, "not the other way": 0.35, "stands above it": 0.7}
_ORDER = 1.0

Signs = tuple[str, ...]


@dataclass(frozen=True)
class _Home:
    """A concept where it lives. `number`: of its document; `place`: of its section in the document."""

    concept: Concept
    analysis: DocumentAnalysis
    section: SectionOutline
    number: int
    place: int
    mentions: Mapping[str, int]

    @property
    def is_long_enough(self) -> bool:
        """Whether its document is likely to be a module, which is to have a concept."""
        return self.analysis.minutes >= _LEAST_MINUTES

    def titled(self, key: str) -> int:
        """How much of its page's title a term is: the whole, a part, nothing."""
        title, term = key_text(self.analysis.title), key_pattern(key)
        return _WHOLE if title == term else _PART if term in title else 0

    @property
    def chapter(self) -> tuple[int, str]:
        """The document, and of one too long for a module also the widest heading below its title."""
        section, by_id = self.section, {one.id: one for one in self.analysis.sections}
        while section.level > _CHAPTER and section.parent in by_id:
            section = by_id[str(section.parent)]
        return self.number, section.id if self.analysis.minutes > _LONG else ""


def build_graph(analyses: Sequence[DocumentAnalysis], navigation: Navigation) -> ConceptGraph:
    """Choose concepts, connect them, and order the sections. Deterministic in the order of `analyses`."""
    weighed = weigh(analyses)
    # The first order is a sign of what builds on what; what builds on what then decides the order that is taught.
    author = read_author(analyses, navigation)
    first = _ranks(author.order(weighed.before))
    homes = _choose(analyses, first)
    needs = {key: _needs(key, homes, weighed, first) for key in homes}
    order = author.order(weighed.before, _pulls(needs, homes))
    rank = _ranks(order)
    proven = {key: _needs(key, homes, weighed, rank) for key in homes}
    forward = {
        key: {b: e for b, e in found.items() if _is_first(homes[b], homes[key], rank)} for key, found in proven.items()
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


def _pulls(
    needs: Mapping[str, Mapping[str, tuple[float, Signs]]], homes: Mapping[str, _Home]
) -> dict[tuple[int, int], np.float32]:
    """(i, j): how much the concepts of document j need those of document i, less the reverse; between -1.5 and 1.5."""
    needed: dict[tuple[int, int], np.float32] = defaultdict(np.float32)
    for after, found in needs.items():
        for before, (evidence, _) in found.items():
            needed[homes[before].number, homes[after].number] += np.float32(evidence)
    none, most = np.float32(0), np.float32(_PULL)
    pulls: dict[tuple[int, int], np.float32] = {}
    for (i, j), score in needed.items():
        pulls[i, j] = min(max(score - needed.get((j, i), none), -most), most)
        pulls[j, i] = -pulls[i, j]
    return pulls


def _choose(analyses: Sequence[DocumentAnalysis], rank: Mapping[int, int]) -> dict[str, _Home]:
    """Key → home, for the candidates that other sections use, and not everywhere.

    A link to a document is a use of what its first section is about. Each chapter gives its best concept before any
    gives a second, so that most modules have a concept of their own.
    """
    spread, users, sections = _count_uses(analyses)
    links = Counter(path for analysis in analyses for path in analysis.links)
    candidates: dict[str, list[_Home]] = {}
    for home in _homes(analyses):
        candidates.setdefault(term_key(home.concept.name), []).append(home)
    headed = _first_headings(analyses, rank)
    usable: dict[str, _Home] = {}
    others: dict[str, _Home] = {}
    for key, found in candidates.items():
        if sections >= _SMALL and spread[key] > _EVERYWHERE * sections:
            continue
        first = headed.get(key_pattern(key).strip(), len(analyses))
        able = [one for one in found if rank[one.number] <= first or one.titled(key) == _WHOLE]
        best = _best_home(key, able, users.get(key, ()), rank)
        is_used = _is_used(key, found, spread, links)
        if best is not None and is_used:
            usable[key] = best
        elif is_used or any(one.titled(key) for one in found):
            others[key] = max(able or found, key=lambda one: _strength(one, key))
    words = sum(analysis.word_count for analysis in analyses)
    most = min(max(_MOST_CONCEPTS, len(analyses)), max(_FEWEST, words // _WORDS_PER_CONCEPT))
    chosen = {key: usable[key] for key in _in_turns(usable, spread)[:most]}
    having = {home.chapter for home in chosen.values()}
    for key in _in_turns({**usable, **others}, spread):
        home = usable.get(key) or others[key]
        if home.chapter not in having and home.is_long_enough:
            having.add(home.chapter)
            chosen[key] = home
    return {key: chosen[key] for key in sorted(chosen)}


def _first_headings(analyses: Sequence[DocumentAnalysis], rank: Mapping[int, int]) -> dict[str, int]:
    """The words of a term → the rank of the first document with a heading that says them.

    A term that is met in a heading has no later home: no gloss can stand there.
    """
    found: dict[str, int] = {}
    for number in sorted(rank, key=rank.__getitem__):
        for section in analyses[number].sections:
            words = key_text(section.heading).split()
            for start in range(len(words)):
                for end in range(start + 1, min(start + _LONGEST_TERM, len(words)) + 1):
                    found.setdefault(" ".join(words[start:end]), rank[number])
    return found


def _in_turns(homes: Mapping[str, _Home], spread: Mapping[str, int]) -> list[str]:
    """Keys, the best of each chapter before the others; the best is what the page is about, well said and much used."""

    def worth(key: str) -> float:
        return homes[key].concept.evidence + homes[key].titled(key) + math.log1p(spread.get(key, 0))

    ranked = sorted(homes, key=lambda key: (-worth(key), key))
    turn: Counter[tuple[int, str]] = Counter()
    turns: dict[str, int] = {}
    for key in ranked:
        turns[key] = min(turn[homes[key].chapter], _TURNS) if homes[key].is_long_enough else _TURNS
        turn[homes[key].chapter] += 1
    return sorted(ranked, key=turns.__getitem__)


def _is_used(key: str, found: Sequence[_Home], spread: Counter[str], links: Counter[str]) -> bool:
    """Whether other sections use a concept: they say it or, of a page's subject, its last word, or link to the page."""
    linked = max(links[one.analysis.path] if one.place == 0 else 0 for one in found)
    titled = spread[key.rpartition(" ")[2]] if any(one.titled(key) == _WHOLE for one in found) else 0
    return max(spread[key] + linked, titled) >= _FEWEST_USES


def _count_uses(analyses: Sequence[DocumentAnalysis]) -> tuple[Counter[str], Mapping[str, Sequence[int]], int]:
    """How many sections use each key, the numbers of the documents that use it, and how many sections there are."""
    spread: Counter[str] = Counter()
    users: dict[str, list[int]] = {}
    for number, analysis in enumerate(analyses):
        used: set[str] = set()
        for section in analysis.sections:
            keys = {key for key, _ in section.mentions}
            spread.update(keys)
            used |= keys
        for key in used:
            users.setdefault(key, []).append(number)
    return spread, users, sum(len(analysis.sections) for analysis in analyses)


def _best_home(key: str, found: Sequence[_Home], users: Sequence[int], rank: Mapping[int, int]) -> _Home | None:
    """The best home, unless most documents that use the name come before it: then the next one, or none.

    A glossary may come last, and what a document is about has no better home.
    """
    for home in sorted(found, key=lambda one: (_strength(one, key), -one.number, -one.place), reverse=True):
        before = sum(rank[number] < rank[home.number] for number in users)
        most = _MOST_EARLY_OF_ITS_PAGE if home.titled(key) else _MOST_EARLY
        if home.concept.evidence == GLOSSARY or before <= most * len(users):
            return home
    return None


def _homes(analyses: Sequence[DocumentAnalysis]) -> Iterable[_Home]:
    for number, analysis in enumerate(analyses):
        places = {section.id: place for place, section in enumerate(analysis.sections)}
        for concept in analysis.key_concepts:
            if concept.section_id in places:
                place = places[concept.section_id]
                section = analysis.sections[place]
                yield _Home(concept, analysis, section, number, place, dict(section.mentions))


def _strength(home: _Home, key: str) -> tuple[bool, int, int, int]:
    """A glossary first, then the page of that title; `max` of equal ones is the first."""
    return home.concept.evidence == GLOSSARY, home.titled(key), home.concept.evidence, home.mentions.get(key, 0)


def _needs(
    key: str, homes: Mapping[str, _Home], weighed: Weighed, rank: Mapping[int, int]
) -> dict[str, tuple[float, Signs]]:
    """The concepts that a concept's home names and that come first by most of the evidence, with it."""
    home = homes[key]
    definition = key_text(home.concept.definition.text)
    found: dict[str, tuple[float, Signs]] = {}
    for other in home.mentions:
        if other == key or other not in homes:
            continue
        signs = tuple(_signs(key, other, homes, definition))
        score = sum(_SIGNS[sign] for sign in signs) + _ORDER * _precedes(homes[other], home, weighed, rank)
        if score >= _LEAST_EVIDENCE:
            found[other] = (score, signs)
    best = sorted(found, key=lambda other: (-found[other][0], other))[:_MOST_NEEDS]
    return {other: found[other] for other in best}


def _signs(key: str, other: str, homes: Mapping[str, _Home], definition: str) -> Iterable[str]:
    home, before = homes[key], homes[other]
    yield "named at its home"
    if key_pattern(other) in definition:
        yield "defined with it"
    if key not in before.mentions:
        yield "not the other way"
    if home.number == before.number and home.section.parent == before.section.id:
        yield "stands above it"


def _precedes(before: _Home, after: _Home, weighed: Weighed, rank: Mapping[int, int]) -> float:
    """Between -1 and 1: how much speaks for the first home before the second. The reading order is half of it."""
    if before.number == after.number:
        return float((before.place < after.place) - (before.place > after.place))
    forward = 1.0 if rank[before.number] < rank[after.number] else -1.0
    return (float(weighed.before[before.number, after.number]) + forward) / 2


def _is_first(before: _Home, after: _Home, rank: Mapping[int, int]) -> bool:
    return (rank[before.number], before.place) < (rank[after.number], after.place)


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


def _graph_concept(key: str, homes: Mapping[str, _Home], kept: Mapping[str, Mapping[str, Signs]]) -> GraphConcept:
    home = homes[key]
    needed = sorted(kept[key])
    return GraphConcept(
        id=_id(key, home),
        name=home.concept.name,
        document_id=home.analysis.document_id,
        section_id=home.section.id,
        definition=home.concept.definition,
        prerequisites=tuple(_id(other, homes[other]) for other in needed),
        signs={_id(other, homes[other]): kept[key][other] for other in needed},
    )


def _id(key: str, home: _Home) -> str:
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
