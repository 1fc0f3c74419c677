"""Inputs and results of engines. Both engines fill the same types; all are plain JSON when stored as blobs."""

from typing import Literal, Self

from pydantic import Field

from shared.course.scales import Bloom, DocType
from shared.events.base import BlobRef, EventUsage, ForWhom, Level
from shared.kernel.values import Value


class Usage(EventUsage):
    """The cost of a piece of work, and the stored answers it used. The offline engine costs nothing."""

    answer_keys: tuple[str, ...] = ()

    def __add__(self, other: Self) -> Self:
        return super().__add__(other).model_copy(update={"answer_keys": self.answer_keys + other.answer_keys})

    @property
    def cost(self) -> EventUsage:
        """The cost alone, as events tell it."""
        return EventUsage(**self.model_dump(exclude={"answer_keys"}))


class Span(Value):
    """Lines start_line..end_line (1-based, inclusive) of `path` at the source's commit."""

    path: str
    start_line: int
    end_line: int


class CitedSentence(Value):
    """A sentence as CommonMark inline text and the lines that say it."""

    text: str
    span: Span


class Concept(Value):
    """A term the document defines. `name` as written, `definition` the defining sentence. `evidence`: 4 an entry of a
    glossary or a list, 3 the subject of its section, 2 a marked term, 1 a plain sentence, 0 unknown, -1 a heading.
    """

    id: str
    name: str
    definition: CitedSentence
    section_id: str
    evidence: int = 0


class LearningObjective(Value):
    """Begins with a verb a learner can be tested on; `section_id` is where it is taught. A person wrote a `given` one:
    it stays in the course even when no question tests it.
    """

    text: str
    bloom: Bloom
    section_id: str
    given: bool = False


class MakersSign(Value):
    """Says that makers read a document. One `of_place` yields to the contents."""

    weight: int
    reason: str
    of_place: bool = False


class SectionOutline(Value):
    """A section without its text.

    `teachable` is false for empty and endless sections, which no pathway names. `code_lines` are of code,
    `output_lines` of its output. `asks` is the level of the readers it is for, and `asks_reason` says why not all.
    `mentions`: (term key, count), for the graph of concepts; `said_first`: the keys of its heading, its first
    paragraphs and the code behind them. `prints` are hashes of its sentences with the document's names masked: sections
    that share most of them say the same. `whole` is one of all its text as it stands: copies have it in common.
    """

    id: str
    heading: str
    level: int
    parent: str | None
    start_line: int
    end_line: int
    words: int
    code_blocks: int
    teachable: bool = True
    has_table: bool = False
    code_lines: int = 0
    output_lines: int = 0
    asks: Level = "intermediate"
    asks_reason: str = ""
    mentions: tuple[tuple[str, int], ...] = ()
    said_first: tuple[str, ...] = ()
    prints: tuple[str, ...] = ()
    whole: str = ""


class DocumentAnalysis(Value):
    """Everything stage 2 finds in one document."""

    document_id: str
    source_id: str
    path: str
    sha256: str
    title: str
    doc_type: DocType
    is_entry: bool = Field(default=False, description="one of many pages of one form, which are looked up by name")
    complexity_level: Level
    for_whom: ForWhom = "users"
    for_whom_reason: str = ""
    makers_signs: tuple[MakersSign, ...] = ()
    language: str = "en"
    word_count: int
    minutes: int
    key_concepts: tuple[Concept, ...] = ()
    learning_objectives: tuple[LearningObjective, ...] = ()
    summary: tuple[CitedSentence, ...] = ()
    prerequisites: tuple[str, ...] = ()
    related_topics: tuple[str, ...] = ()
    sections: tuple[SectionOutline, ...] = ()
    links: tuple[str, ...] = Field(default=(), description="linked paths of this repository, or of one at a host")
    code_languages: tuple[str, ...] = ()
    names: tuple[str, ...] = Field(default=(), description="term keys of what the document is about")
    problems: tuple[str, ...] = Field(default=(), description="what of the document could not be read or was left out")
    document: BlobRef | None = Field(default=None, description="the document as read; see shared.docs.read_documents")


class GraphConcept(Value):
    """A concept and the ids it needs. `is_told`: the definition says what it is; `is_headed`: its home is linked;
    `homes`: folder → the section that its pages mean, None for another thing; {} where all mean this one.
    """

    id: str
    name: str
    document_id: str
    section_id: str
    definition: CitedSentence
    is_told: bool = True
    is_headed: bool = False
    homes: dict[str, tuple[str, str] | None] = Field(default_factory=dict)
    prerequisites: tuple[str, ...] = ()
    signs: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class ConceptGraph(Value):
    """Acyclic. `document_edges` are (before, after) pairs of document ids that follow from the concepts.

    `section_order` is the order in which the sections are best taught: (document id, section id), every teachable one.
    """

    concepts: tuple[GraphConcept, ...] = ()
    document_edges: tuple[tuple[str, str], ...] = ()
    section_order: tuple[tuple[str, str], ...] = ()

    @property
    def needs(self) -> list[tuple[tuple[str, str], tuple[str, str]]]:
        """(before, after): homes of a concept and of one that builds on it."""
        homes = {one.id: (one.document_id, one.section_id) for one in self.concepts}
        return [(homes[needed], homes[a.id]) for a in self.concepts for needed in a.prerequisites if needed in homes]


class SectionRef(Value):
    """A section of a document, as a pathway names it."""

    document_id: str
    section_id: str
    heading: str


class Sibling(Value):
    """A section that says nearly the same as a taught one (document_id, section_id), in a document called `name`."""

    document_id: str
    section_id: str
    name: str
    same: SectionRef


PathwayKind = Literal["complete", "quickstart", "task", "reference", "contribute"]


class PathwayModule(Value):
    """A module as proposed. `part` groups modules of large courses (empty when there are no parts)."""

    id: str
    title: str
    description: str
    estimated_minutes: int
    learning_objectives: tuple[LearningObjective, ...] = ()
    sections: tuple[SectionRef, ...]
    document_ids: tuple[str, ...]
    part: str = ""
    siblings: tuple[Sibling, ...] = ()


class Pathway(Value):
    """An ordered list of modules in which nothing is used before it is taught."""

    id: str
    kind: PathwayKind
    title: str
    description: str
    complexity_level: Level
    estimated_minutes: int
    prerequisites: tuple[str, ...] = ()
    modules: tuple[PathwayModule, ...]
