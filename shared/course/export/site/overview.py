"""The pages around the modules: the front page, the glossary, the sources."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from shared.course.export.cited import CitedSpan, SpanReader
from shared.course.export.concept_map import Band, choose_weightiest, draw_map, list_bands, own_gloss
from shared.course.export.hosts import file_url
from shared.course.export.left_out import LeftOutRow, left_out_rows
from shared.course.export.lesson_html import PageLinks, render_inline, render_markdown
from shared.course.export.ways import Way, list_offers
from shared.course.model import AnySource, Course, DocumentEntry, PathwayEntry
from shared.course.section_links import home_of
from shared.docs.problems import NOT_THERE

from .quality import Figure, list_first_figures
from .shell import ModuleEntry, Shell


@dataclass(frozen=True)
class WayFront:
    """A way on the front page. `wins` are one objective of each of some modules, from the first to the last; `only` are
    the titles of the modules that no other way has.
    """

    way: Way
    wins: tuple[Markup, ...]
    only: tuple[str, ...]


@dataclass(frozen=True)
class Front:
    """The values of the front page. `descriptions` are the modules' by id, `offers` what nobody has written yet."""

    description: Markup
    level: str
    note: str
    ways: tuple[WayFront, ...]
    descriptions: dict[str, Markup]
    offers: tuple[PathwayEntry, ...]
    sources: tuple[AnySource, ...]
    used: int
    left_out: int
    passages: int
    engine: str
    figures: tuple[Figure, ...]


_MAX_WINS = 6


def build_front(course: Course, shell: Shell) -> Front:
    """The front page of a course."""
    links = PageLinks(modules={entry.module.id: entry.href for entry in shell.modules}, spots=shell.spots)
    return Front(
        description=render_markdown(course.description, links).html,
        level=course.audience.complexity_level,
        note=course.audience.additional_info,
        ways=tuple(WayFront(way, tuple(_wins(way, links)), tuple(_only(way, shell.ways))) for way in shell.ways),
        descriptions={
            entry.module.id: render_inline(entry.module.description, links)
            for entry in shell.modules
            if entry.module.description
        },
        offers=list_offers(course),
        sources=tuple(course.sources),
        used=sum(document.used for document in course.documents),
        left_out=sum(not document.used for document in course.documents),
        passages=sum(len(module.citations) for module in course.modules),
        engine=_engine(course),
        figures=tuple(list_first_figures(course)),
    )


def _wins(way: Way, links: PageLinks) -> Iterator[Markup]:
    """The first objective of at most six modules, evenly over the way, the first and the last among them."""
    taught = [step.module for step in way.steps if step.module.objectives]
    if len(taught) > _MAX_WINS:
        taught = [taught[round(place * (len(taught) - 1) / (_MAX_WINS - 1))] for place in range(_MAX_WINS)]
    return (render_inline(module.objectives[0].text, links) for module in taught)


def _only(way: Way, ways: Sequence[Way]) -> Iterator[str]:
    elsewhere = {step.module.id for other in ways if other.key != way.key for step in other.steps}
    return (step.module.title for step in way.steps if step.module.id not in elsewhere)


def _engine(course: Course) -> str:
    engine = course.engine
    if engine.name == "offline":
        return "Selected and arranged from the documentation by a program, without a language model."
    return f"Written with the language model {engine.model} and checked against the sources by a program."


@dataclass(frozen=True)
class Need:
    """A concept that another one builds on."""

    id: str
    name: str


@dataclass(frozen=True)
class Term:
    """A concept with a page to it; `gloss` is "" when the cited lines must speak for themselves.

    `home` names the section that explains it, and `at` is its fragment there.
    """

    id: str
    name: str
    entry: ModuleEntry | None
    gloss: str
    home: str
    at: str
    span: CitedSpan
    needs: tuple[Need, ...]


def list_terms(course: Course, shell: Shell, reader: SpanReader) -> list[Term]:
    """The concepts in the order of the course."""
    names = {concept.id: concept.name for concept in course.concepts}
    return [
        Term(
            concept.id,
            concept.name,
            shell.entries.get(concept.module_id or ""),
            own_gloss(concept),
            concept.home.heading if concept.home else "",
            home_of(concept, shell.spots),
            reader.read(concept.citation),
            tuple(Need(one, names[one]) for one in concept.prerequisites if one in names),
        )
        for concept in course.concepts
    ]


def build_glossary(terms: Iterable[Term]) -> list[tuple[str, list[Term]]]:
    """The terms in alphabetical order, grouped by first letter; "#" holds those that begin with none."""
    letters: dict[str, list[Term]] = {}
    for term in sorted(terms, key=lambda term: (_sort_key(term.name), term.id)):
        letters.setdefault(_letter(term.name), []).append(term)
    return sorted(letters.items())


@dataclass(frozen=True)
class ConceptMap:
    """The concepts as bands for a list, the weightiest as a picture; `drawn` of `count`, `names` by concept id."""

    picture: Markup
    drawn: int
    count: int
    bands: tuple[Band, ...]
    names: dict[str, str]


def build_map(course: Course, shell: Shell) -> ConceptMap:
    """The concept map, in the order of the course."""
    hrefs = {entry.module.id: entry.href for entry in shell.modules}
    bands = list_bands(course, list(hrefs), hrefs)
    heavy = choose_weightiest(bands)
    drawn = sum(len(band.concepts) for band in heavy)
    names = {concept.id: concept.name for concept in course.concepts}
    return ConceptMap(draw_map(heavy), drawn, len(names), tuple(bands), names)


def _letter(name: str) -> str:
    first = _sort_key(name)[:1].upper()
    return first if first.isalpha() else "#"


def _sort_key(name: str) -> str:
    return name.casefold().lstrip("-_@.`$/<\"' ") or name.casefold()


@dataclass(frozen=True)
class SourceDocument:
    """A used document on the sources page; `url` is None where its host shows no file at a commit."""

    document: DocumentEntry
    url: str | None
    modules: tuple[ModuleEntry, ...]


@dataclass(frozen=True)
class SourceList:
    """One source with its documents, used and left out, each in the order of their paths."""

    source: AnySource
    used: tuple[SourceDocument, ...]
    left_out: tuple[tuple[LeftOutRow, str | None], ...]  # each with its address


def build_sources(course: Course, shell: Shell) -> list[SourceList]:
    """Every documentation file of every source, with the modules that teach it or the reason it is left out."""
    return [_source_list(source, course, shell) for source in course.sources]


def _source_list(source: AnySource, course: Course, shell: Shell) -> SourceList:
    mine = sorted((entry for entry in course.documents if entry.source_id == source.id), key=lambda entry: entry.path)
    teaching: dict[str, list[ModuleEntry]] = {}
    for entry in shell.modules:
        for document_id in dict.fromkeys(entry.module.document_ids):
            teaching.setdefault(document_id, []).append(entry)
    rows = [
        SourceDocument(
            document,
            file_url(source.url, source.commit, document.path),
            tuple(teaching.get(document.id, ())),
        )
        for document in mine
        if document.used
    ]
    left_out = tuple(
        (
            row,  # hosts show folders elsewhere
            file_url(source.url, source.commit, row.path) if row.count == 1 and row.reason != NOT_THERE else None,
        )
        for row in left_out_rows(mine)
    )
    return SourceList(source, tuple(rows), left_out)
