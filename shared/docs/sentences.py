"""Paragraphs to sentences that know their raw lines."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import sentencex

from shared.docs.model import Sentence

# Code, links and addresses are masked by letters of the same length before the segmenter sees them, so that a full
# stop inside them is none. The mask starts upper-case: a sentence may begin with code.
_MASKED = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
    r"|!?\[[^\[\]]*\]\([^()]*(?:\([^()]*\)[^()]*)*\)"
    r"|<(?:https?|ftp|mailto)[^<>\s]*>"
    r"|(?:https?|ftp)://[^\s<>]*[\w/#=&-]"
)
# v1.2, README.md, a.b.c, .gitignore, ../x, orders.>: full stops that touch what comes next end nothing.
# A run of stops is taken whole or not at all, and only from its first: else a long one is read once for each of them.
_INNER_STOPS = re.compile(r"(?<![.!?])[.!?]++(?=[^\s.!?*_)\]\"'”’»]|[*_)\]\"'”’»]++[^\s*_)\]\"'”’»])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[*_\"'“])(?:e\.g|i\.e|cf|vs|viz|approx|resp|incl|excl|fig|figs|eq|sec|ch|vol|pp|nr|al|dr|mr|mrs|ms"
    r"|prof|st|jr|sr|inc|ltd|co|corp|dept|est|max|min|misc|ref|refs|ex|a\.k\.a|aka|w\.r\.t|u\.s|z\.b|d\.h|bzw|usw)\.$",
    re.IGNORECASE,
)
# "It is so.)" ends like "It is so).", which is the order the segmenter knows.
_STOP_INSIDE = re.compile(r"(?<![.!?])([.!?]++)([*_)\]\"'”’»]++)(?=\s|$)")
GLUE = "\u2060"
"""At the start of a line: what stands there belongs to the last word of the line before, without a blank."""

BREAK = "\ue001"
"""Stands where the author broke the line; two of them, where that was surely meant."""

_CLOSERS = "*_)]\"'”’» "
_EMPHASIS = re.compile(r"\\.|\*{1,3}|_{1,3}")
_MAX_NESTED_EMPHASIS = 4
_BEGINNING = re.compile(r"[ *_(\[\"'“‘]*+(.?)", re.DOTALL)
# The segmenter compares each stop with each quotation mark. 2,000 characters of marks take it 0.02 s, 8,000 take
# 0.5 s, and 100,000 would take a minute. So it sees this much of a paragraph at a time.
_SEGMENTED = 2_000
_SAYS = re.compile(r"[\w`]")
_RULE = re.compile(r"\s*+(?:([-*_:=~])\1{2,}+[\s.]*+)++")  # what parts text, or is left of a fence


def split_sentences(lines: Sequence[tuple[int, str]]) -> tuple[Sentence, ...]:
    """Sentences of one paragraph, given as (raw line number, inline CommonMark of that line) in order.

    A sentence ends where the author broke the line and a new thought begins; the next one then says `after_break`.
    """
    found: list[Sentence] = []
    for run in _runs(lines):
        first, *others = _split_run(run) or (None,)
        if first:
            found += [replace(first, after_break=bool(found)), *others]
    return tuple(found)


def _runs(lines: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    """The lines parted where the author surely broke one, or broke it and the next is not the rest of a sentence."""
    runs: list[list[tuple[int, str]]] = [[]]
    breaks = 0
    for number, line in lines:
        for index, piece in enumerate(line.split(BREAK)):
            breaks += index > 0
            if not piece.strip():
                continue
            if breaks and runs[-1] and (breaks > 1 or _ends(runs[-1][-1][1]) or _begins(piece)):
                runs.append([])
            breaks = 0
            runs[-1].append((number, piece))
    return runs


def _ends(text: str) -> bool:
    return text.rstrip(_CLOSERS + "`")[-1:] in (".", ":", "!", "?", "…")


def _begins(text: str) -> bool:
    """Whether a text begins with a capital, bold words or the mark of an item, and not with the rest of a sentence."""
    begun = _BEGINNING.match(text)
    is_capital = begun is not None and begun[1].isalpha() and not begun[1].islower()
    return is_capital or text.lstrip().startswith(("**", "- ", "• "))


def _split_run(lines: Sequence[tuple[int, str]]) -> tuple[Sentence, ...]:
    """The sentences of lines that no break parts.

    A sentence's lines are those of its first and last character. Emphasis that spans several sentences is closed and
    opened again: each is well-formed alone. Signs without a letter, a digit or code belong to the sentence beside them.
    """
    text, starts, numbers = _join(lines)
    masked = _INNER_STOPS.sub(_mask, _MASKED.sub(_mask, text))
    ends = pairwise([*_boundaries(text, masked), len(text)])
    told = [cut for cut, end in ends if _SAYS.search(text, cut, end) or _RULE.fullmatch(text, cut, end)]
    said = _SAYS.search(text)
    cuts = [0, *(cut for cut in told if said and said.start() < cut), len(text)]
    spans = _Spans(_emphasis_spans(masked))
    sentences: list[Sentence] = []
    for begin, end in pairwise(cuts):
        piece = text[begin:end]
        first = begin + len(piece) - len(piece.lstrip())
        last = begin + len(piece.rstrip()) - 1
        if last < first or _RULE.fullmatch(piece):
            continue
        around = spans.around(first, last)
        reopened = "".join(mark for mark, left, right in around if left < first <= right)
        closed = "".join(mark for mark, left, right in reversed(around) if left <= last < right)
        on, to = (numbers[bisect_right(starts, at) - 1] for at in (first, last))
        sentences.append(Sentence(reopened + piece.strip() + closed, on, to))
    return tuple(sentences)


def _join(lines: Sequence[tuple[int, str]]) -> tuple[str, list[int], list[int]]:
    """The paragraph on one line, and for each piece its offset there and its raw line number."""
    pieces: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    length = 0
    for number, line in lines:
        stripped = line.strip()
        if stripped.strip(GLUE):
            gap = " " if pieces and not stripped.startswith(GLUE) else ""
            stripped = stripped.lstrip(GLUE)
            pieces.append(gap + stripped)
            starts.append(length + len(gap))
            numbers.append(number)
            length += len(gap) + len(stripped)
    return "".join(pieces), starts, numbers


def _mask(match: re.Match[str]) -> str:
    return "X" + "x" * (match.end() - match.start() - 1)


def _boundaries(text: str, masked: str) -> list[int]:
    """Offsets at which a new sentence begins."""
    found: list[int] = []
    for position in _cuts(_STOP_INSIDE.sub(r"\2\1", masked)):
        following = _BEGINNING.match(masked, position)
        if following and not following[1].islower() and not _ABBREVIATION.search(_ending(text, position)):
            found.append(position)
    return found


def _cuts(masked: str) -> Iterator[int]:
    """Offsets at which the segmenter parts a text, which it is given piece by piece."""
    start = 0
    while start < len(masked):
        seen = masked[start : start + _SEGMENTED]
        pieces = sentencex.segment("en", seen)
        position = start
        for piece in pieces[:-1]:
            position += len(piece)
            yield position
        if start + len(seen) == len(masked):
            return
        if position - start < _SEGMENTED // 2:  # a sentence longer than what is seen at a time: go on inside it
            position = start + max(seen.rfind(" "), _SEGMENTED // 2)
        start = position


def _ending(text: str, position: int) -> str:
    """The last characters before an offset, closing marks and blanks aside."""
    while position and text[position - 1] in _CLOSERS:
        position -= 1
    return text[max(position - 12, 0) : position]


def _emphasis_spans(masked: str) -> list[tuple[str, int, int]]:
    """Matched emphasis marks as (mark, offset of the opening one, offset of the closing one), outermost first."""
    spans: list[tuple[str, int, int]] = []
    stack: list[tuple[str, int]] = []
    for match in _EMPHASIS.finditer(masked):
        mark, begin, end = match.group(), match.start(), match.end()
        if mark[0] == "\\":
            continue
        before = masked[begin - 1] if begin else " "
        after = masked[end] if end < len(masked) else " "
        if mark[0] == "_" and before.isalnum() and after.isalnum():
            continue
        if stack and stack[-1][0] == mark and not before.isspace():
            spans.append((mark, stack.pop()[1], begin))
        elif not after.isspace() and len(stack) < _MAX_NESTED_EMPHASIS:
            stack.append((mark, begin))
    return sorted(spans, key=lambda span: span[1])


class _Spans:
    """Spans in the order they begin, for sentences in the order they stand: few are open at a time."""

    def __init__(self, spans: list[tuple[str, int, int]]) -> None:
        self._coming = iter(spans)
        self._next = next(self._coming, None)
        self._open: list[tuple[str, int, int]] = []

    def around(self, first: int, last: int) -> list[tuple[str, int, int]]:
        """The spans that reach into first..last."""
        while self._next is not None and self._next[1] <= last:
            self._open.append(self._next)
            self._next = next(self._coming, None)
        self._open = [span for span in self._open if span[2] >= first]
        return self._open
