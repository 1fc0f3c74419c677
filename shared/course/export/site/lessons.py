"""A module as its page shows it: sections as HTML, questions, and the cited lines the marks lead to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from shared.course.export.cited import CitedSpan, SpanReader
from shared.course.export.lesson_html import Heading, PageLinks, RenderedText, render_inline, render_sections
from shared.course.export.marks import number_citations
from shared.course.model import Course, Module

from .questions import Question, build_question
from .shell import ModuleEntry, Shell

_MAX_CONTENTS = 24


@dataclass(frozen=True)
class Passage:
    """The lines one mark stands for."""

    number: int
    span: CitedSpan


@dataclass(frozen=True)
class CitedFile:
    """The passages of one file, in the order of their numbers."""

    path: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Lesson:
    """Everything a module's page shows; all HTML is sanitised."""

    entry: ModuleEntry
    objectives: tuple[Markup, ...]
    needs: tuple[ModuleEntry, ...]
    introduction: RenderedText
    main: RenderedText
    conclusion: RenderedText
    summary: RenderedText
    questions: tuple[Question, ...]
    passages: tuple[CitedFile, ...]
    before: ModuleEntry | None
    after: ModuleEntry | None

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
        yield from (heading for heading in self.introduction.headings if heading.level <= 3)
        yield from (heading for heading in self.main.headings if heading.level <= 3)
        if self.questions:
            yield Heading(2, "page-questions", "Check yourself")
        if self.conclusion.html:
            yield Heading(2, "page-conclusion", "Where this leads")
        if self.summary.html:
            yield Heading(2, "page-summary", "Summary")
        if self.passages:
            yield Heading(2, "page-sources", "Sources")


class LessonBuilder:
    """Builds the pages of one course: what they share (links, spans, pictures) is looked up once."""

    def __init__(
        self, course: Course, shell: Shell, reader: SpanReader, pictures: Mapping[str, tuple[int, int] | None]
    ) -> None:
        self._entries = shell.modules
        self._by_id = {entry.module.id: entry for entry in shell.modules}
        # Every module page lies in one folder, so a neighbour is named by its file alone.
        self._hrefs = {entry.module.id: entry.href.rpartition("/")[2] for entry in shell.modules}
        self._reader = reader
        self._pictures = pictures

    def build(self, entry: ModuleEntry) -> Lesson:
        """The page of one module."""
        module = entry.module
        marks = number_citations(module)
        links = PageLinks(marks, self._hrefs, "../", self._pictures)
        introduction, main, conclusion, summary = render_sections(
            [module.introduction, module.main_content, module.conclusion, module.summary], links
        )
        position = self._entries.index(entry)
        return Lesson(
            entry=entry,
            objectives=tuple(render_inline(objective.text, links) for objective in module.objectives),
            needs=tuple(self._by_id[other] for other in module.prerequisites if other in self._by_id),
            introduction=introduction,
            main=main,
            conclusion=conclusion,
            summary=summary,
            questions=tuple(
                build_question(number, item, links) for number, item in enumerate(module.assessment, start=1)
            ),
            passages=self._passages(module, marks),
            before=self._entries[position - 1] if position else None,
            after=self._entries[position + 1] if position + 1 < len(self._entries) else None,
        )

    def _passages(self, module: Module, marks: dict[str, int]) -> tuple[CitedFile, ...]:
        spans = self._reader.read_all(module.citations)
        files: dict[str, list[Passage]] = {}
        for citation_id, number in marks.items():
            files.setdefault(spans[citation_id].path, []).append(Passage(number, spans[citation_id]))
        return tuple(CitedFile(path, tuple(passages)) for path, passages in files.items())
