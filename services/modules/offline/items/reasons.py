"""What the author says right beside an example, to be told with its result."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.modules.offline.items.question import Reason, TaughtSection
from services.modules.offline.items.taught_text import list_lines
from shared.course.plain_text import drop_targets
from shared.docs.model import Block
from shared.engine.types import Span

_REMARK = re.compile(
    r"(?:^(?:>>> )?|(?<!\s)\s+)(?:#|//) (?P<text>(?!note\b|same as\b)[^\W\d][^“”`?:]*[^“”`?:.])\.?$", re.IGNORECASE
)
_CODE, _NAME, _UNTOLD = re.compile(r"`([^`]+)`"), re.compile(r"\w+"), re.compile(r"[“”\n]|\.\.\.")
_OPENING = re.compile(
    r"^(?:(?:Alternatively|However|Similarly|For (?:example|instance)|So|Now|And|But), |Note that |(?:So|And|But) )"
)
_POINTS = re.compile(
    r"^(?:Otherwise|And|But|So|Or|Then|Alternatively|However|That|Those|Which|It|They|Now|Note|Let|Start|Given|Later|See"
    r"|There are)\b"
    r"|^\(|\?$|\b(?:this|these|following|below|above|here|examples?)\b|\blike(?: so)?$",
    re.IGNORECASE,
)
"""A sentence that says nothing without another one."""
_OTHER = re.compile(r"(?:Or|Otherwise|But|And|Then|Alternatively)\b")
"""A sentence that leads to another case than the one before."""
_SIGNS, _SHOWN = (
    re.compile(r"`([^`\w\s]+)`"),
    re.compile(r"^(?:>>>|\$) .*\n(?!>>>|\.\.\.|\$|$)|(?:#|//) ?(?:=>|->)", re.MULTILINE),
)
_FEWEST_OF_REMARK, _FEWEST, _NEAR, _MOST_ABOUT = 4, 5, 6, 3


def find_reason(
    one: TaughtSection, block: Block, asked: str, spans: Sequence[Span], program: Block | None = None
) -> Reason | None:
    """A remark behind a line of an example or above it; else a sentence before it or its program, the nearest first.

    Else the sentence after it, or one of few before it where the section has no other example. A sentence that ends in
    a colon leads to what is near, or to the one result of its block.
    """
    blocks = one.section.blocks
    first, last = blocks.index(program or block), blocks.index(block)
    is_near = spans[0].start_line - block.start_line <= _NEAR or len(_SHOWN.findall(block.code)) <= 1
    between, before = blocks[first + 1 : last], blocks[:first][-1:]
    is_only = not any(own.kind == "code" for own in (*blocks[:first], *blocks[last + 1 :]))
    is_only = is_only and sum(len(own.sentences) for own in blocks[:first]) <= _MOST_ABOUT
    leads = [sentence for own in between for sentence in own.sentences]
    before = () if any(map(_OTHER.match, (sentence.text for sentence in leads))) else before
    after = [replace(own, sentences=own.sentences[:1]) for own in blocks[last + 1 :][:1]]
    sentences = (
        *_list_fit(one, (*before, *between), asked, is_near=is_near),
        *_list_fit(one, after, asked, is_near=False),
        *(_list_fit(one, blocks[:first], "", is_near=False, is_only=True) if is_only else ()),
    )
    return next(iter((*_list_remarks(one, block, spans), *sentences)), None)


def _list_remarks(one: TaughtSection, block: Block, spans: Sequence[Span]) -> Iterator[Reason]:
    first, last = spans[0].start_line, spans[-1].end_line
    for line, span in list_lines(one, block):
        found = _REMARK.search(line) if first - 1 <= span.start_line <= last else None
        is_own = found and (span.start_line >= first or not line[: found.start()])
        if found and is_own and len(found["text"].split()) >= _FEWEST_OF_REMARK:
            yield found["text"], span


def _list_fit(
    one: TaughtSection, blocks: Sequence[Block], asked: str, *, is_near: bool, is_only: bool = False
) -> Iterator[Reason]:
    """The sentences that say something of what is asked, the last first; each does for the only example."""
    found = [sentence for own in blocks for sentence in own.sentences]
    for at, sentence in enumerate(reversed(found)):
        leads = sentence.text.rstrip("* ").endswith(":") and not at
        text = _OPENING.sub("", drop_targets(sentence.text).strip(":. "))
        is_fit = len(text.split()) >= _FEWEST and not _UNTOLD.search(text) and not _POINTS.search(text)
        if is_fit and (is_near if leads else is_only or _shares_code(text, asked)):
            yield text, Span(path=sentence.path or one.path, start_line=sentence.start_line, end_line=sentence.end_line)


def _shares_code(text: str, asked: str) -> bool:
    """Whether a sentence has code with a name that stands in what is asked, or signs that do and are its subject."""
    known = set(_NAME.findall(asked))
    is_subject = (found := _SIGNS.match(text)) and found[1] in asked
    return bool(is_subject) or any(known & set(_NAME.findall(code)) for code in _CODE.findall(text))
