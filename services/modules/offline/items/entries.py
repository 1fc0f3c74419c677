"""Things and what is said of them: rows of tables, items of lists that begin with a name, definitions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.modules.offline.items.options import split_words
from services.modules.offline.items.question import TaughtSection
from shared.course.plain_text import drop_targets, show_plain, show_prose
from shared.course.wording import points_back
from shared.docs.model import Block
from shared.engine.types import Span

_LABELLED = re.compile(
    r"^(?P<name>`[^`]+`|\*\*(?:`[^`]+`|[^*`:]+):?\*\*)\s*(?:\([^()]*\)\s*)?(?::|—|–|-(?=\s))?\s+(?P<text>\S.*)$",
    re.DOTALL,
)
_NAMES = re.compile(r"^(?:`[^`]+`|[^`]+)$")
_MOST_NAME_WORDS = 4


@dataclass(frozen=True)
class Entry:
    """`name` (Markdown) and the `text` said of it. `sort` is what its table's first heading calls such things."""

    name: str
    text: str
    span: Span
    sort: str = ""


@dataclass(frozen=True)
class Group:
    """Entries of one list, table or run of definitions, in the author's order; names and texts are unique.

    `subject` is the name (inline code) of what they are values of, where the author says so.
    """

    entries: tuple[Entry, ...]
    subject: str = ""


def find_groups(one: TaughtSection) -> Iterator[Group]:
    """The groups of a section with at least three entries."""
    runs: dict[object, list[Entry]] = {}
    subjects: dict[object, str] = {}
    subject, outer = _as_name(one.section.heading), 0
    for i, block in enumerate(one.section.blocks):
        if block.kind == "table":
            runs[i] = list(_read_rows(one.path, block))
        elif block.kind == "list_item" and block.depth == 0 and not block.ordered:
            runs.setdefault(("list", block.list_id), []).extend(_read_item(one.path, block))
        elif block.kind == "definition":
            outer += block.depth == 0
            run = ("terms", block.depth, outer if block.depth else 0)
            subjects[run] = subject if block.depth else _as_name(one.section.heading)
            subject = _as_name(block.term) if block.depth == 0 else subject
            runs.setdefault(run, []).extend(_read_definition(one.path, block))
    for run, entries in runs.items():
        names = [normal_name(entry.name) for entry in entries]
        texts = [show_plain(entry.text).lower() for entry in entries]
        kept = tuple(
            entry
            for entry, name, text in zip(entries, names, texts, strict=True)
            if names.count(name) == 1 and texts.count(text) == 1
        )
        if len(kept) >= 3:
            yield Group(kept, subjects.get(run, _as_name(one.section.heading)))


def names_itself(name: str, text: str) -> bool:
    """Whether words that describe a thing give its name away."""
    own = re.sub(r"[\W_]", "", show_plain(name).lower())
    said = [word for word in split_words(text) if len(word) > 3]
    return bool(split_words(name) & set(said)) or own in show_plain(text).lower() or any(word in own for word in said)


def normal_name(name: str) -> str:
    """A name as it is compared."""
    return show_plain(name).lower().strip(" :.()`*")


def first_sentence(text: str) -> str:
    """The text up to its first full stop."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z`*\[(])", text, maxsplit=1)[0].strip()


def _as_name(heading: str) -> str:
    """A heading or term as inline code if it is one name of code, else ""."""
    plain = show_plain(heading).strip()
    return f"`{plain}`" if heading.strip().startswith("`") or re.fullmatch(r"\w+[._]\w[\w.]*|[a-z]+[A-Z]\w*", plain) else ""


def _read_rows(path: str, block: Block) -> Iterator[Entry]:
    header, *rows = block.rows
    if len(header) < 2:
        return
    widths = [sum(len(show_plain(row[i]).split()) for row in rows if i < len(row)) for i in range(len(header))]
    told = max(range(1, len(header)), key=lambda i: widths[i])
    for row, (start, end) in zip(rows, block.row_lines[1:], strict=True):
        if len(row) == len(header):
            span = Span(path=path, start_line=start, end_line=end)
            yield from _entry(row[0], row[told], span, show_plain(header[0]).lower())


def _read_item(path: str, block: Block) -> Iterator[Entry]:
    if block.sentences:
        text = " ".join(sentence.text for sentence in block.sentences)
        found = _LABELLED.match(text)
        if found:
            span = Span(path=path, start_line=block.start_line, end_line=block.sentences[0].end_line)
            yield from _entry(found["name"].strip("*").rstrip(":"), found["text"], span, "")


def _read_definition(path: str, block: Block) -> Iterator[Entry]:
    if block.sentences:
        first = block.sentences[0]
        span = Span(path=path, start_line=block.start_line, end_line=first.end_line)
        yield from _entry(block.term, first.text, span, "")


def _entry(name: str, text: str, span: Span, sort: str) -> Iterator[Entry]:
    name = drop_targets(name).strip("* ")
    text = first_sentence(" ".join(drop_targets(text).split())).strip("* ").rstrip(".")
    if (
        _NAMES.match(name)
        and 1 <= len(show_plain(name).split()) <= _MOST_NAME_WORDS
        and text.count("`") % 2 == 0
        and re.search(r"[^\W\d_]{3}", show_prose(text))
        and not points_back(show_plain(text))
    ):
        yield Entry(name, text[0].upper() + text[1:], span, sort)
