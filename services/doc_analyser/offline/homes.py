"""One home for each concept: the section that explains it. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from posixpath import dirname

from services.doc_analyser.offline.concepts import ENTRY, GLOSSARY, SAID
from services.doc_analyser.offline.subjects import heading_keys, heads
from shared.engine.minutes import reading_minutes
from shared.engine.reading_order import is_apart
from shared.engine.titles import is_front_page
from shared.engine.types import Concept, DocumentAnalysis, SectionOutline
from shared.language.glosses import OTHER_VERSION, is_code_in, is_gloss, is_parameter, leaves_open, tells
from shared.language.terms import key_pattern, key_text, mentions, term_key
from shared.language.word_classes import classes_of, is_common

_MOST_CONCEPTS, _FEWEST, _WORDS_PER_CONCEPT = 80, 12, 600
_FEWEST_USES = 2
_EVERYWHERE, _ON_EVERY_PAGE = 0.5, 0.75
"""Shares of the sections and of the documents: what more of them say, such as the project's name, is everywhere."""
_LONG, _CHAPTER, _ENOUGH = 40, 2, 5.0
"""Minutes of a document of several modules, and the level of the headings that part them, or minutes between others."""
Place = tuple[int, int, str]
"""A section by the number of its document, its own, and the first section of its chapter."""
_WHOLE, _PART, _SUREST = 2, 1, 3
_FEWEST_SIBLINGS = 3
_WEIGHTS = (0.0, 1.0, 1.0, 2.0)
_FEWEST_TWINS, _TWINS, _DEEPEST = 3, 0.3, 8  # pages, and their share, that folders so deep have with one beside it
_MOST_TREES = 40  # more are stored by no concept
_SMALL = 12  # of fewer sections or documents than this nothing is everywhere


@dataclass(frozen=True)
class Home:
    """A concept where it lives. `number`: of its document; `place`: of its section in the document; `opens`: the first
    section of the chapter it stands in; `is_used`: whether other sections speak of it; `beside`: folder →
    the section that its pages mean, if not all mean this one.
    """

    concept: Concept
    analysis: DocumentAnalysis
    section: SectionOutline
    number: int
    place: int
    opens: str
    mentions: Mapping[str, int]
    is_used: bool = True
    beside: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)

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

    def is_meant_at(self, path: str) -> bool:
        """Whether a page means it by the name, or the home beside it that its own folder has."""
        return self.beside.get(max(filter(path.startswith, self.beside), key=len, default=""), ("", "")) is not None

    def is_kind_of(self, other: "Home") -> bool:
        """Whether its name is a longer form of the name of another concept: "Instance Methods", `mockReturnValueOnce`.
        Both sections are about their concepts.
        """
        own, name = (one.concept.name.strip("`") for one in (self, other))
        goes_on = is_code_in(name, "") and re.match(rf"{re.escape(name)}[A-Z\d_.]", own) is not None
        is_form = goes_on if is_code_in(own, "") else own.lower().endswith(f" {name.lower()}")
        return is_form and own != name and self.is_about and other.is_about

    def speaks_of(self, key: str, other: "Home") -> bool:
        """Whether it speaks of another concept where it says what its own is: in the definition or the beginning.

        In the beginning of the section a plain word has to stand more than once. So has any name where one of both
        sections is not about its concept; then both pages are of one folder, and neither is an entry of a list, whose
        beginning is of all entries. Code is named as it is spelt where its words have another sense.
        """
        name, text, is_word = other.concept.name, self.concept.definition.text, is_common(key)
        if is_word and is_code_in(name, ""):
            return name in text
        is_about = self.is_about and other.is_about
        is_near = dirname(self.analysis.path) == dirname(other.analysis.path)
        is_near &= ENTRY not in {self.concept.evidence, other.concept.evidence}
        is_first = key in self.section.said_first and self.mentions[key] > (is_word or not is_about)
        is_first &= (is_about or is_near) and self.analysis.for_whom == "users"
        return is_first or mentions(text.replace("-", "_") if is_word else text, key)  # "first-class"

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
        return self.is_entry or (self.is_told and not leaves_open(name, text, self.analysis.language))

    @property
    def is_plain(self) -> bool:
        """Whether the name is a word that prose may say in other senses: a common one, or code written like one."""
        name = self.concept.name
        return name.isalpha() and (name.islower() or is_common(name.lower()))

    @cached_property
    def standing(self) -> int:
        """How sure the home is: 3 the page of that title, 2 a section headed by the name among others of its kind or on
        a page about them, or a page whose title has the name among others, 1 another section headed by it, 0 none.
        """
        name, key = self.concept.name, term_key(self.concept.name)
        if self.titled(key) == _WHOLE:
            return _SUREST
        if OTHER_VERSION.search(self.analysis.title):
            return 0
        is_last = key_text(self.analysis.title).endswith(key_pattern(key))  # "Applications with Kettles"
        is_part = self.titled(key) == _PART and (" " in key or (is_last and self.is_told))
        is_kind = key_pattern(key).endswith(key_pattern(term_key(self.analysis.title)))
        is_heading = heads(name, self.section.heading)
        return 2 if is_part or (is_heading and (is_kind or self.siblings >= _FEWEST_SIBLINGS)) else int(is_heading)

    @cached_property
    def siblings(self) -> int:
        """How many sections beside the home are headed by code too, if its name is code."""
        beside = [one.heading for one in self.analysis.sections if one.parent == self.section.parent]
        return sum(is_code_in(heading, "") for heading in beside) if is_code_in(self.concept.name, "") else 0

    @property
    def is_source(self) -> bool:
        """Whether the home shows the name from its source, with what that says of it."""
        return self.concept.definition.span.path != self.analysis.path

    @property
    def is_linked(self) -> bool:
        """Whether a reader who meets the name finds at the home what it is. A plain word is a noun that is told."""
        if self.concept.evidence == SAID and is_code_in(self.concept.name, "") and not self.is_about:
            return False  # said in passing
        if self.is_plain:
            is_page = term_key(self.concept.name) == term_key(self.analysis.title)
            is_noun = "NOUN" in classes_of(self.concept.name.lower())
            return is_noun and (
                (is_page and self.is_told) or (self.says_what and (self.standing > 0 or self.in_glossary))
            )
        is_sure = self.standing > 1 or (self.standing == 1 and is_code_in(self.concept.name, "")) or self.is_source
        return is_sure or self.says_what or (self.is_defined and self.is_about)

    @property
    def is_defined(self) -> bool:
        """Whether an entry or a sentence that begins with the term says what the concept is."""
        return self.is_entry or tells(self.concept.name, self.concept.definition.text, self.analysis.language)

    @property
    def is_entry(self) -> bool:
        """Whether an entry of a list or of a glossary says what it is."""
        return self.concept.evidence == ENTRY

    @property
    def in_glossary(self) -> bool:
        """Whether the page is a glossary of the author: its entry says it, and another page may explain it."""
        return self.is_entry and GLOSSARY.fullmatch(self.analysis.title) is not None

    @property
    def chapter(self) -> tuple[int, str]:
        """The document, and in one too long for a module also the chapter, which may be one."""
        return self.number, self.opens if self.analysis.minutes > _LONG else ""


def choose_homes(analyses: Sequence[DocumentAnalysis], rank: Mapping[int, int]) -> dict[str, Home]:
    """Key → home, the best first, for those of the candidates that other sections use.

    A link to a document is a use of what its first section is about. A chapter without any of these gives its own best
    one, so that most modules have a concept.
    """
    usable, others, spread = _sort(analyses, rank)
    words = sum(analysis.word_count for analysis in analyses)
    most = min(_MOST_CONCEPTS, max(_FEWEST, words // _WORDS_PER_CONCEPT))
    chosen = {key: usable[key] for key in _ranked(usable, spread)[:most]}
    having = {home.chapter for home in chosen.values()}
    for key in _ranked(usable, spread) + _ranked(others, spread):
        home = usable.get(key) or others[key]
        if home.chapter not in having:
            having.add(home.chapter)
            chosen[key] = home
    return chosen


def _sort(
    analyses: Sequence[DocumentAnalysis], rank: Mapping[int, int]
) -> tuple[dict[str, Home], dict[str, Home], Counter[str]]:
    """The homes of the terms that other sections use, of those that a chapter has if it has nothing better, and how
    widely each is used: sections by documents.
    """
    places = _find_uses(analyses)
    users = {key: list(dict.fromkeys(number for number, _, _ in found)) for key, found in places.items()}
    spread = Counter({key: len(found) for key, found in places.items()})
    sections = sum(len(analysis.sections) for analysis in analyses)
    links = Counter(path for analysis in analyses for path in analysis.links)
    candidates: dict[str, list[Home]] = {}
    for home in _homes(analyses):
        candidates.setdefault(term_key(home.concept.name), []).append(home)
    headed = Counter(
        key
        for one in analyses
        for key in {*key_text(one.title).split(), *(key for part in one.sections for key in heading_keys(part.heading))}
    )
    trees = _Trees(analyses)
    projects = {term_key(one.title) for one in analyses if is_front_page(one.path)}
    usable: dict[str, Home] = {}
    others: dict[str, Home] = {}
    for key, known in candidates.items():
        found = [one for one in known if not is_apart(one.analysis.path, one.analysis.title)] or known
        is_owned = "." in found[0].concept.name  # Prose says `z.string` in no other sense.
        is_everywhere = key in projects or (sections >= _SMALL and spread[key] > _EVERYWHERE * sections)
        is_everywhere |= len(analyses) >= _SMALL and len(users.get(key, ())) > _ON_EVERY_PAGE * len(analyses)
        told = [one for one in found if one.analysis.for_whom == "users" and (one.is_told or one.standing)]
        if is_everywhere and not is_owned:  # What all pages are about is at home where a title of that name says it.
            named = [one for one in told if is_front_page(one.analysis.path) or one.titled(key) or one.is_about]
            told = found = [
                replace(one, is_used=key not in projects and one.standing == _SUREST) for one in named if one.is_defined
            ]
        best = _best_home(key, told or found, headed[key], users.get(key, ()), rank)
        best = best and replace(best, beside=trees.homes_of(best))
        if best is None or any(
            best.is_after(place, rank) and not (best.is_linked and best.is_meant_at(analyses[place[0]].path))
            for place in places.get(key, ())
        ):
            continue  # Earlier chapters say it as if it were known, and no link could lead from them to the home.
        if told and _is_used(key, found, spread, links):
            usable[key] = best
        elif best.analysis.for_whom == "users" or not any(analyses[n].for_whom == "users" for n in users.get(key, ())):
            # A page for makers does not say what users mean by the word.
            is_needed = best.standing == _SUREST or (is_owned and spread[key] >= _FEWEST_USES)
            others[key] = replace(best, is_used=best.is_used and is_needed)
    return usable, others, Counter({key: spread[key] * len(found) for key, found in users.items()})


class _Trees:
    """The folders beside each other that have pages of the same names, such as one for each language or framework."""

    def __init__(self, analyses: Iterable[DocumentAnalysis]) -> None:
        self._pages: dict[tuple[str, str], dict[str, DocumentAnalysis]] = {}  # above and inside them, by their names
        self._titled: dict[tuple[str, str], dict[str, DocumentAnalysis]] = {}  # above them and the key of their title
        for one in (one for one in analyses if one.sections):
            for above, name, inside in _splits(one.path):
                self._pages.setdefault((above, inside), {})[name] = one
                self._titled.setdefault((above, term_key(one.title)), {})[name] = one
        pages = Counter((above, name) for (above, _), twins in self._pages.items() for name in twins)
        shared = Counter((above, name) for (above, _), twins in self._pages.items() for name in twins if len(twins) > 1)
        self._known = {tree for tree, many in shared.items() if many >= max(_FEWEST_TWINS, _TWINS * pages[tree])}

    def homes_of(self, home: Home) -> dict[str, tuple[str, str] | None]:
        """Folder → the section that its pages mean, None for another thing; {} where all mean this one. Each tree
        has its page of the same name; a folder beside the home has it only if that has the same title, too.
        """
        key, is_page = term_key(home.concept.name), home.standing == _SUREST
        for above, name, inside in _splits(home.analysis.path):
            twins = self._pages[above, inside] if is_page else {}
            is_tree = (above, name) in self._known
            if is_tree or sum(term_key(page.title) == key for page in twins.values()) > 1:
                pages = {**twins, **self._titled.get((above, key), {})}
                pages = pages if len(pages) <= _MOST_TREES else {}
                own = {f"{above}{one}/": (page.document_id, page.sections[0].id) for one, page in pages.items()}
                this = home.analysis.document_id, home.section.id
                return {"": this, above: this if is_tree and is_page else None, **own, f"{above}{name}/": this}
        return {}


def _splits(path: str) -> Iterator[tuple[str, str, str]]:
    """Each of the first folders of a path, with what stands above it and the place inside it."""
    parts = path.split("/")
    for at, name in enumerate(parts[:-1][:_DEEPEST]):
        yield "".join(f"{one}/" for one in parts[:at]), name, "/".join(parts[at + 1 :])


def is_needed(before: Home, after: Home, key: str, rank: Mapping[int, int]) -> bool:
    """Whether a home builds on the one of a term that it names."""
    is_meant = before.is_used and before.is_meant_at(after.analysis.path)
    return (
        is_meant
        and place_of(before, rank) < place_of(after, rank)
        and (after.speaks_of(key, before) or after.stands_below(before) or after.is_kind_of(before))
    )


def place_of(home: Home, rank: Mapping[int, int]) -> tuple[int, int, bool]:
    """Where a home stands: of one section what the heading names comes first."""
    return rank[home.number], home.place, not home.is_about


def _ranked(homes: Mapping[str, Home], spread: Mapping[str, int]) -> list[str]:
    """Keys, the best first: what the page is about, well said and much used."""
    worth = {k: _WEIGHTS[one.standing] + one.says_what / 2 + math.log1p(spread.get(k, 0)) for k, one in homes.items()}
    return sorted(homes, key=lambda key: (-worth[key], key))


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


def _best_home(
    key: str, found: Sequence[Home], pages: int, users: Sequence[int], rank: Mapping[int, int]
) -> Home | None:
    """The surest home, with the definition of a list where it tells nothing; None where several are as little sure.

    `pages`: how many have a section of that heading; `users`: the documents that use the name.
    """

    def sureness(one: Home) -> tuple[int | bool, ...]:
        is_page = term_key(one.analysis.title) == key
        return one.standing, one.is_used, is_page, one.is_told, one.says_what, one.siblings, one.concept.evidence

    best = max(sorted(found, key=lambda one: place_of(one, rank)), key=sureness, default=None)
    if best is None:
        return None
    is_listed = any(one.in_glossary for one in found)
    is_elsewhere = is_parameter(best.concept.name) and not best.is_source and {*users} > {best.number}
    if not is_listed and best.standing < 2 and (pages > 1 + best.says_what or (not best.standing and is_elsewhere)):
        return None
    entry = next((one for one in found if one.in_glossary or (one.is_entry and not best.says_what)), best)
    is_entry = entry.in_glossary and sum(term_key(one.analysis.title) == key for one in found) != 1  # it is the home
    return replace(best, concept=entry.concept) if best.standing and not is_entry else entry


def _homes(analyses: Sequence[DocumentAnalysis]) -> Iterable[Home]:
    for number, analysis in enumerate(analyses):
        places = {section.id: place for place, section in enumerate(analysis.sections)}
        openings = [*_openings(analysis)]
        for concept in (one for one in analysis.key_concepts if one.section_id in places):
            place = places[concept.section_id]
            section = analysis.sections[place]
            mentions, is_used = dict(section.mentions), not analysis.is_entry
            yield Home(concept, analysis, section, number, place, openings[place], mentions, is_used)
