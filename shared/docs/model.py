"""A documentation file after reading, whatever its format was: sections, blocks, sentences, each with its lines.

Line numbers are 1-based and inclusive and count lines of the *raw* file split at LF (course-format rule), so that a
citation made from them resolves in the repository. Text is CommonMark: every reader turns its own markup into that.
All values are immutable; readers are pure functions from bytes to `Document`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from shared.docs.formats import DocFormat

BlockKind = Literal["paragraph", "list_item", "code", "table", "quote", "admonition", "image", "definition"]


@dataclass(frozen=True)
class Sentence:
    """One sentence of prose as CommonMark inline text, with the raw lines it stands on.

    They are lines of the file `path`, "" for the document itself. `after_break`: the author broke the line before it.
    """

    text: str
    start_line: int
    end_line: int
    path: str = ""
    after_break: bool = False


@dataclass(frozen=True)
class Origin:
    """Where the text of an included block really stands: another file of the same source, and its lines."""

    path: str
    start_line: int
    end_line: int


@dataclass(frozen=True)
class Image:
    """A picture, or what `sort` says, as the document names it; `path` is repository-relative, None elsewhere."""

    alt: str
    target: str
    path: str | None
    sort: str = "Picture"


VERSION_TITLES = MappingProxyType({
    "versionadded": "Added in version", "versionchanged": "Changed in version", "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version", "deprecated-removed": "Deprecated since version",
})  # fmt: skip
"""Kinds of admonitions whose title begins with a version, and the words before it."""

ContainerKind = Literal["item", "admonition", "quote", "definition", "tab"]


@dataclass(frozen=True)
class Container:
    """The container of a block. Neighbouring blocks stand in the same container when theirs are equal.

    - item: `number` as its author numbered it, `list_id` of its list. - admonition: `label` and `title`.
    - definition: `title` is the term. - tab: `title` is its label. `line` is the line that opens the container; it
      stands in the file `path`, "" for the document itself.
    """

    kind: ContainerKind
    line: int
    label: str = ""
    title: str = ""
    ordered: bool = False
    number: int = 0
    list_id: int = 0
    path: str = ""


@dataclass(frozen=True)
class Block:
    """One block of a section.

    - paragraph, list_item, quote, admonition, definition: `sentences` hold the prose in order.
    - list_item: `depth` (0 = outermost), `ordered`, `number` (as counted from the list's start, 1-based), `list_id`
      (items of one list share it). A code block nested in an item is a block of its own, with the item's depth + 1.
    - admonition: `label` is its kind in lower case (note, warning, tip, …), `title` its own title if any.
    - definition: `term` is the defined term; `sentences` its definition.
    - code: `code` is the verbatim text without fence or common indentation, `language` its info word ("" if none).
      start_line..end_line are the lines of the *code itself* (without fences). `adapted` says that those lines hold
      more: the mark of a quote, tags, what a line of text wraps around it. `marked` are lines to highlight, from 1.
    - table: `rows` are cells as inline CommonMark, the header first; `row_lines[i]` are the lines of row i.
    - image: `image`.

    `within` are the containers the block stands in, the outermost first: also the one whose first prose the block is.
    `origin` is set when the text was included from another file: all lines of the block are then lines of that file.
    """

    kind: BlockKind
    start_line: int
    end_line: int
    sentences: tuple[Sentence, ...] = ()
    depth: int = 0
    ordered: bool = False
    number: int = 0
    list_id: int = 0
    label: str = ""
    title: str = ""
    term: str = ""
    code: str = ""
    language: str = ""
    origin: Origin | None = None
    adapted: bool = False
    marked: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    row_lines: tuple[tuple[int, int], ...] = ()
    image: Image | None = None
    within: tuple[Container, ...] = ()

    def file(self, path: str) -> str:
        """The file that holds the lines of this block of the document `path`."""
        return self.origin.path if self.origin else path


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it up to the next heading of any level (its own text only).

    `id` is unique in the document and derived from the heading path and occurrence, never from a counter of the
    whole file; `parent` is the id of the enclosing section, or None. `level` is 1..6; text before the first heading
    is a section of level 1 with the document's title as heading. `anchor` is the fragment other files link to.
    """

    id: str
    heading: str
    level: int
    start_line: int
    end_line: int
    anchor: str
    parent: str | None = None
    blocks: tuple[Block, ...] = ()

    @property
    def words(self) -> int:
        """Words of prose in this section's own blocks, code excluded."""
        return sum(len(s.text.split()) for b in self.blocks for s in b.sentences) + sum(
            len(cell.split()) for b in self.blocks for row in b.rows for cell in row
        )

    @property
    def code_blocks(self) -> int:
        """Code blocks in this section's own blocks."""
        return sum(1 for b in self.blocks if b.kind == "code")


@dataclass(frozen=True)
class Link:
    """A link of the document. `path` is repository-relative when it points to a file of the same source.

    `untitled`: its text is made from the page's name, because the author left it to the site to show the page's title.
    """

    text: str
    target: str
    path: str | None
    fragment: str
    line: int
    untitled: bool = False


@dataclass(frozen=True)
class Document:
    """A read document. `raw_lines` are the raw file's lines as citations count them (final CR removed, no LF)."""

    path: str
    format: DocFormat
    title: str
    title_line: int
    sections: tuple[Section, ...]
    links: tuple[Link, ...] = ()
    front_matter: dict[str, object] = field(default_factory=dict)
    raw_lines: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        """Words of prose, code excluded."""
        return sum(s.words for s in self.sections)

    @property
    def blocks(self) -> Iterator[Block]:
        """The blocks of all sections, in order."""
        return (block for section in self.sections for block in section.blocks)

    @property
    def sentences(self) -> Iterator[Sentence]:
        """The sentences of all sections, in order."""
        return (sentence for block in self.blocks for sentence in block.sentences)
