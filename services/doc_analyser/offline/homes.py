"""One home for each concept: the section that explains it. Pure."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.doc_analyser.offline.concepts import ENTRY, GLOSSARY, NAMED, SAID, SUBJECT
from shared.engine.minutes import reading_minutes
from shared.engine.titles import is_front_page
from shared.engine.types import Concept, DocumentAnalysis, SectionOutline
from shared.language.glosses import heads, is_code_in, is_conditional, is_gloss, leaves_open, tells
from shared.language.terms import key_pattern, key_text, mentions, term_key
from shared.language.word_classes import is_common

_MOST_CONCEPTS, _FEWEST, _WORDS_PER_CONCEPT = 120, 12, 200
_FEWEST_USES = 2
_EVERYWHERE, _ON_EVERY_PAGE = 0.5, 0.75
"""Shares of the sections and of the documents: what more of them say, such as the project's name, is everywhere."""
_MOST_EARLY, _MOST_EARLY_OF_ITS_PAGE = 0.5, 0.7
_LONG, _CHAPTER, _ENOUGH = 40, 2, 5.0
"""Minutes of a document of several modules, and the level of the headings that part them, or minutes between others."""
Place = tuple[int, int, str]
"""A section by the number of its document, its own, and the first section of its chapter."""
_WHOLE, _PART = 2, 1
_WORDS_PER_MENTION = 200
_SMALL = 12  # of fewer sections or documents than this nothing is everywhere
_CONNECTED_PER_LONELY = 5
_ENOUGH_CONCEPTS, _WORDS_OF_ENOUGH = 45, 800  # no more than this: those that have nothing to do with another one stay


@dataclass(frozen=True)
class Home:
    """A concept where it lives. `number`: of its document; `place`: of its section in the document; `opens`: the first
    section of the chapter it stands in; `is_used`: whether other sections speak of it.
    """

    concept: Concept
    analysis: DocumentAnalysis
    section: SectionOutline
    number: int
    place: int
    opens: str
    mentions: Mapping[str, int]
    is_used: bool = True

    def stands_below(self, above: "Home") -> bool:
        """Whether the page or the section of another concept, or the section above, holds it; of two concepts in one
        section the one that the heading names holds the other.
        """
        held = {self.section.parent} if self.is_about else {self.section.parent, self.section.id}
        is_page = term_key(above.concept.name) == term_key(above.analysis.title)
        return self.number == above.number and (is_page or (above.is_about and above.section.id in held))

    def is_after(self, place: Place, rank: Mapping[int, int]) -> bool:
        """Whether a section comes before the home, and in another chapter."""
        number, at, opens = place
        if number != self.number:
            return rank[number] < rank[self.number]
        return at < self.place and self.chapter[1] not in ("", opens)

    def speaks_of(self, key: str, other: "Home") -> bool:
        """Whether it speaks of another concept where it says what its own is: in the definition, or often where both
        sections are about their concepts. What a list or a long section says is of other things or in passing, and so
        is a plain word that stands once. Code is named as it is spelt where its words have another sense.
        """
        said, name, text = self.mentions.get(key, 0), other.concept.name, self.concept.definition.text
        is_word = is_common(key)
        if is_word and is_code_in(name, ""):
            return name in text
        is_often = self.is_about and other.is_about and said * _WORDS_PER_MENTION >= self.section.words
        is_often &= said > is_word and self.analysis.for_whom == "users"
        return said > 0 and (is_often or mentions(text.replace("-", "_") if is_word else text, key))  # "first-class"

    @property
    def is_about(self) -> bool:
        """Whether the heading of the section has the name, or the title of the page is the name."""
        key = term_key(self.concept.name.rpartition(".")[2])
        return mentions(self.section.heading, key) or self.titled(key) == _WHOLE

    def titled(self, key: str) -> int:
        """How much of its page's title a term is, whole, part or nothing; the whole of a chapter's in a long page."""
        term, title = key_pattern(key), key_pattern(term_key(self.analysis.title))
        is_chapter = self.section.id == self.chapter[1] and term == key_text(self.section.heading)
        return _WHOLE if term == title or is_chapter else _PART if term in title else 0

    @property
    def is_told(self) -> bool:
        """Whether the definition says what the concept is. A plain word is said in other senses, unless a sentence
        begins with it or it is what the page is about.
        """
        name, text = self.concept.name, self.concept.definition.text
        return self.is_defined or (
            (not self.is_plain or (name[0].isupper() and self.titled(term_key(name)) == _WHOLE))
            and is_gloss(name, text, self.section.heading, self.analysis.language)
        )

    @property
    def says_what(self) -> bool:
        """Whether the definition is told, and may be read alone as what the concept is."""
        name, text = self.concept.name, self.concept.definition.text
        is_entry = self.concept.evidence == ENTRY
        is_open = is_conditional(text) if is_entry else leaves_open(name, text, self.analysis.language)
        return self.is_told and not is_open

    @property
    def is_plain(self) -> bool:
        """Whether the name is a word that prose may say in other senses: a common one, or code written like one."""
        name = self.concept.name
        return name.isalpha() and (name.islower() or is_common(name.lower()))

    @property
    def is_headed(self) -> bool:
        """Whether the home is about the concept by its heading or the title of its page: a link there is right."""
        name, key = self.concept.name, term_key(self.concept.name)
        is_titled = self.titled(key) >= (_PART if " " in key else _WHOLE)
        return not self.is_plain and (is_titled or heads(name, self.section.heading, self.analysis.title))

    @property
    def is_linked(self) -> bool:
        """Whether a reader who meets the name finds at the home what it is."""
        return self.is_headed or self.says_what or (self.is_told and self.is_about)

    @property
    def is_defined(self) -> bool:
        """Whether an entry or a sentence that begins with the term says what the concept is."""
        concept, language = self.concept, self.analysis.language
        return concept.evidence == ENTRY or tells(concept.name, concept.definition.text, language)

    @property
    def in_glossary(self) -> bool:
        """Whether the page is a glossary of the author: its entry says it, and another page may explain it."""
        return self.concept.evidence == ENTRY and GLOSSARY.fullmatch(self.analysis.title) is not None

    @property
    def chapter(self) -> tuple[int, str]:
        """The document, and in one too long for a module also the chapter, which may be one."""
        return self.number, self.opens if self.analysis.minutes > _LONG else ""


def choose_homes(analyses: Sequence[DocumentAnalysis], rank: Mapping[int, int]) -> dict[str, Home]:
    """Key → home, for the candidates that are told and that other sections use.

    A link to a document is a use of what its first section is about. A chapter without any of these gives its own best
    one, so that most modules have a concept. What has nothing to do with another one goes.
    """
    usable, others, spread = _sort(analyses, rank)
    words = sum(analysis.word_count for analysis in analyses)
    most = min(max(_MOST_CONCEPTS, len(analyses)), max(_FEWEST, words // _WORDS_PER_CONCEPT))
    told = {key: home for key, home in usable.items() if home.is_told}
    chosen = {key: told[key] for key in _ranked(told, spread)[:most]}
    having: dict[tuple[int, str], str] = {}
    for key in _ranked(told, spread) + _ranked({**others, **usable}, spread):
        home = usable.get(key) or others[key]
        if key in chosen or home.chapter not in having:
            having.setdefault(home.chapter, key)
            chosen[key] = home
    lonely = set(chosen) - _connected(chosen, rank)
    dropped = [key for key in reversed(_ranked(chosen, spread)) if key in lonely - set(having.values())]
    many = len(lonely) - (len(chosen) - len(lonely)) // _CONNECTED_PER_LONELY
    spare = min(many, len(chosen) - max(1, min(_ENOUGH_CONCEPTS, words // _WORDS_OF_ENOUGH)))
    return {key: chosen[key] for key in sorted(chosen.keys() - set(dropped[: max(0, spare)]))}


def _sort(
    analyses: Sequence[DocumentAnalysis], rank: Mapping[int, int]
) -> tuple[dict[str, Home], dict[str, Home], Counter[str]]:
    """The homes of the terms that other sections use, of those that a chapter has if it has nothing better, and how
    many sections use each.
    """
    places = _find_uses(analyses)
    spread = Counter({key: len(found) for key, found in places.items()})
    users = {key: list(dict.fromkeys(number for number, _, _ in found)) for key, found in places.items()}
    sections = sum(len(analysis.sections) for analysis in analyses)
    links = Counter(path for analysis in analyses for path in analysis.links)
    candidates: dict[str, list[Home]] = {}
    for home in _homes(analyses):
        candidates.setdefault(term_key(home.concept.name), []).append(home)
    headed = Counter(
        key for one in analyses
        for key in {*key_text(one.title).split(), *(term_key(section.heading) for section in one.sections)}
    )  # fmt: skip
    usable: dict[str, Home] = {}
    others: dict[str, Home] = {}
    for key, found in candidates.items():
        is_owned = "." in found[0].concept.name  # Prose says `z.string` in no other sense.
        is_everywhere = sections >= _SMALL and spread[key] > _EVERYWHERE * sections
        is_everywhere |= len(analyses) >= _SMALL and len(users.get(key, ())) > _ON_EVERY_PAGE * len(analyses)
        told = [one for one in found if one.concept.evidence != NAMED and one.analysis.for_whom == "users"]
        if is_everywhere and not is_owned:  # What all pages are about is at home where a title of that name says it.
            named = [one for one in told if is_front_page(one.analysis.path) or one.titled(key) or one.is_about]
            told = found = [replace(one, is_used=False) for one in named if one.is_defined]
        best = _headed_home(_best_home(key, told, users.get(key, ()), rank), found)
        if best is not None and _is_said_before(best, places.get(key, ()), rank):
            continue
        if headed[key] > 1 and not any(
            one.titled(key) or one.is_defined or (headed[key] < 3 and one.says_what) for one in found
        ):
            continue  # What several pages have a section on, or in their titles, is at home on none of them.
        if best is not None and _is_used(key, found, spread, links):
            usable[key] = best
        elif found:
            home = max(found, key=lambda one: _strength(one, key))
            if _is_said_before(home, places.get(key, ()), rank):
                continue
            if home.analysis.for_whom == "makers" and any(analyses[n].for_whom == "users" for n in users.get(key, ())):
                continue  # A page for makers does not say what users mean by the word.
            is_needed = home.titled(key) == _WHOLE or (is_owned and spread[key] >= _FEWEST_USES)
            others[key] = replace(home, is_used=home.is_used and is_needed)
    return usable, others, spread


def _is_said_before(home: Home, places: Sequence[Place], rank: Mapping[int, int]) -> bool:
    """Whether chapters before the home say a term as if it were known, and no link could lead from them to the home."""
    return not home.is_linked and any(home.is_after(place, rank) for place in places)


def _connected(chosen: Mapping[str, Home], rank: Mapping[int, int]) -> set[str]:
    """The concepts that the home of a later one names, and those with such a home."""
    found: set[str] = set()
    for key, home in chosen.items():
        needed = [one for one in home.mentions if one in chosen and _is_before(chosen[one], home, rank)]
        found |= {key, *needed} if needed else set()
    return found


def is_needed(before: Home, after: Home, key: str, rank: Mapping[int, int]) -> bool:
    """Whether a home builds on the one of a term that it names."""
    return _is_before(before, after, rank) and (after.speaks_of(key, before) or after.stands_below(before))


def _is_before(before: Home, after: Home, rank: Mapping[int, int]) -> bool:
    return before.is_used and place_of(before, rank) < place_of(after, rank)


def place_of(home: Home, rank: Mapping[int, int]) -> tuple[int, int, bool]:
    """Where a home stands: of one section what the heading names comes first."""
    return rank[home.number], home.place, not home.is_about


def _ranked(homes: Mapping[str, Home], spread: Mapping[str, int]) -> list[str]:
    """Keys, the best first: what the page is about, well said and much used."""

    def worth(key: str) -> float:
        return homes[key].concept.evidence + homes[key].titled(key) + math.log1p(spread.get(key, 0))

    return sorted(homes, key=lambda key: (-worth(key), key))


def _is_used(key: str, found: Sequence[Home], spread: Counter[str], links: Counter[str]) -> bool:
    """Whether other sections use a concept: they say it or, of a page's subject, its last word, or link to the page."""
    linked = max(links[one.analysis.path] if one.place == 0 else 0 for one in found)
    titled = spread[key.rpartition(" ")[2]] if any(one.titled(key) == _WHOLE for one in found) else 0
    return max(spread[key] + linked, titled) >= _FEWEST_USES


def _find_uses(analyses: Sequence[DocumentAnalysis]) -> dict[str, list[Place]]:
    """The sections that use each key."""
    found: dict[str, list[Place]] = {}
    for number, analysis in enumerate(analyses):
        for at, opens in enumerate(_openings(analysis)):
            for key, _ in analysis.sections[at].mentions:
                found.setdefault(key, []).append((number, at, opens))
    return found


def _openings(analysis: DocumentAnalysis) -> Iterator[str]:
    """For each section the first one of its chapter: a heading opens one after so many minutes, or by its level."""
    opens, minutes = "", 0.0
    for section in analysis.sections:
        if not opens or section.level <= _CHAPTER or minutes >= _ENOUGH:
            opens, minutes = section.id, 0.0
        minutes += reading_minutes([section])
        yield opens


def _best_home(key: str, found: Sequence[Home], users: Sequence[int], rank: Mapping[int, int]) -> Home | None:
    """The best home, unless most documents that use the name come before it: then the next one, or none.

    One that tells what the thing is goes before all others. A glossary may come last, and what a document is about has
    no better home.
    """
    first = sorted(found, key=lambda one: place_of(one, rank), reverse=True)
    ranked = sorted(first, key=lambda one: (one.is_told, one.says_what, one.in_glossary, _strength(one, key)))
    for home in reversed(ranked):
        before = sum(rank[number] < rank[home.number] for number in users)
        most = _MOST_EARLY_OF_ITS_PAGE if home.titled(key) else _MOST_EARLY
        if home.concept.evidence == ENTRY or before <= most * len(users):
            return home
    return None


def _headed_home(best: Home | None, found: Sequence[Home]) -> Home | None:
    """The best home, or with its definition the first section of that name: it explains what a list tells in a line."""
    headed = (one for one in found if one.is_headed and not one.in_glossary and one.analysis.for_whom == "users")
    home = next(headed, best) if best and (best.in_glossary or not best.is_about) else best
    return replace(home, concept=best.concept) if home and best else None


def _homes(analyses: Sequence[DocumentAnalysis]) -> Iterable[Home]:
    for number, analysis in enumerate(analyses):
        places = {section.id: place for place, section in enumerate(analysis.sections)}
        openings = [*_openings(analysis)]
        for concept in (one for one in analysis.key_concepts if one.section_id in places):
            place = places[concept.section_id]
            section = analysis.sections[place]
            mentions, is_used = dict(section.mentions), not analysis.is_entry
            yield Home(concept, analysis, section, number, place, openings[place], mentions, is_used)


def _strength(home: Home, key: str) -> tuple[bool, bool, int, bool, int]:
    """The page of that title that says what it is, then a section or an entry that does, then the page before its
    chapter; `max` of equal ones is the first.
    """
    evidence, is_page = home.concept.evidence, term_key(home.analysis.title) == key
    is_headed = heads(home.concept.name, home.section.heading, home.analysis.title)
    is_told = is_page and home.is_used and evidence > SAID
    is_defined = home.is_defined and (evidence >= SUBJECT or term_key(home.section.heading) == key)
    other = (0, False, 0) if is_defined else (home.titled(key) + is_page, is_headed, evidence)
    return is_told, is_defined, *other
