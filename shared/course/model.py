"""course.json, format "coursewright.course/1": the types. These names are the published format: add, never rename."""

from bisect import bisect_right
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic.dataclasses import dataclass

from shared.course.audience import Audience
from shared.course.scales import Bloom, DocType, ItemForm
from shared.docs.pdf.cited import PageBox
from shared.events.base import EngineName, Level, Sharing

FORMAT = "coursewright.course/1"

ItemKind = Literal["single_choice", "multiple_choice", "true_false", "cloze", "ordering", "matching", "short_answer"]
Status = Literal["complete", "incomplete"]


class Part(BaseModel):
    """A frozen part of the document that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Licence(Part):
    """The licence of the documentation. `spdx` is an SPDX id or expression, empty when the text is not a known one.

    `path` is the licence file, empty when there is no such file. `sharing` says whether copies may be passed on.
    """

    spdx: str = ""
    path: str = ""
    sharing: Sharing = "unclear"


class Source(Part):
    """A repository at a commit; `url` never holds a credential."""

    id: str
    kind: Literal["git"] = "git"
    url: str
    ref: str
    commit: str = Field(pattern=r"^[0-9a-f]{40}$")
    licence: Licence = Licence()


class FileSource(Part):
    """A source that is a file. It lies on no host that shows lines: what a repository has instead is empty."""

    id: str
    file_name: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    reader: str
    licence: Licence = Licence()

    url: ClassVar[str] = ""
    ref: ClassVar[str] = ""
    commit: ClassVar[str] = ""


class PdfSource(FileSource):
    """A PDF document by its bytes. `pages` says which line of its text begins each page; `reader` names the program
    that made the text.
    """

    kind: Literal["pdf"] = "pdf"
    pages: list[int]

    @property
    def asset(self) -> str:
        """The name under which the PDF travels with the course."""
        return f"assets/{self.sha256}.pdf"

    def page_of(self, line: int) -> int:
        """The page, from 1, on which a line of the text stands."""
        return max(1, bisect_right(self.pages, line))


class DocumentSource(FileSource):
    """A document without pages, by its bytes; `reader` names the program that made its text."""

    kind: Literal["document"] = "document"
    format: Literal["html", "docx", "epub"]

    @property
    def asset(self) -> str:
        """The name under which the document travels with the course. A browser shows a page of strangers as its text,
        and runs nothing of it.
        """
        return f"assets/{self.sha256}.{'txt' if self.format == 'html' else self.format}"


class Recording(Part):
    """What was recorded of a lecture, by its bytes; `format` is the ending of its name."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    format: str = Field(pattern=r"^[a-z0-9]{1,8}$")

    @property
    def asset(self) -> str:
        """The name under which the recording travels with the course."""
        return f"assets/{self.sha256}.{self.format}"


class LectureSource(FileSource):
    """A lecture by the bytes of its captions. `times` has the first and the last second of each line of its text;
    `reader` names the program that made the text; `seconds` is when its last word ends.
    """

    kind: Literal["lecture"] = "lecture"
    title: str
    format: Literal["vtt", "srt"]
    recording: Recording | None = None
    seconds: int
    times: list[tuple[int, int]]

    @property
    def asset(self) -> str:
        """The name under which the captions travel with the course."""
        return f"assets/{self.sha256}.{self.format}"

    def seconds_of(self, start_line: int, end_line: int) -> tuple[int, int]:
        """When the lines start_line..end_line of the text are said."""
        return self.times[start_line - 1][0], self.times[end_line - 1][1]


TextSource = PdfSource | DocumentSource | LectureSource
"""A source whose text was made by a reader, and travels with the course."""

AnySource = Annotated[Source | PdfSource | DocumentSource | LectureSource, Field(discriminator="kind")]


def assets_of(source: TextSource) -> tuple[str, ...]:
    """The names of the files that a source brings with the course."""
    recording = source.recording if isinstance(source, LectureSource) else None
    return (source.asset, recording.asset) if recording is not None else (source.asset,)


class EngineInfo(Part):
    """The engine that wrote the course."""

    name: EngineName
    model: str
    version: str
    prompt_version: str


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid"))
class DocumentEntry:
    """Every documentation file found; used=False needs a reason. `problems`: what of it was left out, by line."""

    # Not a Part: a course may list 200,000 of these, and a dataclass with slots takes a sixth of the memory.

    id: str
    source_id: str
    path: str
    title: str
    doc_type: DocType
    complexity_level: Level
    word_count: int
    sha256: str
    used: bool
    reason: str = ""
    problems: list[str] = Field(default_factory=list)


class Citation(Part):
    """Lines start_line..end_line (1-based, inclusive) of path at the source's commit; sha256 of those bytes."""

    id: str
    source_id: str
    path: str
    start_line: int
    end_line: int
    sha256: str


class PdfCitation(Citation):
    """Lines of the text of a PDF, and the pages they stand on, from 1. `boxes`: where they stand, if that is known."""

    kind: Literal["pdf"] = "pdf"
    page: int
    end_page: int
    boxes: list[PageBox] = Field(default_factory=list)


class DocumentCitation(Citation):
    """Lines of the text of a document that has no pages. Its kind is what tells it from lines of a repository."""

    kind: Literal["document"]


class LectureCitation(Citation):
    """Lines of the text of a lecture, and the seconds in which they are said."""

    kind: Literal["lecture"] = "lecture"
    start_second: int
    end_second: int


AnyCitation = PdfCitation | LectureCitation | DocumentCitation | Citation


class PathwaySection(Part):
    """The unit of a pathway: one section of one document."""

    document_id: str
    heading: str


class ConceptEntry(Part):
    """A concept: its gloss and home section, the module that introduces it, and the concepts it needs.

    `is_defined`: the gloss says what it is, else how its home begins. `signs`: what speaks for each prerequisite's id.
    """

    id: str
    name: str
    gloss: str = ""
    is_defined: bool = True
    home: PathwaySection | None = None
    module_id: str | None
    prerequisites: list[str]
    signs: dict[str, list[str]] = Field(default_factory=dict)
    citation: AnyCitation


class PathwayModuleEntry(Part):
    """A module of an offered pathway. `part` is the author's group that it stands in, or the long document, or ""."""

    id: str
    title: str
    part: str = ""
    sections: list[PathwaySection]
    document_ids: list[str]


class PathwayEntry(Part):
    """An offered pathway."""

    id: str
    kind: str
    title: str
    description: str
    complexity_level: Level
    estimated_minutes: int
    prerequisites: list[str]
    selected: bool
    modules: list[PathwayModuleEntry]


class Objective(Part):
    """A testable objective; `text` begins with a verb of its Bloom level."""

    id: str
    text: str
    bloom: Bloom


class Option(Part):
    """One option of an item."""

    id: str
    text: str
    feedback: str = ""
    citation_ids: list[str] = Field(default_factory=list)


class Item(Part):
    """An assessment item.

    `key` of a choice: ids of the right options; of cloze and short_answer: the accepted texts; of ordering: the
    accepted orders, each a list of option ids; of matching: the pairs, each a list of a term's and a text's option id
    (the options of a matching item hold the terms first, then the texts).
    `form` says what kind of thinking the item asks for.
    """

    id: str
    kind: ItemKind
    stem: str
    options: list[Option]
    key: list[str] | list[list[str]]
    explanation: str
    form: ItemForm = "other"
    objective_ids: list[str]
    bloom: Bloom
    citation_ids: list[str]

    @field_validator("key")
    @classmethod
    def _as_accepted_orders(cls, key: list[str] | list[list[str]], info: ValidationInfo) -> list[str] | list[list[str]]:
        """An ordering item that a version of before stored has its one order flat."""
        flat = [one for one in key if isinstance(one, str)]
        return [flat] if flat and info.data.get("kind") == "ordering" else key

    @property
    def asks_result(self) -> bool:
        """Whether a learner writes what some code shows: a value, or the error that it raises."""
        return self.kind == "short_answer" and self.form in ("predict_output", "what_happens")

    @property
    def right(self) -> list[str]:
        """The key of a choice, cloze or short answer; empty for ordering and matching."""
        return [one for one in self.key if isinstance(one, str)]

    @property
    def groups(self) -> list[list[str]]:
        """The accepted orders of an ordering item, or the pairs of a matching one; empty for the others."""
        return [one for one in self.key if isinstance(one, list)]


class NotTaught(Part):
    """A section of the module's documents that the module leaves out, and why.

    `told_in` is the id of the module that teaches a section which says the same.
    """

    document_id: str
    heading: str
    reason: str
    told_in: str = ""


class Module(Part):
    """A written module; the five sections are CommonMark with GFM tables and footnote marks `[^citation id]`.

    `recall` names items of earlier modules that are asked again when the module opens.
    """

    id: str
    order: int
    title: str
    description: str
    estimated_minutes: int
    status: Status
    problems: list[str]
    objectives: list[Objective]
    prerequisites: list[str]
    document_ids: list[str]
    introduction: str
    main_content: str
    conclusion: str
    summary: str
    assessment: list[Item]
    recall: list[str] = Field(default_factory=list)
    not_taught: list[NotTaught] = Field(default_factory=list)
    citations: list[AnyCitation]


class Course(Part):
    """The whole document."""

    format: Literal["coursewright.course/1"] = "coursewright.course/1"
    course_key: str
    edition: str
    title: str
    description: str
    language: str
    sources: list[AnySource]
    engine: EngineInfo
    audience: Audience
    documents: list[DocumentEntry]
    concepts: list[ConceptEntry]
    pathways: list[PathwayEntry]
    modules: list[Module]
    quality: dict[str, Any] = Field(default_factory=dict)
