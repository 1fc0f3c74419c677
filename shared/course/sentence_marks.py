"""Sentences of a course's Markdown together with the citation marks that stand with them.

A mark `[^id]` before or after the full stop belongs to the sentence it follows, so a boundary is looked for behind the
marks. Code spans, link targets and addresses are masked by letters first: a full stop in them ends nothing.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from shared.course.vocabulary import ABBREVIATIONS

_MARK = r"\[\^([^\]\s]{1,100}+)\]"
MARK = re.compile(_MARK)
_PROTECTED = re.compile(
    r"\\."  # an escaped character
    r"|(?:(?<!`)|(?<=\\`))(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
    r"|(?<=\])\((?:[^()\\]|\\.|\([^()]*\))*\)"  # a link's target
    r"|<[A-Za-z][^<>]*>"  # an autolink or a tag
    r"|https?://[^\s<>\])]+[^\s<>\]).,;:!?'\"]",
    re.DOTALL,
)
_END = re.compile(
    r"(?:(?<![.!?…])[.!?…]++[\"'”’»)\]*_~]*(?P<marks>(?:\s*"
    + _MARK
    + r")*)(?=\s|$))|(?:[。！？]+(?:\s*"
    + _MARK
    + r")*)"
)
_TRAILING_MARKS = re.compile(r"(?<!\s)((?:\s*+" + _MARK + r")+)\s*[.!?…:。！？\"'”’»)*_~]*\s*$")
_OPENERS = "\"'“‘«(*_[~"


@dataclass(frozen=True)
class Piece:
    """A sentence as it stands (`source`), without its marks (`text`), and the ids of its marks in order."""

    source: str
    text: str
    marks: tuple[str, ...]


def mask_protected(text: str) -> str:
    """The text with code, link targets, tags and addresses replaced by letters of the same length."""
    return _PROTECTED.sub(lambda found: "X" * len(found.group()), text)


def find_marks(text: str) -> tuple[str, ...]:
    """Ids of the citation marks in a text, in order; a mark inside code is code."""
    return tuple(dict.fromkeys(text[m.start(1) : m.end(1)] for m in MARK.finditer(mask_protected(text))))


@lru_cache(maxsize=16384)
def strip_marks(text: str) -> str:
    """The text without its citation marks; a space before a mark goes with it."""
    kept: list[str] = []
    position = 0
    for found in re.finditer(r"(?<!\s)\s*+" + _MARK, mask_protected(text)):
        kept.append(text[position : found.start()])
        position = found.end()
    kept.append(text[position:])
    return "".join(kept).strip()


def find_trailing_marks(text: str) -> tuple[str, ...]:
    """Ids of the marks at the very end of a block, before or after its last full stop."""
    found = _TRAILING_MARKS.search(mask_protected(text))
    return find_marks(text[found.start(1) : found.end(1)]) if found else ()


def is_only_marks(text: str) -> bool:
    """Whether a block holds citation marks and nothing else."""
    return bool(find_marks(text)) and not strip_marks(text).strip(" |")


def split_pieces(text: str) -> tuple[Piece, ...]:
    """Sentences of one paragraph's inline Markdown, each with its marks."""
    masked = mask_protected(text)
    pieces: list[Piece] = []
    start = 0
    for end in _END.finditer(masked):
        if end.end() < len(masked) and not _ends_sentence(masked, start, end):
            continue
        pieces.append(_piece(text[start : end.end()]))
        start = end.end()
    if text[start:].strip():
        pieces.append(_piece(text[start:]))
    return tuple(piece for piece in pieces if piece.source)


def _piece(source: str) -> Piece:
    source = source.strip()
    return Piece(source=source, text=strip_marks(source), marks=find_marks(source))


def _ends_sentence(masked: str, start: int, end: re.Match[str]) -> bool:
    if end.group("marks"):
        return True
    before = masked[start : end.start()].split()
    word = before[-1].strip("([*_\"'“").lower() if before else ""
    if masked[end.start()] == "." and (word in ABBREVIATIONS or (len(word) == 1 and word.isalpha())):
        return False
    following = masked[end.end() :].lstrip().lstrip(_OPENERS)
    return not following[:1].islower()
