"""Lists of a document as a lesson shows them: items closed by a full stop, trees of files as they stand."""

import re
import textwrap
from collections.abc import Sequence

from shared.docs.model import Block
from shared.engine.offline.lesson import Code, Entry, Listing, Said
from shared.engine.offline.lesson_said import normal_form
from shared.engine.offline.lesson_sentences import SentenceReader, begins_late
from shared.engine.offline.writer_evidence import Span
from shared.engine.offline.writer_noise import is_mostly_link, is_noise
from shared.engine.offline.writer_text import begin_sentence, end_sentence, is_broken, leads_on, strip_markup, tidy

_FILE = re.compile(r"(?:[\w.@\[\]-]+/)*(?:[\w.@\[\]-]+/|[\w@\[\]-]*\.\w{1,6}|…|\.\.\.)")
_FURTHER = re.compile(r"^\W*(?:read|learn|see|show) (?:more|also)\b", re.IGNORECASE)
_FEWEST_FILES = 3
_SHORT_WORDS = 3


def read_list(blocks: Sequence[Block], reader: SentenceReader) -> Listing | Code | None:
    """Neighbouring list items or definitions as one list; None when nothing of it teaches."""
    tree = _read_tree(blocks, reader)
    if tree is not None:
        return tree
    entries: list[Entry] = []
    lost: int | None = None  # the depth of an item that was left out: what stands below it goes with it
    for block in blocks:
        if lost is not None and block.depth > lost:
            continue
        entry = _read_definition(block, reader) if block.kind == "definition" else _read_entry(block, reader)
        lost = block.depth if entry is None else None
        if entry is not None:
            entries.append(entry)
    linked = sum(1 for block in blocks if block.sentences and is_mostly_link(block.sentences[0].text))
    return Listing(_settle(entries)) if entries and 2 * linked <= len(blocks) else None


def _settle(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries of which none is more than one level below the one before it."""
    depth = 0
    settled: list[Entry] = []
    for entry in entries:
        depth = min(entry.depth, depth + 1) if settled else 0
        settled.append(Entry(entry.said, depth, entry.number))
    return tuple(settled)


def _read_tree(blocks: Sequence[Block], reader: SentenceReader) -> Code | None:
    """A list of nothing but files and folders: shown as its own lines, for its items are no sentences."""
    names = [strip_markup(block.sentences[0].text).rstrip(".") if block.sentences else "" for block in blocks]
    files = sum(1 for name in names if name and _FILE.fullmatch(name.split(" ", 1)[0]))
    if len(blocks) < _FEWEST_FILES or 4 * files < 3 * len(blocks) or any(len(name.split()) > 6 for name in names):
        return None
    span = Span(reader.path, blocks[0].start_line, blocks[-1].end_line)
    if not reader.evidence.holds(span) or any(block.kind == "definition" for block in blocks):
        return None
    return Code(textwrap.dedent(reader.evidence.text(span)), "text", span)


def _read_entry(block: Block, reader: SentenceReader) -> Entry | None:
    """An item with its fit sentences; None when its first one is not fit."""
    if begins_late(block):
        return None
    said: list[Said] = []
    for sentence in block.sentences:
        text = tidy(sentence.text, reader.target)
        span = Span(reader.path, sentence.start_line, sentence.end_line)
        if sentence is block.sentences[-1] and not leads_on(text):
            text = end_sentence(text)
        text = begin_sentence(text, reader.code_words)
        if _is_unfit(sentence.text, text, reader) or not reader.stands(text, span):
            if not said:
                return None
            continue
        reader.said.add(normal_form(text))
        said.append(Said(text, span))
    return Entry(tuple(said), block.depth, block.number if block.ordered else 0) if said else None


def _is_unfit(source: str, text: str, reader: SentenceReader) -> bool:
    """Short items (names, values) may come again, labels and sentences may not."""
    plain = strip_markup(text)
    repeated = normal_form(text) in reader.said
    if len(plain.split()) < _SHORT_WORDS:
        is_label = source.strip().startswith("**")
        unfit = (is_label and repeated) or _FURTHER.match(plain) is not None
    else:
        unfit = is_noise(source) or repeated
    return unfit or is_mostly_link(source) or not re.search(r"[^\W_]", plain)


def _read_definition(block: Block, reader: SentenceReader) -> Entry | None:
    span = Span(reader.path, block.start_line, block.end_line)
    text = " ".join(tidy(sentence.text, reader.target) for sentence in block.sentences)
    term = tidy(block.term, reader.target).strip("* ")
    if not text or not term or is_broken(term):
        return None
    label = term if term.startswith("`") else f"**{term}**"
    text = end_sentence(f"{label}: {text}")
    if normal_form(text) in reader.said or not reader.stands(text, span):
        return None
    reader.said.add(normal_form(text))
    return Entry((Said(text, span),))
