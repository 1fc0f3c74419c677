"""A document's text with numbered sentences and code blocks: a model cites numbers, the program knows the lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from shared.docs.model import Block, Document, Section
from shared.engine.model.question import as_data
from shared.engine.types import CitedSentence, Span

_CODE_CHARACTERS = 2500


@dataclass(frozen=True)
class NumberedCode:
    """A code block with its number; `path` is the document's."""

    block: Block
    path: str


@dataclass
class Material:
    """The material that a prompt shows and an answer refers to. Numbers count from 1 over all sections added."""

    sentences: dict[int, CitedSentence] = field(default_factory=dict)
    codes: dict[int, NumberedCode] = field(default_factory=dict)
    sections: dict[int, tuple[str, Section]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)

    def add(self, document_id: str, document: Document, sections: Iterable[Section]) -> None:
        """Number the sentences, table rows and code blocks of some sections of a document."""
        self.text.append(f'<document path="{document.path}" title="{_quoted(document.title)}">')
        for section in sections:
            number = len(self.sections) + 1
            self.sections[number] = (document_id, section)
            self.text.append(f"{'#' * section.level} [h{number}] {section.heading}")
            for block in section.blocks:
                self._add_block(document, block)
        self.text.append("</document>")

    def _add_block(self, document: Document, block: Block) -> None:
        if block.kind == "code" and block.code.strip():
            number = len(self.codes) + 1
            self.codes[number] = NumberedCode(block, document.path)
            self.text.append(f"[c{number}] ({block.language or 'text'})\n{block.code[:_CODE_CHARACTERS]}")
            return
        for sentence in block.sentences:
            text = f"{block.term}: {sentence.text}" if block.term else sentence.text
            self._add_sentence(block.file(document.path), text, sentence.start_line, sentence.end_line)
        for row, (start, end) in zip(block.rows, block.row_lines, strict=False):
            self._add_sentence(block.file(document.path), " | ".join(row), start, end)

    def _add_sentence(self, path: str, text: str, start: int, end: int) -> None:
        number = len(self.sentences) + 1
        self.sentences[number] = CitedSentence(text=text, span=Span(path=path, start_line=start, end_line=end))
        self.text.append(f"[{number}] {text}")

    def render(self) -> str:
        """The numbered text inside its data marks."""
        return as_data(self.text)


def _quoted(text: str) -> str:
    return text.replace('"', "'").replace("<", "&lt;")
