"""Find what is wrong: which lines of an example fail, where the author marks each line as right or as an error."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from services.modules.offline.items.needed_code import list_made_before, read_made
from services.modules.offline.items.question import Choice, Question, TaughtSection, digest
from services.modules.offline.items.reasons import find_reason
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.course.flaws import find_flaws
from shared.docs.model import Block
from shared.engine.types import Span

_ALONE = r"(?=\s*(?:$|[:;,.(!-]))"
"""A word that another one follows without a mark is no verdict: "works like a list", "error handling"."""
_VERDICT = re.compile(
    r"^(?P<code>\S.*?)(?<!\s)\s*+(?:#|//|--|;;)\s*+(?:(?:=>|->|<--?)\s*+)?"
    r"(?:(?P<wrong>❌|✗|✘|🚫|(?:\w+\.)*\w*(?:Error|Exception)\b"
    r"|(?i:throws|raises|fails|panics|does(?:n't| not) compile)\b"
    rf"|(?i:error|invalid|wrong|illegal|not allowed){_ALONE})"
    rf"|(?P<right>✅|✔|✓|(?i:ok|okay|valid|passes|works|fine|allowed|compiles){_ALONE}))️?[\s:;,.!-]*(?:(?:passes|fails)\b[\s:;,.-]*)?(?P<reason>.*)$"
)
_FEWEST, _MOST, _LONGEST, _MOST_BEFORE = 3, 7, 80, 12
_REMARK = re.compile(r"^\s*(?:#(?!\[)|//|--\s)")
_WHOLE = re.compile(r"^\((.*)\)$")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


@dataclass(frozen=True)
class Marked:
    """A line that its author says is right or wrong, and why."""

    code: str
    is_wrong: bool
    reason: str
    span: Span


def ask_wrong(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each run of lines that are marked, of which some are wrong and some are right."""
    del said
    for block in one.section.blocks:
        before: list[str] = []
        lines = [(line, span, _VERDICT.match(line)) for line, span in list_lines(one, block)]
        shown = [own for own in lines if own[2] or (own[0].strip() and not _REMARK.match(own[0]))]
        for is_marked, group in groupby(shown, key=lambda own: bool(own[2])):
            run = [*group]
            marked = [_read(found, span) for _, span, found in run if found]
            question = _ask(one, block, before, marked) if is_marked and _can_ask(marked, before) else None
            is_whole = question and _has_all(one, block, before)
            yield from (question,) if question and is_whole and not find_flaws(question.as_item()) else ()
            before += [line for line, _, found in run if not found]


def _read(found: re.Match[str], span: Span) -> Marked:
    reason = _WHOLE.sub(r"\1", found["reason"].strip())
    return Marked(found["code"].rstrip(";"), bool(found["wrong"]), reason, span)


def _can_ask(run: Sequence[Marked], before: Sequence[str]) -> bool:
    """Whether lines of one kind are to be told apart by what comes before them."""
    heads = {name for marked in run for name in re.findall(r"^[a-z_]\w*|\b[A-Z]\w*|^\W", marked.code)}
    return (
        _FEWEST <= len({marked.code.lower() for marked in run}) == len(run) <= _MOST
        and {marked.is_wrong for marked in run} == {True, False}
        and len(heads) == 1
        and heads <= {*_NAME.findall("\n".join(before))}
        and len(before) <= _MOST_BEFORE
        and max(len(marked.code) for marked in run) <= _LONGEST
        and not any("`" in marked.code for marked in run)
    )


def _has_all(one: TaughtSection, block: Block, before: Sequence[str]) -> bool:
    """Whether the lines before use nothing that only an earlier block makes."""
    code = "\n".join(before)
    return {*_NAME.findall(code)}.isdisjoint(list_made_before(one, block) - read_made(code))


def _ask(one: TaughtSection, block: Block, before: Sequence[str], run: Sequence[Marked]) -> Question:
    wrong = [marked for marked in run if marked.is_wrong]
    asks = f"Which {'line fails' if len(wrong) == 1 else 'lines fail'} after the code?"
    stem = "\n".join((asks, "", f"```{block.language}", *before, "```"))
    told = sorted(map(_tell, run), key=lambda choice: digest(stem + choice.text))
    spans = tuple(marked.span for marked in wrong)
    asked = "\n".join(marked.code for marked in wrong)
    reason = None if any(marked.reason for marked in wrong) else find_reason(one, block, asked, spans)
    says = " ".join(_tell(marked).feedback for marked in wrong).removesuffix(".")
    return Question(one, block, "find_wrong", stem, says, spans, reason, options=tuple(told))


def _tell(marked: Marked) -> Choice:
    """A line, and what its author says of it."""
    reason = f": {marked.reason.rstrip('.')}" if marked.reason else ""
    says = f"`{marked.code}` {'fails' if marked.is_wrong else 'passes'}{reason}."
    return Choice(f"`{marked.code}`", says, (marked.span,), marked.is_wrong)
