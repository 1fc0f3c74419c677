"""The material of a course: documents for users and for makers, and the sections that are taught. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from services.pathway.offline.levels import choose_left_out, find_late
from services.pathway.offline.naming import clean_name, name_group
from services.pathway.offline.outline import Node, Placed, document_node, group_nodes
from services.pathway.offline.siblings import find_siblings
from services.pathway.offline.trails import Trail, find_trails
from services.pathway.offline.wishes import choose_not_wished, find_headed
from shared.course.audience import Audience
from shared.docs.plain import name_in_words
from shared.docs.problems import MADE
from shared.engine.distance import SectionKey
from shared.engine.minutes import teachable_outlines
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from shared.engine.reading_order import is_front, rank_of, reading_order
from shared.engine.titles import is_front_page, is_generic, project_title
from shared.engine.types import ConceptGraph, DocumentAnalysis, SectionOutline
from shared.engine.wishes import Wishes, read_wishes
from shared.language.abroad import PEOPLE

# Sections of a users' document, such as a README, that speak to the project's makers.
_FOR_MAKERS = re.compile(
    r"(?:how to |\w+ and )?contribut(?:e|ing|ions?|ors?)(?: (?:to|guide|using).*)?|licen[cs]e|licensing"
    r"|acknowledge?ments?|credits|(?:(?:special|many) )?thanks(?: to .*)?|thank you"
    r"|(?:our |become an? )?(?:(?:\w+ )?sponsor(?:s|ship|ing)?|backers?|supporters?|patrons|maintainers?|authors?|team)"
    r"|donat(?:e|ing|ions?)|fund(?:s|ing)|(?:[\w.-]+ )?for (?:the )?enterprises?|support(?:ing)? (?:us|me)"
    r"|(?:professional|commercial|enterprise|paid) support"
    r"|code of conduct|release process"
    r"|(?:reporting )?vulnerabilit(?:y|ies)(?: reporting)?"
    r"|star history|change ?log|copyright|sponsor message|project links|testimonials|used by|feedback|showcase"
    r"|.{1,30} in the wild"
    rf"|who(?:['’]s| is)? us(?:es|ing) .{{1,40}}|show your (?:style|support)|(?:readme )?badges|{PEOPLE}",
    re.IGNORECASE,
)
# On a front page these are about the project itself; on another page they may be what the page teaches.
_FOR_MAKERS_IN_FRONT = re.compile(
    r"(?:local )?develop(?:ment|ing)|building|hacking|(?:unit )?test(?:s|ing)|running (?:the )?test(?:s| suite)",
    re.IGNORECASE,
)

_LEAST_WORDS, _LEAST_WORDS_IF_LISTED, _LEAST_WORDS_OF_AN_INDEX, _MANY_ALIKE, _EARLY_RANK = 20, 10, 50, 3, 1


@dataclass(frozen=True)
class Material:
    """`order`: all documents in reading order. `names`: document id → the author's name for it. `listed`: paths in the
    author's contents. `misses_pages`: whether the site has pages that are made when it is built.
    """

    project: str
    order: tuple[DocumentAnalysis, ...]
    graph: ConceptGraph
    trails: Mapping[str, Trail]
    names: Mapping[str, str]
    audience: Audience
    listed: Collection[str]
    misses_pages: bool

    @cached_property
    def lacks_made(self) -> bool:
        """Whether users read of the site what is made when it is built."""
        problems = (problem for one in self.users for problem in one.problems)
        return self.misses_pages or any(problem.endswith(MADE) for problem in problems)

    @cached_property
    def users(self) -> tuple[DocumentAnalysis, ...]:
        """Documents for users; all of them where no document is for users, or none holds anything."""
        found = tuple(one for one in self.order if one.for_whom == "users" and self._holds_something(one))
        return found or tuple(one for one in self.order if teachable_outlines(one))

    @cached_property
    def makers(self) -> tuple[DocumentAnalysis, ...]:
        """The documents for makers."""
        return tuple(one for one in self.order if one.for_whom == "makers" and self._holds_something(one))

    def _holds_something(self, document: DocumentAnalysis) -> bool:
        """Whether a document has something to teach; a page of a few words points somewhere, or only fills its place,
        and an index of few words only leads into its folder. A page of the author's contents may have fewer.
        """
        leads = is_front(document.path) and not is_front_page(document.path)
        shows = any(section.code_blocks or section.has_table for section in document.sections)
        least = _LEAST_WORDS_IF_LISTED if document.path in self.listed else _LEAST_WORDS
        is_enough = document.word_count >= (_LEAST_WORDS_OF_AN_INDEX if leads else least)
        return bool(teachable_outlines(document)) and (shows or is_enough)

    @cached_property
    def for_users(self) -> tuple[Placed, ...]:
        """The sections of the documents for users, in reading order."""
        return tuple(Placed(one, section) for one in self.users for section in teachable_outlines(one))

    @cached_property
    def everything(self) -> tuple[Placed, ...]:
        """The sections of these documents that speak to users."""
        return tuple(one for one in self.for_users if not _speaks_to_makers(one, self.project)) or self.for_users

    @cached_property
    def siblings(self) -> Mapping[SectionKey, SectionKey]:
        """Sections that are not taught, because another says the same: of a page rather than of a first page."""
        return find_siblings(sorted(self.everything, key=lambda one: is_front_page(one.document.path)))

    @cached_property
    def taught(self) -> tuple[Placed, ...]:
        """The sections that are taught at the level of the audience."""
        left_out = {one.key for one in self.left_out}
        return tuple(one for one in self._able if one.key not in left_out)

    @cached_property
    def left_out(self) -> tuple[Placed, ...]:
        """The sections that this level does without."""
        chosen = choose_left_out(self._able, self.graph, self.audience.complexity_level, self.wishes)
        return tuple(one for one in self._able if one.key in chosen)

    @cached_property
    def _able(self) -> tuple[Placed, ...]:
        able = tuple(one for one in self.everything if one.key not in self.siblings)
        not_wished = choose_not_wished(able, self.graph, self.asked)
        return tuple(one for one in able if one.key not in not_wished)

    @cached_property
    def asked(self) -> Wishes:
        """The user's words, read."""
        return read_wishes(self.audience.additional_info)

    @cached_property
    def wishes(self) -> frozenset[SectionKey]:
        """The sections that the user's topics name."""
        return find_headed(self.everything, self.asked.topics)

    @cached_property
    def proven(self) -> tuple[Placed, ...]:
        """The sections that are taught, in the proven order."""
        last = 3 * len(self.places)
        return tuple(sorted(self.taught, key=lambda one: self.places.get(one.key, last)))

    @cached_property
    def showing_nothing(self) -> frozenset[str]:
        """Front pages without code that the author's contents leave out in favour of first pages of their own."""
        has_own = any(one.path in self.listed and rank_of(one) <= _EARLY_RANK for one in self.users)
        fronts = (one for one in self.users if has_own and is_front_page(one.path) and one.path not in self.listed)
        shown = {one.key[0] for one in self.taught if one.section.code_lines}
        return frozenset(one.document_id for one in fronts) - shown

    @cached_property
    def by_key(self) -> Mapping[SectionKey, Placed]:
        """The sections for users by their keys."""
        return {one.key: one for one in self.everything}

    @cached_property
    def places(self) -> Mapping[SectionKey, int]:
        """The place of each section in the proven order; pages that are looked up by name come last."""
        order = self._order
        late = find_late(self.for_users, self.graph, self.audience.complexity_level)
        places = {key: at + len(order) * (key[0] in late) for at, key in enumerate(order)}
        entries = {one.document_id for one in self.order if one.is_entry}
        named = sorted(
            (key for key in order if key[0] in entries),
            key=lambda key: (self.names[key[0]].casefold(), places[key]),
        )
        return places | {key: 2 * len(order) + at for at, key in enumerate(named)}

    @cached_property
    def _tellers(self) -> Mapping[str, str]:
        """Front page → the other document that tells its opening, by their ids. Others may open with one notice."""
        fronts = [one for one in self.users if is_front_page(one.path)]
        openings = {one.document_id: next(iter(teachable_outlines(one))).id for one in fronts}
        told = {name: self.siblings.get((name, section), (name, ""))[0] for name, section in openings.items()}
        return {name: teller for name, teller in told.items() if teller != name}

    @cached_property
    def _order(self) -> Sequence[SectionKey]:
        """The proven order; what is left of a page stands behind the page that tells its opening."""
        order = [*self.graph.section_order]
        for name, teller in self._tellers.items():
            own, rest = ([key for key in order if (key[0] == name) is mine] for mine in (True, False))
            behind = 1 + max((at for at, key in enumerate(rest) if key[0] == teller), default=-1)
            if own and order.index(own[0]) < behind:
                order = [*rest[:behind], *own, *rest[behind:]]
        return order

    def tree(self, keys: frozenset[SectionKey], documents: Sequence[DocumentAnalysis]) -> tuple[Node, ...]:
        """The chosen sections of documents in the author's groups."""
        nodes = []
        for one in documents:
            wanted = [section for section in teachable_outlines(one) if (one.document_id, section.id) in keys]
            if wanted:
                name = self.names[one.document_id]
                nodes.append(document_node(one, "" if name == self.project else name, wanted))
        trails = {**self.trails, **{name: self.trails[teller] for name, teller in self._tellers.items()}}
        return group_nodes(nodes, trails, self.places)

    def groups_around(self, document_id: str) -> list[str]:
        """The names of the author's groups that a document stands in, outermost first."""
        return [name for _, name in self.trails[document_id] if name]


def gather(known: AnalysisSet, project: ProjectFacts, audience: Audience) -> Material:
    """The material of a repository for an audience."""
    order = reading_order(known.analyses, project.navigation, project.overview_path)
    title = project_title(project.name, order, project.overview_path)
    return Material(
        project=title,
        order=order,
        graph=known.graph,
        trails={
            name: tuple((at, name_group(group, title, is_folder=not at.isdecimal())) for at, group in trail)
            for name, trail in find_trails(order, project.navigation).items()
        },
        names=_titles(order, project.listed_titles, title),
        audience=audience,
        listed={entry.path for entry in project.navigation.entries if entry.path},
        misses_pages=bool(project.navigation.made) or any(one.endswith(MADE) for one in known.skipped.values()),
    )


def _speaks_to_makers(one: Placed, project: str) -> bool:
    """Whether a section's heading, or one above it but the document's own, names the project's people or their work.

    Deep in a page, or in small letters, `license` is a setting or a field among others.
    """
    below = {section.id: section for section in one.document.sections[1:]}
    in_front = is_front_page(one.document.path)
    deepest = 6 if in_front else 2
    section: SectionOutline | None = one.section
    while section:
        heading = re.sub(rf"(?i)\b{re.escape(project)}\b", "us", clean_name(section.heading)).removeprefix("us ")
        says_so = _FOR_MAKERS.fullmatch(heading) or (in_front and _FOR_MAKERS_IN_FRONT.fullmatch(heading))
        if section.level <= deepest and says_so and (in_front or not heading[:1].islower()):
            return True
        section = below.get(section.parent or "")
    return False


def _titles(documents: Sequence[DocumentAnalysis], listed: Mapping[str, str], project: str) -> dict[str, str]:
    """Document id → its title; of many that have one title the heading right below it, where no other has that."""
    counts = Counter(one.title for one in documents)
    alike = (one for one in documents if counts[one.title] >= _MANY_ALIKE and not one.sections[0].words)
    below = {one.document_id: one.sections[1].heading for one in alike if one.sections[1:]}
    telling = Counter(heading for heading in below.values() if not is_generic(heading))
    own = {name: clean_name(heading) for name, heading in below.items() if telling[heading] == 1}
    # "Summary" or "Example" over several pages is a part of each: the names of their files tell what they are about.
    unnamed = [one for one in documents if counts[one.title] > 1 and is_generic(one.title) and one.path not in listed]
    files = {one.document_id: name_in_words(one.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]) for one in unnamed}
    own = {name: words[:1].upper() + words[1:] for name, words in files.items() if not is_generic(words)} | own
    return {one.document_id: own.get(one.document_id) or clean_name(_title(one, listed, project)) for one in documents}


def _title(document: DocumentAnalysis, listed: Mapping[str, str], project: str) -> str:
    """The document's title; where that says nothing, the one in the author's contents, or the project's at the top."""
    if not is_generic(document.title):
        return document.title.removeprefix(f"{project}: ")
    if document.path in listed:
        return listed[document.path]
    return project if is_front_page(document.path) else document.title
