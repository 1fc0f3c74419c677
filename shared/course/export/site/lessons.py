"""A module as its page shows it: sections as HTML, questions, and the cited lines the marks lead to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from shared.course.export.cited import CitedSpan, Line, SpanReader
from shared.course.export.concept_map import choose_around, draw_map, list_bands, list_known
from shared.course.export.hosts import file_url
from shared.course.export.lesson_html import Heading, PageLinks, RenderedText, render_inline, render_sections
from shared.course.export.marks import number_citations
from shared.course.export.ways import Step, Way
from shared.course.model import AnyCitation, Course, Module, NotTaught
from shared.course.plain_text import show_plain

from .covered import find_covered
from .overview import Term
from .questions import Question, ask_again, build_question
from .shell import ModuleEntry, Shell

_MAX_CONTENTS, _MOST_OPENING = 24, 1000
_MAP_WIDTH = 660


@dataclass(frozen=True)
class Passage:
    """The lines one mark stands for."""

    number: int
    span: CitedSpan


@dataclass(frozen=True)
class CitedFile:
    """The passages of one file, in the order of their numbers, and its lines in and around them."""

    path: str
    passages: tuple[Passage, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class LeftOut:
    """A section of the documentation that the module does not teach; `url` leads to its file at the commit.

    `told_in` is the module that teaches a section which says the same.
    """

    heading: str
    path: str
    url: str | None
    reason: str
    told_in: ModuleEntry | None


@dataclass(frozen=True)
class Place:
    """Where a module stands in one way: `step` is None in a way that leaves the module out."""

    way: Way
    step: Step | None
    before: ModuleEntry | None
    after: ModuleEntry | None


@dataclass(frozen=True)
class Lesson:
    """Everything a module's page shows; all HTML is sanitised.

    `known` are terms of modules before it that its own build on. Of `names` the page has no more than the name.
    """

    entry: ModuleEntry
    places: tuple[Place, ...]
    objectives: tuple[Markup, ...]
    needs: tuple[ModuleEntry, ...]
    recalled: tuple[Question, ...]
    recall_ways: str
    introduction: RenderedText
    main: RenderedText
    conclusion: RenderedText
    summary: RenderedText
    questions: tuple[Question, ...]
    left_out: tuple[LeftOut, ...]
    passages: tuple[CitedFile, ...]
    known: tuple[Term, ...]
    terms: tuple[Term, ...]
    names: tuple[Term, ...]
    concept_map: Markup

    @property
    def reading_minutes(self) -> int:
        """The minutes of the module without its questions, of one minute each."""
        return max(1, self.entry.module.estimated_minutes - len(self.questions))

    @property
    def opens_with_description(self) -> bool:
        """Whether the beginning of the lesson says already what the description says."""
        module = self.entry.module
        opening = show_plain((module.introduction or module.main_content)[:_MOST_OPENING])
        return show_plain(module.description) in opening

    @property
    def contents(self) -> tuple[Heading, ...]:
        """The headings of the page for its table of contents, the page's own sections behind the module's.

        A long page lists its main headings only: a table of contents that must itself be searched is none.
        """
        headings = tuple(self._headings())
        if len(headings) <= _MAX_CONTENTS:
            return headings
        return tuple(heading for heading in headings if heading.level == 2)

    def _headings(self) -> Iterator[Heading]:
        if self.recalled:
            yield Heading(2, "page-recall", "Do you remember?")
        yield from (heading for heading in self.introduction.headings if heading.level <= 3)
        yield from (heading for heading in self.main.headings if heading.level <= 3)
        if self.questions:
            yield Heading(2, "page-questions", "Check yourself")
        if self.conclusion.html:
            yield Heading(2, "page-conclusion", "Where this leads")
        if self.summary.html:
            yield Heading(2, "page-summary", "Summary")
        if self.terms or self.names:
            yield Heading(2, "page-concepts", "Concepts")
        if self.left_out:
            yield Heading(2, "page-left-out", "Also in the documentation")
        if self.passages:
            yield Heading(2, "page-sources", "Sources")


class LessonBuilder:
    """Builds the pages of one course: what they share (links, spans, pictures) is looked up once."""

    def __init__(
        self,
        course: Course,
        shell: Shell,
        reader: SpanReader,
        pictures: Mapping[str, tuple[int, int] | None],
        terms: Sequence[Term],
    ) -> None:
        self._shell = shell
        # Every module page lies in one folder, so a neighbour is named by its file alone.
        self._hrefs = {entry.module.id: entry.href.rpartition("/")[2] for entry in shell.modules}
        self._items = {item.id: (entry, item) for entry in shell.modules for item in entry.module.assessment}
        self._citations = {citation.id: citation for entry in shell.modules for citation in entry.module.citations}
        self._documents = {document.id: document for document in course.documents}
        self._sources = {source.id: source for source in course.sources}
        hrefs = {entry.module.id: entry.href for entry in shell.modules}
        self._bands = list_bands(course, list(hrefs), hrefs)
        self._terms = {term.id: term for term in terms}
        self._known = list_known(course)
        self._reader = reader
        self._pictures = pictures

    def build(self, entry: ModuleEntry) -> Lesson:
        """The page of one module."""
        module = entry.module
        recalled = [self._items[one] for one in module.recall if one in self._items]
        around = choose_around(self._bands, entry.href)
        known = self._known[module.id]
        needs = [one for one in module.prerequisites if one not in {concept.module_id for concept in known}]
        own = [term for term in self._terms.values() if term.entry is entry]
        marks = number_citations(module, [item for _, item in recalled], self._citations)
        covered = find_covered(module, lambda cited: self._reader.read(self._citations[cited]))
        links = PageLinks(marks, self._hrefs, self._shell.spots, "../", self._pictures, covered=covered)
        introduction, main, conclusion, summary = render_sections(
            [module.introduction, module.main_content, module.conclusion, module.summary], links
        )
        return Lesson(
            entry=entry,
            places=tuple(self._place(way, module) for way in self._shell.ways),
            objectives=tuple(render_inline(objective.text, links) for objective in module.objectives),
            needs=tuple(self._shell.entries[one] for one in needs if one in self._shell.entries),
            recalled=tuple(
                ask_again(number, item, home, module.id, links) for number, (home, item) in enumerate(recalled, start=1)
            ),
            recall_ways=" ".join(
                way.key for way in self._shell.ways if _holds(way, [one for one, _ in recalled], module)
            ),
            introduction=introduction,
            main=main,
            conclusion=conclusion,
            summary=summary,
            questions=tuple(
                build_question(number, item, links) for number, item in enumerate(module.assessment, start=1)
            ),
            left_out=tuple(map(self._left_out, dict.fromkeys(module.not_taught))),
            passages=self._passages(marks),
            known=tuple(self._terms[one.id] for one in known),
            terms=tuple(term for term in own if term.gloss),
            names=tuple(term for term in own if not term.gloss),
            concept_map=draw_map(around, _MAP_WIDTH, "../") if around else Markup(),
        )

    def _place(self, way: Way, module: Module) -> Place:
        step = way.find(module.id)
        before, after = way.around(step) if step else (None, None)
        return Place(
            way,
            step,
            self._shell.entry_of(before) if before else None,
            self._shell.entry_of(after) if after else None,
        )

    def _left_out(self, entry: NotTaught) -> LeftOut:
        document, told_in = self._documents.get(entry.document_id), self._shell.entries.get(entry.told_in)
        if document is None:
            return LeftOut(entry.heading, "", None, entry.reason, told_in)
        source = self._sources[document.source_id]
        url = file_url(source.url, source.commit, document.path)
        return LeftOut(entry.heading, document.path, url, entry.reason, told_in)

    def _passages(self, marks: Mapping[str, int]) -> tuple[CitedFile, ...]:
        files: dict[str, list[Passage]] = {}
        cited: dict[str, list[AnyCitation]] = {}
        for citation_id, number in marks.items():
            citation = self._citations[citation_id]
            span = self._reader.read(citation)
            files.setdefault(span.path, []).append(Passage(number, span))
            cited.setdefault(span.path, []).append(citation)
        return tuple(
            CitedFile(path, tuple(passages), self._reader.read_around(cited[path])) for path, passages in files.items()
        )


def _holds(way: Way, asked: Sequence[ModuleEntry], module: Module) -> bool:
    """Whether a way teaches all that a module asks again before it."""
    steps = [step.module.id for step in way.steps]
    before = steps[: steps.index(module.id)] if module.id in steps else steps
    return {entry.module.id for entry in asked} <= {*before}
