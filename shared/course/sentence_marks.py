"""Sentences of a course's Markdown together with the citation marks that stand with them.

A mark `[^id]` before or after the full stop belongs to the sentence it follows, so a boundary is looked for behind the
marks. Code spans, link targets and addresses are masked by letters first: a full stop in them ends nothing.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_ABBREVIATIONS = frozenset(
    re.findall(
        r"[\w.]+",
        "e.g i.e eg ie cf vs viz approx fig figs no nos vol ch sec eq al dr mr mrs ms prof st inc ltd resp incl ca",
    )
)
"""Lower case, without the full stop that ends them and no sentence."""
_MARK = r"\[\^([^\]\s]{1,100}+)\]"
MARK = re.compile(_MARK)
_PROTECTED = re.compile(
    r"\\."  # an escaped character
    r"|(?:(?<!`)|(?<=\\`))(?P<ticks>`+)"  # code, if a run of as many ticks follows
    r"|(?P<said>\[(?!\^)(?:[^\[\]]++|\[[^\[\]]*+\])*+\](?=\())"  # a link's words: a stop in them ends nothing
    r"|(?<=\])\((?:[^()\\]|\\.|\([^()]*\))*\)"  # a link's target
    r"|<[A-Za-z][^<>]*>"  # an autolink or a tag
    r"|https?://(?:[^\s<>\[\])]|\[(?!\^))+(?<![.,;:!?'\"])",  # not the mark behind it
    re.DOTALL,
)
_STOPS = re.compile("[.!?…。！？]")
_TICKS = re.compile("`+")
_END = re.compile(
    r"(?:(?<![.!?…])[.!?…]++[\"'”’»)\]*_~]*(?P<marks>(?:\s*"
    + _MARK
    + r")*)(?=\s|$))|(?:[。！？]+(?:\s*"
    + _MARK
    + r")*)"
)
_AFTER_MARKS = ".!?…:。！？\"'”’»)*_~"  # besides blanks, what may stand between the last mark and the end of a block
_FOLLOWING = re.compile(r"\s*[\"'“‘«(*_\[~]*(.?)", re.DOTALL)
_LONGEST_WORD = 100


@dataclass(frozen=True)
class Piece:
    """A sentence as it stands (`source`), without its marks (`text`), and the ids of its marks in order."""

    source: str
    text: str
    marks: tuple[str, ...]


@lru_cache(maxsize=16384)
def mask_protected(text: str) -> str:
    """The text with code, link targets, tags and addresses replaced by letters of the same length."""
    closing = _runs_of_ticks(text)
    parts: list[str] = []
    position = 0
    while found := _PROTECTED.search(text, position):
        start, end = found.span()
        if found["ticks"]:
            end = _end_of_code(closing, *found.span("ticks"))
        mask = _STOPS.sub("X", found["said"]) if found["said"] else "X" * (end - start)
        parts += (text[position:start], mask) if end else (text[position : found.end()],)
        position = end or found.end()
    return "".join([*parts, text[position:]])


def _runs_of_ticks(text: str) -> dict[int, list[int]]:
    """Where runs of ticks begin, by their length, the last one first: each is looked at once while a text is read."""
    runs: dict[int, list[int]] = {}
    for found in _TICKS.finditer(text):
        runs.setdefault(len(found.group()), []).append(found.start())
    for starts in runs.values():
        starts.reverse()
    return runs


def _end_of_code(closing: dict[int, list[int]], start: int, end: int) -> int:
    """The end of the code that the ticks from `start` to `end` open; 0 when nothing closes it."""
    starts = closing.get(end - start, [])
    while starts and starts[-1] < end:
        starts.pop()
    return starts[-1] + end - start if starts else 0


def find_marks(text: str) -> tuple[str, ...]:
    """Ids of the citation marks in a text, in order; a mark inside code is code."""
    if "[^" not in text:
        return ()
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
    body = mask_protected(text).rstrip().rstrip(_AFTER_MARKS).rstrip()
    start = len(body)
    for found in reversed(list(MARK.finditer(body))):
        if body[found.end() : start].strip():
            break
        start = found.start()
    return find_marks(text[start : len(body)])


def is_only_marks(text: str) -> bool:
    """Whether a block holds citation marks and nothing else."""
    return bool(find_marks(text)) and not strip_marks(text).strip(" |")


def split_pieces(text: str) -> tuple[Piece, ...]:
    """Sentences of one paragraph's inline Markdown, each with its marks."""
    masked = MARK.sub(lambda found: f"[^{'X' * len(found[1])}]", mask_protected(text))  # a stop in an id ends nothing
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
    before = masked[max(start, end.start() - _LONGEST_WORD) : end.start()].split()
    word = before[-1].strip("([*_\"'“").lower() if before else ""
    if masked[end.start()] == "." and (word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha())):
        return False
    following = _FOLLOWING.match(masked, end.end())
    return following is None or not following[1].islower()
