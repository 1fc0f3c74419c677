"""What a lesson is made of before it becomes Markdown: sentences with their lines, in chunks, passages and parts."""

from dataclasses import dataclass, replace
from typing import TypeAlias

from shared.engine.offline.writer_evidence import Span

_WORDS_OF_AN_EXAMPLE = 120


@dataclass(frozen=True)
class Said:
    """One sentence as CommonMark, and the lines that say it; None for a signpost of the course's own."""

    text: str
    span: Span | None


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    said: tuple[Said, ...]


@dataclass(frozen=True)
class Entry:
    """One list item; `number` is its place in an ordered list, 0 in a bulleted one."""

    said: tuple[Said, ...]
    depth: int = 0
    number: int = 0


@dataclass(frozen=True)
class Listing:
    """A list, or the part of one that stands between two code blocks."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Row:
    """A table row's cells and its lines."""

    cells: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class Table:
    """A table; the header's lines are part of what it cites."""

    header: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Code:
    """Verbatim code and the lines it stands on."""

    text: str
    language: str
    span: Span


@dataclass(frozen=True)
class Note:
    """A note, tip or warning."""

    label: str
    said: tuple[Said, ...]


@dataclass(frozen=True)
class Picture:
    """A picture that travels with the course."""

    alt: str
    asset: str
    span: Span


Chunk: TypeAlias = Prose | Listing | Table | Code | Note | Picture


@dataclass(frozen=True)
class Passage:
    """Chunks that can only be read together: a paragraph, the code it announces, what is said of it."""

    chunks: tuple[Chunk, ...]

    @property
    def cost(self) -> int:
        """Reading effort in words; an example counts as 120 and three a line, a row of a table as four."""
        return sum(count_effort(chunk) for chunk in self.chunks)

    @property
    def has_code(self) -> bool:
        """Whether an example stands in it."""
        return any(isinstance(chunk, Code) for chunk in self.chunks)

    @property
    def is_prose(self) -> bool:
        """Whether it is paragraphs only."""
        return all(isinstance(chunk, Prose) for chunk in self.chunks)


@dataclass(frozen=True)
class Part:
    """A section of the source with its passages; `depth` 0 is the document's own opening."""

    document_id: str
    section_id: str
    heading: str
    depth: int
    passages: tuple[Passage, ...]

    def keep(self, count: int) -> "Part":
        """The part with its first `count` passages."""
        return replace(self, passages=self.passages[:count])

    @property
    def cost(self) -> int:
        """Reading effort in words."""
        return sum(passage.cost for passage in self.passages)


def iter_said(chunk: Chunk) -> tuple[Said, ...]:
    """The sentences of a chunk in order; none in code, tables and pictures."""
    match chunk:
        case Prose(said) | Note(_, said):
            return said
        case Listing(entries):
            return tuple(said for entry in entries for said in entry.said)
        case _:
            return ()


def count_effort(chunk: Chunk) -> int:
    """Reading effort of one chunk in words."""
    match chunk:
        case Code(text):
            return _WORDS_OF_AN_EXAMPLE + 3 * (text.count("\n") + 1)
        case Table(_, rows):
            return 4 * len(rows)
        case _:
            return sum(len(said.text.split()) for said in iter_said(chunk))
