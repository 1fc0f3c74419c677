"""The pages around the modules: the front page, the glossary, the sources."""

from dataclasses import dataclass

from markupsafe import Markup

from shared.course.export.cited import CitedSpan, SpanReader
from shared.course.export.definitions import read_definition
from shared.course.export.hosts import file_url
from shared.course.export.lesson_html import PageLinks, render_inline, render_markdown
from shared.course.model import Course, DocumentEntry, PathwayEntry, Source

from .quality import Figure, list_first_figures
from .shell import ModuleEntry, Shell

_LEVELS = {
    "beginner": "People who are new to the subject.",
    "intermediate": "People who know the basics and want to use the subject with confidence.",
    "advanced": "Experienced people who want the details.",
}


@dataclass(frozen=True)
class Outline:
    """A module on the front page, with what a reader can do after it."""

    entry: ModuleEntry
    description: Markup
    objectives: tuple[Markup, ...]


@dataclass(frozen=True)
class Front:
    """The values of the front page. `wins` are one objective of each of the first modules."""

    description: Markup
    minutes: int
    items: int
    level: str
    audience: str
    note: str
    prerequisites: tuple[str, ...]
    wins: tuple[Markup, ...]
    outlines: tuple[Outline, ...]
    others: tuple[PathwayEntry, ...]
    sources: tuple[Source, ...]
    used: int
    left_out: int
    passages: int
    engine: str
    figures: tuple[Figure, ...]


_MAX_WINS = 6


def build_front(course: Course, shell: Shell) -> Front:
    """The front page of a course."""
    links = PageLinks(modules={entry.module.id: entry.href for entry in shell.modules})
    outlines = tuple(
        Outline(
            entry,
            render_inline(entry.module.description, links),
            tuple(render_inline(objective.text, links) for objective in entry.module.objectives),
        )
        for entry in shell.modules
    )
    chosen = next((pathway for pathway in course.pathways if pathway.selected), None)
    return Front(
        description=render_markdown(course.description, links).html,
        minutes=sum(module.estimated_minutes for module in course.modules),
        items=sum(len(module.assessment) for module in course.modules),
        level=course.audience.complexity_level,
        audience=_LEVELS[course.audience.complexity_level],
        note=course.audience.additional_info,
        prerequisites=tuple(chosen.prerequisites) if chosen else (),
        wins=tuple(outline.objectives[0] for outline in _spread(outlines)),
        outlines=outlines,
        others=tuple(pathway for pathway in course.pathways if not pathway.selected),
        sources=tuple(course.sources),
        used=sum(document.used for document in course.documents),
        left_out=sum(not document.used for document in course.documents),
        passages=sum(len(module.citations) for module in course.modules),
        engine=_engine(course),
        figures=tuple(list_first_figures(course)),
    )


def _spread(outlines: tuple[Outline, ...]) -> list[Outline]:
    """At most six modules with objectives, evenly over the course, the first and the last among them."""
    taught = [outline for outline in outlines if outline.objectives]
    if len(taught) <= _MAX_WINS:
        return taught
    return [taught[round(step * (len(taught) - 1) / (_MAX_WINS - 1))] for step in range(_MAX_WINS)]


def _engine(course: Course) -> str:
    engine = course.engine
    if engine.name == "offline":
        return (
            f"Selected and arranged from the documentation by a program, without a language model ({engine.version})."
        )
    return f"Written with the language model {engine.model} and checked against the sources by a program."


@dataclass(frozen=True)
class Term:
    """A concept in the glossary, its definition in plain text ("" when the lines must speak for themselves).

    `needs` are the concepts the definition uses: (name, id).
    """

    id: str
    name: str
    entry: ModuleEntry | None
    definition: str
    span: CitedSpan
    needs: tuple[tuple[str, str], ...]


def build_glossary(course: Course, shell: Shell, reader: SpanReader) -> list[tuple[str, list[Term]]]:
    """The concepts in alphabetical order, grouped by first letter; "#" holds those that begin with none."""
    entries = {entry.module.id: entry for entry in shell.modules}
    names = {concept.id: concept.name for concept in course.concepts}
    letters: dict[str, list[Term]] = {}
    for concept in sorted(course.concepts, key=lambda concept: (_sort_key(concept.name), concept.id)):
        needs = tuple((names[other], other) for other in concept.prerequisites if other in names)
        entry = entries.get(concept.module_id or "")
        definition = read_definition(concept, reader)
        term = Term(concept.id, concept.name, entry, definition, reader.read(concept.citation), needs)
        letters.setdefault(_letter(concept.name), []).append(term)
    return sorted(letters.items())


def _letter(name: str) -> str:
    first = _sort_key(name)[:1].upper()
    return first if first.isalpha() else "#"


def _sort_key(name: str) -> str:
    return name.casefold().lstrip("-_@.`$/<\"' ") or name.casefold()


@dataclass(frozen=True)
class SourceDocument:
    """A document on the sources page; `url` is None where its host shows no file at a commit."""

    document: DocumentEntry
    url: str | None
    modules: tuple[ModuleEntry, ...]


@dataclass(frozen=True)
class SourceList:
    """One source with its documents, used and left out, each in the order of their paths."""

    source: Source
    used: tuple[SourceDocument, ...]
    left_out: tuple[SourceDocument, ...]


def build_sources(course: Course, shell: Shell) -> list[SourceList]:
    """Every documentation file of every source, with the modules that teach it or the reason it is left out."""
    return [_source_list(source, course, shell) for source in course.sources]


def _source_list(source: Source, course: Course, shell: Shell) -> SourceList:
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
    ]
    used = tuple(row for row in rows if row.document.used)
    return SourceList(source, used, tuple(row for row in rows if not row.document.used))
