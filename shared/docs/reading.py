"""The state that the parts of a reader (reStructuredText, AsciiDoc) share while they read one file."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, Self

from shared.docs.code_spans import code_span
from shared.docs.headings import Heading, Part
from shared.docs.included import Included
from shared.docs.included_prose import bring_in, prose_lines
from shared.docs.model import Block, BlockKind, Container, ContainerKind, Link, Sentence
from shared.docs.problems import NOT_SHOWN
from shared.docs.prose import Line, sentences_of, trim_blank
from shared.docs.snippets import has_gaps, undent

_PROMPTS = {">>>": "pycon", "$": "console"}
_MAX_NESTING = 40
_LONGEST_LINE = 20_000


class Inline(Protocol):
    """The inline markup of a format, turned into CommonMark; collects the links it meets."""

    links: list[Link]

    def clean(self, lines: Sequence[Line]) -> list[tuple[int, str]]:
        """(line number, inline CommonMark) of every line of one paragraph."""

    def one_line(self, lines: Iterable[Line]) -> str:
        """The same, joined to one line."""

    def of_file(self, path: str) -> Self:
        """The inline markup of a file that this one includes; the links it meets are links of both."""


@dataclass(frozen=True)
class Place:
    """Where a run of lines stands: list depth, the kind its paragraphs get, whether titles may occur, how deep."""

    depth: int = 0
    paragraph: BlockKind = "paragraph"
    titles: bool = False
    nesting: int = 0

    def inside(self, *, deeper: bool = False, paragraph: BlockKind | None = None) -> "Place":
        """The place of the lines of a container found here."""
        return Place(self.depth + deeper, paragraph or self.paragraph, titles=False, nesting=self.nesting + 1)


@dataclass(frozen=True)
class Body:
    """The parts of a text without its front matter, in reading order."""

    parts: tuple[Part, ...]
    links: tuple[Link, ...]
    problems: tuple[str, ...]


ReadMarkdown = Callable[[str, Sequence[str], Sequence[str], Included], Body]
ReadBody = Callable[["Reading", Sequence[Line], Place], None]


@dataclass
class Reading:
    """One file being read: what it is, what was read of it so far, and how to read a body of lines."""

    path: str
    raw_lines: Sequence[str]
    included: Included
    inline: Inline
    read_body: ReadBody
    parts: list[Part] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    title_styles: list[str] = field(default_factory=list)
    rubrics: set[int] = field(default_factory=set)
    settings: dict[str, str] = field(default_factory=dict)
    lists: int = 0
    first_line: int = 1  # of the file, where `raw_lines` begins
    around: tuple[str, ...] = ()  # the files that include this one
    read_markdown: ReadMarkdown | None = None  # where a document of Markdown shows objects

    def line(self, number: int) -> Line:
        """A line with its leading tabs as columns; code is taken from the raw lines, never from this."""
        raw = self.raw_lines[number - self.first_line]
        if len(raw) > _LONGEST_LINE:
            self.problem(number, f"a line of {len(raw)} characters was left out")
            return Line(number, "")
        stripped = raw.lstrip(" \t\f\v")
        return Line(number, raw[: len(raw) - len(stripped)].expandtabs(8) + stripped.rstrip())

    def lines(self) -> list[Line]:
        """All lines of the file."""
        return [self.line(number) for number in range(self.first_line, self.first_line + len(self.raw_lines))]

    def problem(self, line: int, text: str) -> None:
        """Note what could not be read, by line."""
        self.problems.append(f"line {line}: {text}")

    def next_list(self) -> int:
        """A number for a list that no other list of this file has."""
        self.lists += 1
        return self.lists

    def body(self, lines: Sequence[Line], place: Place) -> list[Part]:
        """The parts of a container's lines, kept apart from those of the file."""
        if place.nesting > _MAX_NESTING:
            self.problem(lines[0].number if lines else 1, "nested too deeply, and was left out")
            return []
        outer, self.parts = self.parts, []
        self.read_body(self, lines, place)
        inner, self.parts = self.parts, outer
        return inner

    def include(self, path: str, numbers: Iterable[int], line: int, place: Place, read: ReadBody | None = None) -> None:
        """Add what these lines of another file hold, where `line` of this one includes them. Raises NotIncluded.

        They are read as a body of lines, or by `read`.
        """
        inner = self._of_file(path, prose_lines(self.included, path, (*self.around, self.path)))
        self._bring(inner, [inner.line(number) for number in numbers], line, place, read)

    def bring(self, path: str, raw_lines: Sequence[str], lines: Sequence[Line], line: int, place: Place) -> None:
        """Add what `lines`, made from those of another file, say where `line` of this one shows them."""
        self._bring(self._of_file(path, raw_lines), lines, line, place)

    def _of_file(self, path: str, raw_lines: Sequence[str]) -> "Reading":
        return replace(
            self, path=path, raw_lines=raw_lines, inline=self.inline.of_file(path), parts=[], problems=[],
            rubrics=set(), first_line=1, around=(*self.around, self.path),
        )  # fmt: skip

    def _bring(
        self, inner: "Reading", lines: Sequence[Line], line: int, place: Place, read: ReadBody | None = None
    ) -> None:
        (read or inner.read_body)(inner, lines, replace(place, nesting=place.nesting + 1))
        self.lists = inner.lists
        self.problems.extend(f"{inner.path} {problem}" for problem in inner.problems)
        self.parts.extend(bring_in(inner.parts, inner.path, line, titles=place.titles))

    def paragraph(self, lines: Sequence[Line], place: Place) -> None:
        """A paragraph, if a sentence is left of it."""
        sentences = sentences_of(self.inline.clean(lines))
        if sentences:
            block = Block(place.paragraph, lines[0].number, lines[-1].number, sentences, depth=place.depth)
            self.parts.append(block)

    def headed(self, block: Block, inner: Sequence[Part]) -> None:
        """A container `block` with its first paragraphs as its own sentences, then whatever else it holds.

        A container without any prose of its own and without a term gives no block; what it holds knows it all the same.
        """
        around = container_of(block)
        leading = 0
        for part in inner:
            if isinstance(part, Heading) or part.kind not in ("paragraph", "quote") or part.origin != block.origin:
                break
            leading += 1
        own = [part for part in inner[:leading] if isinstance(part, Block)]
        sentences = tuple(sentence for part in own for sentence in part.sentences)
        says = block.term or (block.title and not inner)
        if sentences or says:
            end = own[-1].end_line if own else block.end_line
            end = max(end, block.start_line)
            self.parts.append(_changed(block, sentences=sentences, end_line=end, within=(around,)))
        self.parts.extend(put_within(inner[leading:], around))


def renumber_lists(block: Block, before: int) -> Block:
    """A block that another reader read: it numbers its lists from 1, where `before` lists came before them."""
    within = tuple(replace(one, list_id=one.list_id + before) if one.list_id else one for one in block.within)
    return replace(block, list_id=block.list_id + before if block.list_id else 0, within=within)


def add_not_shown(reading: Reading, name: str, line: int, place: Place) -> None:
    """Say that a site shows something here which could not be found; neighbours are named together."""
    last = reading.parts[-1] if reading.parts else None
    if isinstance(last, Block) and last.kind == "quote" and last.depth == place.depth and last.sentences:
        names = _NOT_SHOWN.match(last.sentences[0].text)
        if names and line - last.start_line < _MOST_LINES_TOGETHER:
            said = f"{names[1].replace(' and ', ', ')} and {code_span(name)} are {NOT_SHOWN}"
            sentence = Sentence(said, last.start_line, line)
            reading.parts[-1] = replace(last, end_line=line, sentences=(sentence,))
            return
    reading.parts.extend(say_not_shown([(line, name)], place.depth))


def say_not_shown(names: Sequence[tuple[int, str]], depth: int) -> list[Block]:
    """The note that things, each named on its line, are not shown. A quote: no lesson opens or ends with it."""
    notes: list[Part] = []
    for at in range(0, len(names), _MOST_LINES_TOGETHER):
        some = names[at : at + _MOST_LINES_TOGETHER]
        first, last = some[0][0], some[-1][0]
        *others, end = (code_span(name) for _, name in some)
        words = f"{', '.join(others)} and {end} are" if others else f"{end} is"
        notes.append(Block("quote", first, last, (Sentence(f"{words} {NOT_SHOWN}", first, last),), depth=depth))
    within = put_within(notes, Container("quote", names[0][0])) if names else []
    return [one for one in within if isinstance(one, Block)]


_NOT_SHOWN = re.compile(r"((?:`[^`]+`(?:, | and )?)+) (?:is|are) not shown here\.$")
_MOST_LINES_TOGETHER = 30


_CONTAINERS: dict[BlockKind, ContainerKind] = {
    "list_item": "item", "admonition": "admonition", "definition": "definition", "quote": "quote"
}  # fmt: skip


def container_of(block: Block) -> Container:
    """The container whose first prose is `block`."""
    return Container(
        _CONTAINERS[block.kind], block.start_line, label=block.label, title=block.term or block.title,
        ordered=block.ordered, number=block.number, list_id=block.list_id,
    )  # fmt: skip


def put_within(parts: Iterable[Part], *containers: Container) -> list[Part]:
    """The parts with `containers` around those their blocks stand in already."""
    return [part if isinstance(part, Heading) else _changed(part, within=(*containers, *part.within)) for part in parts]


def _changed(block: Block, **fields: object) -> Block:
    """What `replace` gives, in a sixth of its time: a deep list changes each of its blocks for each of its levels."""
    made = object.__new__(Block)
    vars(made).update(vars(block), **fields)
    return made


def indented_block(lines: Sequence[Line], index: int) -> int:
    """The index after the blank and indented lines that begin at `index`, trailing blank lines not counted."""
    end = index
    for position in range(index, len(lines)):
        text = lines[position].text
        if text.strip():
            if not text[0].isspace():
                break
            end = position + 1
    return end


def add_code(reading: Reading, lines: Sequence[Line], language: str, place: Place, title: str = "") -> None:
    """A code block of these lines, taken from the raw file."""
    lines = trim_blank(lines)
    if lines:
        language = language or _PROMPTS.get(lines[0].text.split(maxsplit=1)[0], "")
        first, last = lines[0].number, lines[-1].number
        code = undent([reading.raw_lines[line.number - reading.first_line] for line in lines])
        gaps = has_gaps([line.number for line in lines])
        block = Block("code", first, last, depth=place.depth, code=code, language=language, title=title, adapted=gaps)
        reading.parts.append(block)
