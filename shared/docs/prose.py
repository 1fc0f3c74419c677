"""The readers of reStructuredText and AsciiDoc share these: numbered lines, escaped text, code spans, verbatim runs."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from shared.docs.model import Sentence
from shared.docs.sentences import split_sentences

_DUNDER = re.compile(r"(?<![\w`])(__\w+__)(?![\w`])")
_EDGE_UNDERSCORE = re.compile(r"(?<![\w\\])_(?=\w)|(?<=\w)_(?!\w)")
_TAG_OPEN = re.compile(r"<(?=[A-Za-z/!?])")
_NOTE_MARK = re.compile(r"\[(?=\^)")


class Line(NamedTuple):
    """A line by its number in the raw file. `text` is what follows the marks of the list, quote or block around it."""

    number: int
    text: str


def sentences_of(lines: Iterable[tuple[int, str]]) -> tuple[Sentence, ...]:
    """Sentences of one paragraph of inline CommonMark."""
    return split_sentences(tuple(lines))


def escape_plain(text: str) -> str:
    """Plain text as CommonMark that reads the same: what CommonMark would take for markup is escaped."""
    escaped = re.sub(r"([*`])", r"\\\1", text.replace("](", "]\\("))
    escaped = _NOTE_MARK.sub(r"\\[", _TAG_OPEN.sub(r"\\<", escaped))
    parts = _DUNDER.split(escaped)
    return "".join(f"`{part}`" if i % 2 else _EDGE_UNDERSCORE.sub(r"\\_", part) for i, part in enumerate(parts))


def without_ticks(text: str) -> str:
    """Plain text between marks, escaped. A backtick in it is dropped: it is markup that the author did not close."""
    return escape_plain(text.replace("`", ""))


def note_mark(label: str) -> str:
    """The mark by which a text refers to its footnote, and by which the footnote begins."""
    return f"\\[{label.lstrip('#') or '*'}\\]"


def indentation(text: str) -> int:
    """Columns of white space at the start of a line."""
    return len(text) - len(text.lstrip())


def trim_blank(lines: Sequence[Line]) -> Sequence[Line]:
    """The same lines without blank ones at both ends."""
    start, end = 0, len(lines)
    while start < end and not lines[start].text.strip():
        start += 1
    while end > start and not lines[end - 1].text.strip():
        end -= 1
    return lines[start:end]


def dedent(lines: Sequence[Line], columns: int | None = None) -> list[Line]:
    """Lines moved left by `columns`, or by their common indentation."""
    if columns is None:
        columns = min((indentation(line.text) for line in lines if line.text.strip()), default=0)
    return [Line(line.number, line.text[min(columns, indentation(line.text)) :]) for line in lines]


def words_of(label: str) -> str:
    """A label or a page's name as words, for a reference whose target stands elsewhere. A version keeps its stops."""
    words = re.sub(r"[-_:/]+|(?<!\d)\.+|\.+(?!\d)", " ", label).strip()
    return words or label
