"""A written module read once: its texts, its citations followed into the repository, and what its lesson teaches."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from shared.course.evidence import Evidence
from shared.course.field_text import FieldText, read_module
from shared.course.model import Module
from shared.course.plain_text import show_plain
from shared.course.section_links import Spots
from shared.course.sources import Sources
from shared.course.spans import Lines
from shared.course.statements import Statement
from shared.course.taught import Lesson, TaughtSection


@dataclass(frozen=True)
class GateContext:
    """The knowledge of the gates besides the module.

    - `raw(path)`: the bytes of a file of the source; raises NotFound, KeyError or OSError when there is none.
    - `sources`: the documents of the course, taken apart; `paths`: the path of each document by its id.
    - `planned`: headings of the sections the module was to teach, each with its document's id.
    - `concepts`: the lines that define each concept, by its name; a gloss in an introduction cites them, and that does
      not make their section taught. `titles`: of the course's modules.
    - `known_modules`: ids of the course's modules, this one included; `spots`: what titles of links name in each, empty
      when not written yet. `assets`: names of the pictures that travel with
      the course (`assets/<sha256>.<ext>`), or None to check their form only.
    - `order`: positions of modules by id, to see that prerequisites come first; empty when not known yet.
    - `own_words`: the engine writes prose of its own, so that it owes only what it takes over word for word.
    """

    raw: Callable[[str], bytes]
    sources: Sources = field(default_factory=lambda: Sources({}))
    paths: Mapping[str, str] = field(default_factory=dict)
    planned: tuple[tuple[str, str], ...] = ()
    concepts: Mapping[str, Lines] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    known_modules: frozenset[str] = frozenset()
    spots: Spots = field(default_factory=dict)
    assets: frozenset[str] | None = None
    language: str = "en"
    order: Mapping[str, int] = field(default_factory=dict)
    own_words: bool = False


@dataclass(frozen=True)
class ReadModule:
    """A module with everything the gates ask of it more than once."""

    module: Module
    context: GateContext

    @cached_property
    def texts(self) -> tuple[FieldText, ...]:
        """The four Markdown fields in reading order."""
        return read_module(self.module)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Statements of the four fields in reading order."""
        return tuple(statement for text in self.texts for statement in text.statements)

    @cached_property
    def evidence(self) -> Evidence:
        """The module's citations."""
        return Evidence(self.module.citations, self.context.raw, self.context.language)

    @cached_property
    def words(self) -> int:
        """Words of the introduction and the main content, code aside."""
        taught = (text for text in self.texts if text.where in ("introduction", "main_content"))
        return sum(len(show_plain(statement.text).split()) for text in taught for statement in text.statements)

    @cached_property
    def code_ids(self) -> frozenset[str]:
        """Ids of the citations that code blocks carry; a block is cited as long as it is."""
        return frozenset(block.citation_id for text in self.texts for block in text.code if block.citation_id)

    def is_own(self, cited: object) -> bool:
        """Whether a text is of our own writing, by the citations it has: the author's sentences stay as they are."""
        return self.context.own_words or not cited

    @cached_property
    def lesson(self) -> Lesson:
        """The introduction and the main content, by the lines they cite."""
        return Lesson(self.module, self.evidence, self.context.concepts.values(), own_words=self.context.own_words)

    @cached_property
    def taught(self) -> tuple[TaughtSection, ...]:
        """The sections the lesson teaches."""
        own = (self.context.paths.get(i, "") for i in self.module.document_ids)
        planned = {(self.context.paths.get(i, ""), heading) for i, heading in self.context.planned}
        return tuple(self.lesson.teach(self.context.sources, sorted({*self.lesson.paths, *own}), planned))
