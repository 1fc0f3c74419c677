"""The containers that are open while a document's tokens are walked, and what prose becomes inside them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from shared.docs.markdown.html_blocks import NumberedLines
from shared.docs.model import Block, BlockKind, Container, ContainerKind, Sentence
from shared.docs.plain import plain_text

_ALERT = re.compile(
    r"^\s*(?:\\?\[!\s*(\w+)\s*\][+-]?\s*(.*?)\\?|\*\*(Note|Tip|Important|Warning|Caution)\*\*:?\s*)$", re.IGNORECASE
)
_CALLED = "note|info|tip|hint|important|warning|attention|caution|danger"
_CALLOUT = re.compile(rf"\s*(?:{_CALLED.upper()}):(?!\S)\s*")
_ASIDE = re.compile(
    rf"\s*(\*\*|__)?(?P<kind>{_CALLED}|experiment|deprecated)(?(1)(?::\1|\1:)|:)(?!\S)\s*", re.IGNORECASE
)
_TITLE = re.compile(r".{1,60}(?<![.,:;!?])")


@dataclass
class Frame:
    """A container that is open: a list, an item, a quote, an admonition, a group, a definition."""

    kind: str
    ordered: bool = False
    count: int = 0
    list_id: int = 0
    label: str = ""
    title: str = ""
    term: str = ""
    line: int = 0
    prefixed: bool = False  # its raw lines begin with the quote's mark
    fresh: bool = True
    number: int = 0  # of an item, as its author counts
    begins: int = -1  # how many parts there were before it, of an admonition or a definition
    block: int = -1  # index of the block its prose goes to, while nothing else came after it


_SHOWN: dict[str, ContainerKind] = {kind: kind for kind in get_args(ContainerKind)}


def containers(frames: Sequence[Frame]) -> tuple[Container, ...]:
    """The open containers that are shown as such, the outermost first."""
    return tuple(
        Container(
            _SHOWN[frame.kind], frame.line, label=frame.label, title=frame.term or frame.title, ordered=frame.ordered,
            number=frame.number, list_id=frame.list_id,
        )
        for frame in frames
        if frame.kind in _SHOWN
    )  # fmt: skip


def prose_block(frame: Frame | None, sentences: tuple[Sentence, ...], start: int, end: int, depth: int) -> Block:
    """Sentences on lines start..end as the block that `frame` makes of them; `depth` counts the open items."""
    match frame:
        case Frame(kind="item", fresh=True):
            return Block(
                "list_item", start, end, sentences, depth - 1, frame.ordered, frame.count, list_id=frame.list_id
            )
        case Frame(kind="definition") if frame.term:
            return Block("definition", start, end, sentences, depth=depth, term=frame.term)
        case Frame(kind="admonition"):
            title, first = (frame.title, frame.line or start) if frame.fresh else ("", start)
            return Block("admonition", first, end, sentences, depth=depth, label=frame.label, title=title)
        case _:
            kind: BlockKind = "quote" if frame and frame.kind == "quote" else "paragraph"
            return Block(kind, start, end, sentences, depth=depth)


def is_callout(lines: NumberedLines) -> bool:
    """Whether a paragraph begins with `NOTE:` and says more."""
    match = _CALLOUT.match(lines[0][1])
    return match is not None and (len(lines) > 1 or match.end() < len(lines[0][1]))


def without_alert(quote: Frame, lines: NumberedLines) -> NumberedLines:
    """A quote that begins with `[!NOTE]` or `Note:` is an admonition: rename its frame, give what stands after it.

    The rest of the line is text; behind `[!NOTE]` it may be the title of the lines that follow right below.
    """
    if called := _ASIDE.match(lines[0][1]):
        quote.kind, quote.label, quote.line = "admonition", called["kind"].lower(), lines[0][0]
        rest = lines[0][1][called.end() :]
        return [(lines[0][0], rest), *lines[1:]] if rest else lines[1:]
    match = _ALERT.match(lines[0][1])
    if match is None:
        return lines
    quote.kind, quote.label, quote.line = "admonition", (match.group(1) or match.group(3)).lower(), lines[0][0]
    rest, following = match.group(2) or "", lines[1:]
    if not rest or (following and _TITLE.fullmatch(rest) and not following[0][1][:1].islower()):
        quote.title = plain_text(rest)
        return following
    return [(lines[0][0], rest), *following]
