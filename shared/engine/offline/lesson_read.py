"""From a section of a document to passages of a lesson: what teaches is kept in the author's order and words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.docs.model import Block, Section
from shared.engine.offline.lesson import Chunk, Code, Note, Passage, Picture, Prose, Row, Table
from shared.engine.offline.lesson_code import read_code
from shared.engine.offline.lesson_dangling import drop_dangling
from shared.engine.offline.lesson_lists import read_list
from shared.engine.offline.lesson_said import normal_form
from shared.engine.offline.lesson_sentences import SentenceReader, begins_late
from shared.engine.offline.writer_evidence import Span
from shared.engine.offline.writer_support import is_supported
from shared.engine.offline.writer_text import (
    CODE_SPAN,
    end_sentence,
    is_broken,
    is_plain_title,
    leads_on,
    opens_by_itself,
    strip_markup,
    tidy,
)

_SKIPPED_NOTES = frozenset({"versionadded", "versionchanged", "seealso", "todo", "contents", "quote-source"})
_UNSAID = re.compile(rb"\s*(?:[`~:]{3,}|<!--.*-->|\([\w-]+\)=|\.\. _|\[[^\]]+\]:|:?\w+:(?:\s|$)|</?\w+[^<>]*>\s*$)")
_NAMES = re.compile(r"[A-Za-z_][\w-]{2,}")


@dataclass
class LessonReader:
    """Reads sections of one document; `longest_code` and `longest_table` are lines and rows."""

    sentences: SentenceReader
    picture: Callable[[str], str | None]
    longest_code: int
    longest_table: int

    def read(self, section: Section) -> tuple[Passage, ...]:
        """The passages of a section, in order; () when nothing of it teaches."""
        self.sentences.gap = True  # the first sentence below a heading must stand by itself
        named = frozenset(
            name
            for block in section.blocks
            for sentence in block.sentences
            for code in CODE_SPAN.finditer(sentence.text)
            for name in _NAMES.findall(code.group(2))
        )
        chunks: list[Chunk] = []
        groups = _group_lists(section.blocks)
        for i, group in enumerate(groups):
            self.sentences.gap = self.sentences.gap or (i > 0 and self._leaves_out(groups[i - 1][-1], group[0]))
            before_code = i + 1 < len(groups) and groups[i + 1][0].kind == "code"
            chunk = self._read_group(group, named, section.heading, before_code=before_code)
            if chunk is not None:
                chunks.append(chunk)
            self.sentences.gap = chunk is None
        return form_passages(chunks)

    def _leaves_out(self, before: Block, block: Block) -> bool:
        """Whether words stand between two blocks that became neither: the output of a run, tabs, a directive."""
        if before.origin or block.origin or block.kind == "code":
            return False  # lines of another file, or those that open a fence
        lines = self.sentences.evidence.lines(self.sentences.path)[before.end_line : block.start_line - 1]
        return any(re.search(rb"\w", line) and not _UNSAID.match(line) for line in lines)

    def _read_group(
        self, group: Sequence[Block], named: frozenset[str], heading: str, *, before_code: bool
    ) -> Chunk | None:
        block = group[0]
        match block.kind:
            case "list_item" | "definition":
                return read_list(group, self.sentences)
            case "paragraph":
                self.sentences.gap = self.sentences.gap or begins_late(block)
                said = self.sentences.keep(block.sentences, before_code=before_code)
                return Prose(said) if said else None
            case "quote":
                said = self.sentences.keep(block.sentences)
                return Note("", said) if said else None
            case "admonition":
                return self._read_note(block)
            case "code":
                return self._read_code(block, named)
            case "table":
                return self._read_table(block)
            case _:
                return self._read_picture(block, heading)

    def _read_code(self, block: Block, named: frozenset[str]) -> Code | None:
        code = read_code(block, self.sentences.path, self.sentences.evidence, named, self.longest_code)
        key = f"code {' '.join(code.text.split())}" if code else ""
        if key in self.sentences.said:
            return None
        self.sentences.said.add(key)
        return code

    def _read_note(self, block: Block) -> Note | None:
        if block.label in _SKIPPED_NOTES:
            return None
        self.sentences.gap = True
        said = self.sentences.keep(block.sentences)
        if not said or (len(said) == 1 and leads_on(said[0].text)):
            return None
        label = {"": "Note", "admonition": "Note"}.get(block.label, block.label.capitalize())
        return Note(label if is_plain_title(label) else "Note", said)

    def _read_table(self, block: Block) -> Table | None:
        reader = self.sentences
        rows: list[Row] = []
        for cells, (start, end) in zip(block.rows, block.row_lines, strict=False):
            span = Span(reader.path, start, end)
            texts = tuple(tidy(cell, reader.target) for cell in cells)
            texts = (*texts[:-1], _end_cell(texts[-1])) if rows and texts else texts
            if any(is_broken(text) for text in texts) or not reader.evidence.holds(span):
                continue
            known = normal_form(" ".join(texts))
            if not rows or (known not in reader.said and is_supported(" ".join(texts), reader.evidence.text(span))):
                rows.append(Row(texts, span))
                reader.said.add(known)
        fits = [row for row in rows[1:] if row.span.end - rows[0].span.start < 40][: self.longest_table]
        if not fits or len(rows[0].cells) < 2 or sum(bool(c) for row in fits for c in row.cells) < len(fits) * 2:
            return None
        return Table(rows[0], tuple(fits))

    def _read_picture(self, block: Block, heading: str) -> Picture | None:
        """A picture once in a module; one without words of its own is told by its section's heading."""
        image, evidence = block.image, self.sentences.evidence
        asset = self.picture(image.path) if image is not None and image.path else None
        span = Span(self.sentences.path, block.start_line, block.end_line)
        if image is None or asset is None or asset in self.sentences.said or not evidence.holds(span):
            return None
        self.sentences.said.add(asset)
        alt = re.sub(r"[\[\]\\<>]", "", strip_markup(image.alt))
        if not alt or not is_supported(alt, evidence.text(span)):
            alt = strip_markup(heading) if is_plain_title(strip_markup(heading)) else ""
        return Picture(alt, asset, span)


def _end_cell(text: str) -> str:
    """The last cell of a row, with a full stop when it is prose: rows do not run into each other when read."""
    return end_sentence(text) if len(text.split()) >= 3 and text[-1:].isalpha() else text


def _group_lists(blocks: Sequence[Block]) -> list[list[Block]]:
    """Blocks in order, neighbouring list items (and neighbouring definitions) together."""
    groups: list[list[Block]] = []
    for block in blocks:
        joins = groups and block.kind in ("list_item", "definition") and groups[-1][-1].kind == block.kind
        if joins and (
            block.kind == "definition"
            or block.list_id == groups[-1][-1].list_id
            or block.depth > 0
            or groups[-1][-1].depth > 0
        ):
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def form_passages(chunks: Sequence[Chunk]) -> tuple[Passage, ...]:
    """Chunks grouped so that each group can be left out, or stand last, without harm to the others."""
    groups: list[list[Chunk]] = []
    announced = False
    for chunk in chunks:
        opens = isinstance(chunk, Picture | Note) or (isinstance(chunk, Prose) and opens_by_itself(chunk.said[0].text))
        alone = opens and not announced
        if alone or not groups:
            groups.append([chunk])
        else:
            groups[-1].append(chunk)
        announced = isinstance(chunk, Prose) and leads_on(chunk.said[-1].text)
    passages = (Passage(tuple(drop_dangling(group))) for group in groups)
    return tuple(passage for passage in passages if passage.chunks)
