"""A document's text with numbered sentences and blocks: a model cites numbers, the program knows the lines."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.docs.model import Block, Document, Section
from shared.engine.model.question import as_data
from shared.engine.types import CitedSentence, Span

_MARK = re.compile(r"^(?=(?:#+ )?\[[hb]?\d+\]|</?document)", re.MULTILINE)
"""What a line of code must not begin with: code has no edge but the next mark."""


_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


@dataclass(frozen=True)
class NumberedBlock:
    """A block that an answer takes over whole: code, a table or a picture."""

    block: Block
    document_id: str
    span: Span


@dataclass
class Material:
    """The material that a prompt shows and an answer refers to. Sentences and blocks are counted together from 1.

    `longest_code`: characters of a block of code that are shown, without a number, to a reader who takes no block over
    and follows no link; 0 = all, numbered. `longest_section`: characters after which no more block of a section is
    shown; 0 = all are.
    """

    longest_code: int = 0
    longest_section: int = 0
    sentences: dict[int, CitedSentence] = field(default_factory=dict)
    blocks: dict[int, NumberedBlock] = field(default_factory=dict)
    sections: dict[int, tuple[str, Section]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    def add(self, document_id: str, document: Document, sections: Iterable[Section]) -> None:
        """Number the sentences, table rows and blocks of some sections of a document."""
        sections = list(sections)
        is_heading = any(section.heading == document.title for section in sections)
        title = "" if is_heading else f' title="{_quoted(document.title)}"'
        self.text.append(f'<document path="{_quoted(document.path)}"{title}>')
        for section in sections:
            number = len(self.sections) + 1
            self.sections[number] = (document_id, section)
            self.text.append(f"{'#' * section.level} [h{number}] {section.heading}")
            begin = len(self.text)
            for block in section.blocks:
                if 0 < self.longest_section < sum(map(len, self.text[begin:])):
                    self.text.append("(more)")
                    break
                self._add_block(document_id, document, block)
        self.text.append("</document>")

    def add_known(self, sentences: Iterable[tuple[str, CitedSentence]]) -> None:
        """Number sentences of other places, each with where it stands."""
        for place, sentence in sentences:
            self._add_sentence(sentence.span.path, sentence.text, sentence.span.start_line, sentence.span.end_line)
            self.text[-1] += f" ({place})"

    def span_of(self, number: int) -> Span | None:
        """The lines of a sentence or block."""
        if number in self.sentences:
            return self.sentences[number].span
        return self.blocks[number].span if number in self.blocks else None

    def number_of(self, span: Span) -> int:
        """The number of the first sentence on these lines; 0 for none."""
        return next((number for number, one in self.sentences.items() if one.span == span), 0)

    def _add_block(self, document_id: str, document: Document, block: Block) -> None:
        path = block.file(document.path)
        if block.kind == "code" and block.code.strip():
            shown = _MARK.sub(" ", block.code[: self.longest_code] if self.longest_code else block.code)
            self._add_whole(document_id, path, block, f"({block.language or 'text'})\n{shown}")
            return
        if block.kind == "image" and block.image is not None:
            self._add_whole(document_id, path, block, f"(picture) {block.image.alt}")
            return
        if block.kind == "table":
            self._add_whole(document_id, path, block, "(table)")
        for sentence in block.sentences:
            text = f"{block.term}: {sentence.text}" if block.term else sentence.text
            self._add_sentence(sentence.path or path, text, sentence.start_line, sentence.end_line)
        for row, (start, end) in zip(block.rows, block.row_lines, strict=False):
            self._add_sentence(path, " | ".join(row), start, end)

    def _next(self) -> int:
        return len(self.sentences) + len(self.blocks) + 1

    def _add_whole(self, document_id: str, path: str, block: Block, shown: str) -> None:
        if self.longest_code:
            self.text.append(shown)
            return
        number = self._next()
        self.blocks[number] = NumberedBlock(
            block, document_id, Span(path=path, start_line=block.start_line, end_line=block.end_line)
        )
        self.text.append(f"[b{number}] {shown}")

    def _add_sentence(self, path: str, text: str, start: int, end: int) -> None:
        number = self._next()
        self.sentences[number] = CitedSentence(text=text, span=Span(path=path, start_line=start, end_line=end))
        shown = _LINK.sub(r"\1", text) if self.longest_code else text
        self.text.append(f"[{number}] {shown}")

    def render(self) -> str:
        """The numbered text inside its data marks."""
        return as_data(self.text)


def _quoted(text: str) -> str:
    return text.replace('"', "'").replace("<", "&lt;")
