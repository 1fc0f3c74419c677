"""The CommonMark of lessons, with tables: one parser for gates, pages and the search."""

from collections.abc import Callable
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, image, link

_Rule = Callable[[StateInline, bool], bool]


def new_parser(*, html: bool = False) -> MarkdownIt:
    """A parser of lessons. `html` keeps raw HTML as HTML; otherwise it is text."""
    parser = MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"])
    parser.inline.ruler.at("link", _only_before_a_target(link))
    parser.inline.ruler.at("image", _only_before_a_target(image))
    return parser


def _only_before_a_target(rule: _Rule) -> _Rule:
    """The rule where it can match. It reads a text from each of twenty open `[` to the end, and finds nothing."""

    def read(state: StateInline, silent: bool) -> bool:
        can_match = state.env.get("references") or state.pos < _last_target(state.src)
        return bool(can_match) and rule(state, silent)

    return read


@lru_cache(maxsize=1)
def _last_target(text: str) -> int:
    """Where the last target of a link begins; -1 without one."""
    return text.rfind("](")
