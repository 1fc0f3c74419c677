"""Options that mean what the key means: the same words, a synonym, or an alias that the source itself gives."""

import re
from functools import lru_cache

from shared.course.plain_text import show_plain
from shared.course.wording import list_words, stem_content_words

_ARTICLES = frozenset(re.findall(r"\w+", "a an the this that these those its their your our is are be of"))
_SYNONYMS = (
    "delete remove erase discard", "begin start launch", "end stop finish terminate", "get fetch retrieve obtain",
    "show display", "quit exit", "folder directory", "picture image", "config configuration settings", "big large",
    "enable activate", "disable deactivate", "fast quick rapid", "error failure", "allow permit", "require need",
    "verify validate", "change modify alter", "choose select pick", "create make", "build construct", "send transmit",
    "store save keep", "wait pause", "join combine merge", "split divide", "repeat iterate", "run execute",
    "call invoke", "use employ", "help assist", "find locate", "list enumerate", "copy duplicate",
    "several many multiple", "message notification", "print output", "empty blank", "whole entire complete",
)  # fmt: skip
_CALL = re.compile(r"`[^`]+\([^`]*`$")
"""Code whose quotation marks make a difference: `f(1)` is not `f("1")`. The kind of them and blanks make none."""
_BLANKS = re.compile(r"\s*+([^\w\s])\s*+")
_ALIAS = (
    r"(?:,?\s*\(?(?:also (?:known|called|written|spelled) (?:as )?|a\.?k\.?a\.? "
    r"|(?:is )?(?:an )?alias(?: (?:for|of|to))? |(?:is )?short for |(?:is )?(?:the )?same as |(?:is )?equivalent to "
    r"|equals |a synonym (?:for|of) |synonymous with |i\.e\.,? |in other words,? ))"
)
_BETWEEN = r"[`'\"*_)\]]*"
_BEFORE = r"[`'\"*_(\[]*"


def means_same(key: str, other: str, sources: list[str]) -> bool:
    """Whether an option is the key in other clothes. `sources` are the lines that may name one as the other's alias."""
    one, two = _canonical(key), _canonical(other)
    if one and one == two:
        return not (_CALL.match(key) and _CALL.match(other)) or _squeeze(key) == _squeeze(other)
    first, second = show_plain(key).strip(), show_plain(other).strip()
    return any(_is_alias(first, second, source) for source in sources)


@lru_cache(maxsize=8192)
def _canonical(text: str) -> tuple[str, ...]:
    """The stems of a text without articles and inflection, synonyms by one name."""
    words = [word for word in list_words(show_plain(text)) if word not in _ARTICLES]
    stems = map(_stem, words)
    return tuple(_NAMES.get(stem, stem) for stem in stems)


def _squeeze(code: str) -> str:
    return _BLANKS.sub(r"\1", code.replace('"', "'"))


def _stem(word: str) -> str:
    return next(iter(stem_content_words(word)), word)


_NAMES = {_stem(word): group.split()[0] for group in _SYNONYMS for word in group.split()}


def _is_alias(one: str, two: str, source: str) -> bool:
    """Whether the source says that one is the other, as in "-v, --verbose" or "a stream (also called a log)"."""
    if not one or not two or one.casefold() not in source.casefold() or two.casefold() not in source.casefold():
        return False
    link = _ALIAS
    if one.startswith("-") and two.startswith("-") and one.startswith("--") != two.startswith("--"):
        link = rf"(?:{_ALIAS}|\s*[,/|]\s*)"
    return any(
        re.search(rf"{re.escape(a)}{_BETWEEN}\s*{link}{_BEFORE}(?:an? )?{re.escape(b)}(?!\w)", source, re.IGNORECASE)
        for a, b in ((one, two), (two, one))
    )
