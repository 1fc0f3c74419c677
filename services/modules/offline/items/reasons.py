"""What the author says right beside an example, to be told with its result."""

import re
from collections.abc import Iterator, Sequence

from services.modules.offline.items.question import Reason, TaughtSection
from services.modules.offline.items.taught_text import list_lines
from shared.course.plain_text import drop_targets
from shared.docs.model import Block
from shared.engine.types import Span

_REMARK = re.compile(
    r"(?:^(?:>>> )?|(?<!\s)\s+)(?:#|//) (?P<text>(?!note\b|same as\b)[\w\\][^“”`?:]*[^“”`?:.])\.?$", re.IGNORECASE
)
_CODE, _NAME = re.compile(r"`([^`]+)`"), re.compile(r"\w{2,}")
_POINTS_BACK = re.compile(
    r"^(?:Otherwise|And|But|So|Or|Then|Also|Alternatively|However|Similarly|Unlike|That|Those|Which|It|They|Its|Their)\b"
    r"|\b(?:this|these|also)\b",
    re.IGNORECASE,
)
"""A sentence points back to the one before it by such words."""
_LEADS_ON = re.compile(
    r"^(?:Now|Let|Start|Given|For|Later|See|There are|We|To)\b|^\w+ing(?:,| it\b)|^[(*]|[?!]$"
    r"|\b(?:following|below|above|here|examples?)\b|\blike(?: so)?$",
    re.IGNORECASE,
)
"""A sentence that tells of another case, or only that something is shown or done."""
_ADVISES = re.compile(
    r"^(?:this|then|first)\b|[?!]$|\bsometimes\b|\byou (?:can|could|may|might|need|want|should)\b", re.IGNORECASE
)
"""Words that say what a reader may do or like, and not why something is so."""
_NOTE = re.compile(r"^(?:Note|Notice) that ")
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
    remark = next(_list_remarks(one, block, spans), None)
    return remark or (_find_sentence(one, before[-1], asked, is_near=is_near) if before else None)


def _list_remarks(one: TaughtSection, block: Block, spans: Sequence[Span]) -> Iterator[Reason]:
    """The remarks right above the lines as one reason, then each remark behind them."""
    first, last = spans[0].start_line, spans[-1].end_line
    above: list[Reason] = []
    behind: list[Reason] = []
    for line, span in list_lines(one, block):
        remark = _REMARK.search(line)
        if span.start_line < first and not line.startswith(("#", "//", ">>> #")):
            above.clear()
        elif remark and span.start_line <= last and not _ADVISES.search(remark["text"]):
            (above if span.start_line < first else behind).append((remark["text"], span))
    if above:
        span = above[0][1].model_copy(update={"end_line": above[-1][1].end_line})
        behind.insert(0, ("” and “".join(text for text, _ in above), span))
    yield from (reason for reason in behind if len(reason[0].split()) >= _FEWEST_OF_REMARK)


def _find_sentence(one: TaughtSection, block: Block, asked: str, *, is_near: bool) -> Reason | None:
    """The last sentence that says something of what is asked, where it points back to no other."""
    known = set(_NAME.findall(asked))
    sentences = block.sentences
    texts = [drop_targets(sentence.text).rstrip("* ").strip(":. ") for sentence in sentences]
    shared = [any(known & set(_NAME.findall(code)) for code in _CODE.findall(text)) for text in texts]
    for at in reversed(range(len(texts))):
        leads = sentences[at].text.rstrip("* ").endswith(":") and at == len(texts) - 1
        if not (is_near if leads else shared[at]) or _LEADS_ON.search(texts[at]):
            continue
        text, own = _NOTE.sub("", texts[at]), sentences[at]
        is_whole = len(text.split()) >= _FEWEST and not texts[at][:1].islower()
        if not is_whole or _POINTS_BACK.search(texts[at]) or _ADVISES.search(text):
            return None
        return text, Span(path=own.path or one.path, start_line=own.start_line, end_line=own.end_line)
    return None
