"""What the author says right beside an example, to be told with its result."""

import re
from collections.abc import Sequence

from services.modules.offline.items.question import Reason, TaughtSection
from shared.course.plain_text import drop_targets
from shared.docs.model import Block, Sentence
from shared.engine.types import Span

_CODE, _NAME = re.compile(r"`([^`]+)`"), re.compile(r"\w{2,}")
_CALLED = re.compile(r"\b(\w{2,})(?=[(!?]|\s*\{)")
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
    r"^(?:this|then|first)\b|[?!]$|\bsometimes\b|\bis often\b|\bcan be\b"
    r"|\byou (?:can|could|may|might|need|want|should)\b",
    re.IGNORECASE,
)
"""Words that say what a reader may do or like, and not why something is so."""
_NOTE = re.compile(r"^(?:Note|Notice) that ")
_SHOWN = re.compile(r"^(?:>>>|\$) .*\n(?!>>>|\.\.\.|\$|$)|(?:#|//) ?(?:=>|->)", re.MULTILINE)
_FEWEST, _NEAR = 5, 6


def find_reason(
    one: TaughtSection, block: Block, asked: str, spans: Sequence[Span], program: Block | None = None, value: str = ""
) -> Reason | None:
    """The last sentence before an example that has what its last line calls as code, or of a line without a call what
    is asked, where it points back to no other one; else the first below that has the call or the value as code.

    A sentence that ends in a colon leads to what is near, or to the one result of its block.
    """
    blocks = one.section.blocks
    at = blocks.index(block)
    before = [own for own in blocks[:at] if own is not program]
    is_near = spans[0].start_line - block.start_line <= _NEAR or len(_SHOWN.findall(block.code)) <= 1
    called = {*_CALLED.findall(asked.rpartition("\n")[2])}
    known = called or {*_NAME.findall(asked)}
    for sentence, text in reversed(_list_sentences(before[-1:])):
        leads = sentence.text.rstrip("* ").endswith(":") and sentence is before[-1].sentences[-1]
        if (is_near if leads else _shares(text, known)) and not _LEADS_ON.search(text):
            return _quote(one, sentence, text)
    for sentence, text in _list_sentences(blocks[at + 1 :]):
        if _shares(text, called | {*_NAME.findall(value)}) and not (
            _LEADS_ON.search(text) or sentence.text.endswith(":")
        ):
            return _quote(one, sentence, text)
    return None


def _list_sentences(blocks: Sequence[Block]) -> list[tuple[Sentence, str]]:
    """The sentences of the first block, each with its text."""
    return [(own, drop_targets(own.text).rstrip("* ").strip(":. ")) for block in blocks[:1] for own in block.sentences]


def _shares(text: str, names: set[str]) -> bool:
    """Whether code of a text has one of the names."""
    return any(names & set(_NAME.findall(code)) for code in _CODE.findall(text))


def _quote(one: TaughtSection, own: Sentence, said: str) -> Reason | None:
    """The sentence, where it is whole and makes sense alone."""
    text = _NOTE.sub("", said)
    is_whole = len(text.split()) >= _FEWEST and not said[:1].islower()
    if not is_whole or _POINTS_BACK.search(said) or _ADVISES.search(text):
        return None
    return text, Span(path=own.path or one.path, start_line=own.start_line, end_line=own.end_line)
