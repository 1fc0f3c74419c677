"""What the author says right beside an example, to be told with its result."""

import re
from collections.abc import Sequence

from services.modules.offline.items.question import Reason, TaughtSection
from shared.course.plain_text import drop_targets
from shared.docs.model import Block
from shared.engine.types import Span

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
_FEWEST, _NEAR = 5, 6


def find_reason(
    one: TaughtSection, block: Block, asked: str, spans: Sequence[Span], program: Block | None = None
) -> Reason | None:
    """The last sentence before an example that has code of what is asked, where it points back to no other sentence.

    A sentence that ends in a colon leads to what is near, or to the one result of its block.
    """
    blocks = one.section.blocks
    before = [own for own in blocks[: blocks.index(block)] if own is not program]
    is_near = spans[0].start_line - block.start_line <= _NEAR or len(_SHOWN.findall(block.code)) <= 1
    known = set(_NAME.findall(asked))
    sentences = before[-1].sentences if before else ()
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
