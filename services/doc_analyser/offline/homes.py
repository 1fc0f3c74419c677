"""One home for each concept: the section that explains it. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.doc_analyser.offline.concepts import GLOSSARY
from shared.engine.types import Concept, DocumentAnalysis, SectionOutline
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
_LONGEST_TERM = 4  # words


@dataclass(frozen=True)
class Home:
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


def choose_homes(analyses: Sequence[DocumentAnalysis], rank: Mapping[int, int]) -> dict[str, Home]:
    """Key → home, for the candidates that other sections use, and not everywhere.

    A link to a document is a use of what its first section is about. Each chapter gives its best concept before any
    gives a second, so that most modules have a concept of their own.
    """
    spread, users, sections = _count_uses(analyses)
    links = Counter(path for analysis in analyses for path in analysis.links)
    candidates: dict[str, list[Home]] = {}
    for home in _homes(analyses):
        candidates.setdefault(term_key(home.concept.name), []).append(home)
    headed = _first_headings(analyses, rank)
    usable: dict[str, Home] = {}
    others: dict[str, Home] = {}
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


def _in_turns(homes: Mapping[str, Home], spread: Mapping[str, int]) -> list[str]:
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


def _is_used(key: str, found: Sequence[Home], spread: Counter[str], links: Counter[str]) -> bool:
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


def _best_home(key: str, found: Sequence[Home], users: Sequence[int], rank: Mapping[int, int]) -> Home | None:
    """The best home, unless most documents that use the name come before it: then the next one, or none.

    A glossary may come last, and what a document is about has no better home.
    """
    for home in sorted(found, key=lambda one: (_strength(one, key), -one.number, -one.place), reverse=True):
        before = sum(rank[number] < rank[home.number] for number in users)
        most = _MOST_EARLY_OF_ITS_PAGE if home.titled(key) else _MOST_EARLY
        if home.concept.evidence == GLOSSARY or before <= most * len(users):
            return home
    return None


def _homes(analyses: Sequence[DocumentAnalysis]) -> Iterable[Home]:
    for number, analysis in enumerate(analyses):
        places = {section.id: place for place, section in enumerate(analysis.sections)}
        for concept in analysis.key_concepts:
            if concept.section_id in places:
                place = places[concept.section_id]
                section = analysis.sections[place]
                yield Home(concept, analysis, section, number, place, dict(section.mentions))


def _strength(home: Home, key: str) -> tuple[bool, int, int, int]:
    """A glossary first, then the page of that title; `max` of equal ones is the first."""
    return home.concept.evidence == GLOSSARY, home.titled(key), home.concept.evidence, home.mentions.get(key, 0)
