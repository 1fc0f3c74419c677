"""What the author says right beside an example, to be told with its result."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items.question import Reason, TaughtSection
from services.modules.offline.items.taught_text import list_lines
from shared.course.plain_text import drop_targets
from shared.docs.model import Block
from shared.engine.types import Span

_REMARK = re.compile(
    r"(?:^(?:>>> )?|(?<!\s)\s+)(?:#|//) (?P<text>(?!note\b|same as\b)[^\W\d][^“”`?:]*[^“”`?:.])\.?$", re.IGNORECASE
)
_CODE, _NAME, _UNTOLD = re.compile(r"`([^`]+)`"), re.compile(r"\w{2,}"), re.compile(r"[“”\n]|\.\.\.")
_POINTS = re.compile(
    r"^(?:Otherwise|And|But|So|Or|Then|Also|Alternatively|However|Similarly|Unlike|That|Those|Which|It|They|Now|Note|Let|Start"
    r"|Given|For|Later|See|There are|You can|We)\b|^\(|\?$"
    r"|\b(?:this|these|following|below|above|here|examples?|also)\b|\blike(?: so)?$",
    re.IGNORECASE,
)
"""A sentence that says nothing without another one, or tells of another case."""
_SHOWN = re.compile(r"^(?:>>>|\$) .*\n(?!>>>|\.\.\.|\$|$)|(?:#|//) ?(?:=>|->)", re.MULTILINE)
_FEWEST_OF_REMARK, _FEWEST, _NEAR = 4, 5, 6


def find_reason(
    one: TaughtSection, block: Block, asked: str, spans: Sequence[Span], program: Block | None = None
) -> Reason | None:
    """A remark behind a line of an example or above it; else the nearest sentence before it that has code of it.

    A sentence that ends in a colon leads to what is near, or to the one result of its block.
    """
    blocks = one.section.blocks
    before = [own for own in blocks[: blocks.index(block)] if own is not program]
    is_near = spans[0].start_line - block.start_line <= _NEAR or len(_SHOWN.findall(block.code)) <= 1
    found = (*_list_remarks(one, block, spans), *_list_fit(one, before[-1:], asked, is_near=is_near))
    return next(iter(found), None)


def _list_remarks(one: TaughtSection, block: Block, spans: Sequence[Span]) -> Iterator[Reason]:
    first, last = spans[0].start_line, spans[-1].end_line
    for line, span in list_lines(one, block):
        found = _REMARK.search(line) if first - 1 <= span.start_line <= last else None
        is_own = found and (span.start_line >= first or not line[: found.start()])
        if found and is_own and len(found["text"].split()) >= _FEWEST_OF_REMARK:
            yield found["text"], span


def _list_fit(one: TaughtSection, blocks: Sequence[Block], asked: str, *, is_near: bool) -> Iterator[Reason]:
    """The sentences that say something of what is asked, the last first."""
    known = set(_NAME.findall(asked))
    for at, sentence in enumerate(reversed([sentence for own in blocks for sentence in own.sentences])):
        leads = sentence.text.rstrip("* ").endswith(":") and not at
        text = drop_targets(sentence.text).strip(":. ")
        shares = any(known & set(_NAME.findall(code)) for code in _CODE.findall(text))
        is_whole = len(text.split()) >= _FEWEST and not _UNTOLD.search(text) and not _POINTS.search(text)
        if is_whole and (is_near if leads else shares):
            yield text, Span(path=sentence.path or one.path, start_line=sentence.start_line, end_line=sentence.end_line)
