"""From a section of a document to passages of a lesson: what teaches is kept in the author's order and words."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from shared.docs.model import Block, Section, Sentence
from shared.engine.offline.lesson import Chunk, Code, Entry, Listing, Note, Passage, Picture, Prose, Row, Said, Table
from shared.engine.offline.lesson_code import read_code
from shared.engine.offline.lesson_said import normal_form
from shared.engine.offline.writer_evidence import Evidence, Span
from shared.engine.offline.writer_noise import is_mostly_link, is_noise
from shared.engine.offline.writer_support import is_supported
from shared.engine.offline.writer_text import (
    CODE_SPAN,
    LinkTarget,
    begin_sentence,
    end_sentence,
    is_broken,
    is_plain_title,
    leads_on,
    opens_by_itself,
    strip_markup,
    tidy,
)

_SKIPPED_NOTES = frozenset({"versionadded", "versionchanged", "seealso", "todo", "contents", "quote-source"})
_POINTS_ON = re.compile(
    r"\b(?:following|follows|below|these|this|here|like|example|e\.g|such as|using|with|by|run|use|command|do|code|"
    r"see)\b",
    re.IGNORECASE,
)
_NAMES = re.compile(r"[A-Za-z_][\w-]{2,}")


@dataclass
class LessonReader:
    """Reads sections of one document. `said` collects the normal forms of what was taken, over the whole module."""

    path: str
    evidence: Evidence
    target: LinkTarget
    picture: Callable[[str], str | None]
    code_words: frozenset[str]
    said: set[str]
    longest_code: int
    longest_table: int
    _gap: bool = field(default=False, init=False)
    _before_code: bool = field(default=False, init=False)

    def read(self, section: Section) -> tuple[Passage, ...]:
        """The passages of a section, in order; () when nothing of it teaches."""
        self._gap = True  # the first sentence below a heading must stand by itself
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
            self._before_code = i + 1 < len(groups) and groups[i + 1][0].kind == "code"
            chunk = (
                self._read_list(group)
                if group[0].kind in ("list_item", "definition")
                else self._read_block(group[0], named)
            )
            if chunk is None:
                self._gap = True
                continue
            chunks.append(chunk)
            self._gap = False
        return form_passages(chunks)

    def _read_block(self, block: Block, named: frozenset[str]) -> Chunk | None:
        match block.kind:
            case "paragraph":
                self._gap = self._gap or _begins_late(block)
                said = self._keep(block.sentences)
                return Prose(said) if said else None
            case "quote":
                said = self._keep(block.sentences)
                return Note("", said) if said else None
            case "admonition":
                return self._read_note(block)
            case "code":
                return self._read_code(block, named)
            case "table":
                return self._read_table(block)
            case _:
                return self._read_picture(block)

    def _read_code(self, block: Block, named: frozenset[str]) -> Code | None:
        code = read_code(block, self.path, self.evidence, named, self.longest_code)
        key = f"code {' '.join(code.text.split())}" if code else ""
        if key in self.said:
            return None
        self.said.add(key)
        return code

    def _read_note(self, block: Block) -> Note | None:
        if block.label in _SKIPPED_NOTES:
            return None
        self._gap = True
        said = self._keep(block.sentences)
        if not said or (len(said) == 1 and leads_on(said[0].text)):
            return None
        label = {"": "Note", "admonition": "Note"}.get(block.label, block.label.capitalize())
        return Note(label if is_plain_title(label) else "Note", said)

    def _keep(self, sentences: Iterable[Sentence]) -> tuple[Said, ...]:
        """Fit sentences; one that points back to a sentence left out is left out too."""
        kept: list[Said] = []
        for sentence in sentences:
            said = self._take(sentence)
            if said is not None and self._before_code and leads_on(said.text) and normal_form(said.text) in self.said:
                continue  # the code speaks for itself the second time
            if said is None or (self._gap and not opens_by_itself(said.text)):
                self._gap = True
                continue
            self.said.add(normal_form(said.text))
            self._gap = False
            kept.append(said)
        return tuple(kept)

    def _take(self, sentence: Sentence) -> Said | None:
        text = tidy(sentence.text, self.target)
        span = Span(self.path, sentence.start_line, sentence.end_line)
        if leads_on(text):
            unfit = len(text.split()) < 2 or is_mostly_link(sentence.text)
        else:
            unfit = is_noise(sentence.text) or normal_form(text) in self.said
        if unfit or is_broken(text) or not self.evidence.holds(span):
            return None
        text = text if leads_on(text) else end_sentence(text)
        return Said(text, span) if is_supported(text, self.evidence.text(span)) else None

    def _read_list(self, blocks: Sequence[Block]) -> Listing | None:
        entries: list[Entry] = []
        lost: int | None = None  # the depth of an item that was left out: what stands below it goes with it
        for block in blocks:
            if lost is not None and block.depth > lost:
                continue
            entry = self._read_definition(block) if block.kind == "definition" else self._read_entry(block)
            lost = block.depth if entry is None else None
            if entry is not None:
                entries.append(entry)
        linked = sum(1 for block in blocks if block.sentences and is_mostly_link(block.sentences[0].text))
        if not entries or 2 * linked > len(blocks):
            return None
        depth = 0
        settled: list[Entry] = []
        for entry in entries:  # an item cannot be more than one level below the item before it
            depth = min(entry.depth, depth + 1) if settled else 0
            settled.append(Entry(entry.said, depth, entry.number))
        return Listing(tuple(settled))

    def _read_entry(self, block: Block) -> Entry | None:
        said: list[Said] = []
        if _begins_late(block):
            return None
        for sentence in block.sentences:
            text = tidy(sentence.text, self.target)
            span = Span(self.path, sentence.start_line, sentence.end_line)
            last = sentence is block.sentences[-1]
            if last and not leads_on(text):
                text = end_sentence(text)
            text = begin_sentence(text, self.code_words)
            if self._unfit_entry(sentence.text, text, span):
                if not said:
                    return None
                continue
            self.said.add(normal_form(text))
            said.append(Said(text, span))
        return Entry(tuple(said), block.depth, block.number if block.ordered else 0) if said else None

    def _unfit_entry(self, source: str, text: str, span: Span) -> bool:
        short = len(strip_markup(source).split()) < 3
        return (
            not re.search(r"[^\W_]", strip_markup(text))
            or is_broken(text)
            or (not short and (is_noise(source) or normal_form(text) in self.said))
            or is_mostly_link(source)
            or not self.evidence.holds(span)
            or not is_supported(text, self.evidence.text(span))
        )

    def _read_definition(self, block: Block) -> Entry | None:
        span = Span(self.path, block.start_line, block.end_line)
        text = " ".join(tidy(sentence.text, self.target) for sentence in block.sentences)
        term = tidy(block.term, self.target).strip("* ")
        if not text or not term or is_broken(text) or is_broken(term) or not self.evidence.holds(span):
            return None
        label = term if term.startswith("`") else f"**{term}**"
        text = end_sentence(f"{label}: {text}")
        self.said.add(normal_form(text))
        return Entry((Said(text, span),)) if is_supported(text, self.evidence.text(span)) else None

    def _read_table(self, block: Block) -> Table | None:
        rows: list[Row] = []
        for cells, (start, end) in zip(block.rows, block.row_lines, strict=False):
            span = Span(self.path, start, end)
            texts = tuple(tidy(cell, self.target) for cell in cells)
            texts = (*texts[:-1], _end_cell(texts[-1])) if rows and texts else texts
            if any(is_broken(text) for text in texts) or not self.evidence.holds(span):
                continue
            known = normal_form(" ".join(texts))
            if not rows or (known not in self.said and is_supported(" ".join(texts), self.evidence.text(span))):
                rows.append(Row(texts, span))
                self.said.add(known)
        fits = [row for row in rows[1:] if row.span.end - rows[0].span.start < 40][: self.longest_table]
        if not fits or len(rows[0].cells) < 2 or sum(bool(c) for row in fits for c in row.cells) < len(fits) * 2:
            return None
        return Table(rows[0], tuple(fits))

    def _read_picture(self, block: Block) -> Picture | None:
        image = block.image
        asset = self.picture(image.path) if image is not None and image.path else None
        span = Span(self.path, block.start_line, block.end_line)
        if image is None or asset is None or not self.evidence.holds(span):
            return None
        alt = strip_markup(image.alt).replace("[", "").replace("]", "")
        return Picture(alt if is_supported(alt, self.evidence.text(span)) else "", asset, span)


def _end_cell(text: str) -> str:
    """The last cell of a row, with a full stop when it is prose: rows do not run into each other when read."""
    return end_sentence(text) if len(text.split()) >= 3 and text[-1:].isalpha() else text


def _begins_late(block: Block) -> bool:
    """Whether the block's first words did not become a sentence: what is left may speak of them."""
    return bool(block.sentences) and block.sentences[0].start_line > block.start_line


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


def drop_dangling(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The chunks without sentences that announce something which does not follow."""
    kept: list[Chunk] = []
    for i, chunk in enumerate(chunks):
        following = chunks[i + 1] if i + 1 < len(chunks) else None
        if isinstance(chunk, Prose) and leads_on(chunk.said[-1].text) and not _is_announced(following):
            chunk = Prose((*chunk.said[:-1], *_close(chunk.said[-1])))
            if not chunk.said:
                continue
        kept.append(chunk)
    return kept


def _close(said: Said) -> tuple[Said, ...]:
    """A sentence that announced something as one that ends there, when it says something by itself."""
    text = said.text.rstrip("*_ :")
    says = len(text.split()) >= 4 and not _POINTS_ON.search(text) and opens_by_itself(text)
    return (Said(f"{text}.", said.span),) if says and not is_broken(f"{text}.") else ()


def _is_announced(chunk: Chunk | None) -> bool:
    return isinstance(chunk, Code | Listing | Table | Picture | Note)
