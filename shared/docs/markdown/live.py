"""HTML that does something on a page and says nothing in a text: buttons and fields, and working examples. Pure.

A working example is HTML whose code the page shows beside it.
"""

import re
from collections.abc import Sequence
from itertools import islice

from markdown_it.token import Token

_CONTROLS = re.compile(
    r"(<a\b[^<>]*>\s*)?<(button|select|textarea|label)\b[^<]*+(?:<(?!/?(?:button|select|textarea|label|a)\b)[^<]*+)*+</\2\s*>"
)
_FIELD = re.compile(r"\s*<(?:input|select|textarea)\b")
_WORD = re.compile(r"[^<\w]*+\w")
_ONE = r"\s+([^\s\"'>/=<]+(?:=(?:\"[^\"]*\"|'[^']*'))?)"
_TAG, _ATTRIBUTE = re.compile(rf"<[a-zA-Z][\w.-]*((?:{_ONE})+)"), re.compile(_ONE)
_LIVE = re.compile(r"(?:x|hx|v)-\w|(?:[@:]\w|on[a-z])[\w:.-]*=")
_BOX = re.compile(r"<(/?)(?:article|div|form|p|section|table|ul)\b", re.IGNORECASE)
_NEAR, _FARTHEST, _MOST = 40, 30, 5
_TEXT = frozenset({"html_block", "paragraph_open", "inline", "paragraph_close"})


def without_controls(html: str) -> str:
    """HTML without the words on its buttons and fields, with as many line ends; a button that is a link stays."""

    def shown(match: re.Match[str]) -> str:
        before = html[html.rfind(">", 0, match.start()) + 1 : match.start()]
        is_in_prose = _WORD.search(before) or _WORD.match(html, match.end())
        names_field = _FIELD.match(html, match.end()) or _FIELD.search(match[0])
        stays = match[1] or is_in_prose or (match[2] == "label" and not names_field)
        return match[0] if stays else "\n" * match[0].count("\n")

    return _CONTROLS.sub(shown, _CONTROLS.sub(shown, html))


def is_control(text: str) -> bool:
    """Whether a paragraph of HTML is controls alone."""
    bare = without_controls(text) if text.startswith("<") else text
    return bare != text and not re.search(r"\w", re.sub(r"<[^<>]*>", "", bare))


def live_end(tokens: Sequence[Token], index: int) -> int:
    """The index after HTML that shows what code near it does, because tags of both have the same attributes; or 0."""
    html = _html_of(tokens, index)
    found = _live_attributes(html) if html.lstrip().startswith("<") else []
    near = tokens[max(0, index - _NEAR) : index + _NEAR] if found else ()
    codes = [" ".join(token.content.split()) for token in near if token.type in ("fence", "code_block")]
    if not any(one in code for one in found for code in codes):
        return 0
    depth, end = _opened(html), _after(tokens, index)
    at = end
    while depth > 0 and at < min(len(tokens), index + _FARTHEST) and tokens[at].type in _TEXT:
        depth += _opened(_html_of(tokens, at))
        at = _after(tokens, at)
    return at if depth <= 0 else end


def _live_attributes(html: str) -> list[str]:
    attributes = (" ".join(one.split()) for tag in _TAG.finditer(html) for one in _ATTRIBUTE.findall(tag[1]))
    return [*islice(filter(_LIVE.match, attributes), _MOST)]


def _html_of(tokens: Sequence[Token], index: int) -> str:
    return tokens[index + (tokens[index].type == "paragraph_open")].content


def _after(tokens: Sequence[Token], index: int) -> int:
    return index + (3 if tokens[index].type == "paragraph_open" else 1)


def _opened(html: str) -> int:
    return sum(-1 if box[1] else 1 for box in _BOX.finditer(html))
