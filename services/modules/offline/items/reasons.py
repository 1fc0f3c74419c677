"""What the author says right beside an example, to be told with its result."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import list_lines
from shared.course.plain_text import drop_targets
from shared.docs.model import Block
from shared.engine.types import Span

Reason = tuple[str, Span]

_REMARK = re.compile(
    r"(?:^(?:>>> )?|(?<!\s)\s+)(?:#|//) (?P<text>(?!note\b|same as\b)[^\W\d][^“”`?:]*[^“”`?:.])\.?$", re.IGNORECASE
)
_CODE, _NAME, _UNTOLD = re.compile(r"`([^`]+)`"), re.compile(r"\w+"), re.compile(r"[“”\n]|\.\.\.")
_POINTS = re.compile(
    r"^(?:Otherwise|And|But|So|Or|Then|Alternatively|However|That|Those|Which|It|They|Now|Note(?! that\b))\b|^\(|\?$"
    r"|\b(?:this|these|following|below|above|here|examples?)\b|\blike(?: so)?$",
    re.IGNORECASE,
)
"""A sentence that says nothing without another one."""
_FEWEST_OF_REMARK, _FEWEST, _NEAR = 4, 5, 6


def find_reason(
    one: TaughtSection, block: Block, asked: str, spans: Sequence[Span], program: Block | None = None
) -> Reason | None:
    """A remark behind a line of an example or above it; else the sentence before it or its program, or after it."""
    is_near = spans[0].start_line - block.start_line <= _NEAR
    sentences = _list_sentences(one, (program or block, block), asked, is_near=is_near)
    return next(iter((*_list_remarks(one, block, spans), *sentences)), None)


def tell_reason(reason: Reason | None) -> str:
    """A reason as it stands behind what it is a reason for."""
    return f": “{reason[0]}”" if reason else ""


def _list_remarks(one: TaughtSection, block: Block, spans: Sequence[Span]) -> Iterator[Reason]:
    first, last = spans[0].start_line, spans[-1].end_line
    for line, span in list_lines(one, block):
        found = _REMARK.search(line) if first - 1 <= span.start_line <= last else None
        is_own = found and (span.start_line >= first or not line[: found.start()])
        if found and is_own and len(found["text"].split()) >= _FEWEST_OF_REMARK:
            yield found["text"], span


def _list_sentences(one: TaughtSection, around: tuple[Block, Block], asked: str, *, is_near: bool) -> Iterator[Reason]:
    """The sentence before leads by a colon to what is near, or has code of the example, as the one after has."""
    first, last = map(one.section.blocks.index, around)
    start = last if last and one.section.blocks[last - 1].sentences else first
    before = [sentence for own in one.section.blocks[:start][-1:] for sentence in own.sentences[-1:]]
    after = [sentence for own in one.section.blocks[last + 1 :][:1] for sentence in own.sentences[:1]]
    for sentence in (*before, *after):
        leads = sentence.text.rstrip("* ").endswith(":")
        text = drop_targets(sentence.text).strip(":. ")
        is_fit = len(text.split()) >= _FEWEST and not _UNTOLD.search(text) and not _POINTS.search(text)
        is_about = is_near if sentence in before and leads else not leads and _shares_code(text, asked)
        if is_fit and is_about:
            yield text, Span(path=sentence.path or one.path, start_line=sentence.start_line, end_line=sentence.end_line)


def _shares_code(text: str, asked: str) -> bool:
    """Whether a sentence has code with a name that stands in what is asked."""
    known = set(_NAME.findall(asked))
    return any(known & set(_NAME.findall(code)) for code in _CODE.findall(text))
