"""Inline Markdown as the words a reader sees."""

import html
import re
from collections.abc import Callable
from functools import lru_cache

from shared.course.sentence_marks import strip_marks
from shared.docs.plain import give_back

# Runs are taken as a whole: the search would remember a place for each of their characters, 100 bytes at a time.
_IMAGE = re.compile(r"!\[[^\]]{0,1000}+\]\((?:[^()]++|\([^()]*\))*\)")
_LINK = re.compile(r"\[((?:[^\[\]]++|\[[^\[\]]*\])*)\]\((?:[^()]++|\([^()]*\))*\)")
# A run of ticks opens code as a whole or not at all: else a long one is tried once for each of its ticks.
CODE_SPAN = re.compile(r"(?:(?<![\\`])|(?<=\\`))(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)", re.DOTALL)
_EMPHASIS = re.compile(r"(?<!\\)(?:\*{1,3}|~~)")
# An underscore that no other one closes is part of a name, as in `_Private`.
_UNDERSCORED = re.compile(r"(?<![\w\\])(_{1,3})([^\s_](?:.{0,200}?[^\s_\\])?)\1(?!\w)", re.DOTALL)
_HELD = re.compile("\ue020(\\d{1,9})\ue021")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@lru_cache(maxsize=16384)
def show_plain(markdown: str) -> str:
    """Text without marks, pictures, link targets, emphasis and escapes; code spans keep their words."""
    return " ".join(_around_code(strip_marks(markdown), _show_prose, "code").split())


@lru_cache(maxsize=16384)
def show_prose(markdown: str) -> str:
    """As `show_plain`, without the code spans."""
    return " ".join(_show_prose(CODE_SPAN.sub(" ", strip_marks(markdown))).split())


def show_folded(markdown: str) -> str:
    """As `show_plain`, letter case and a last full stop aside."""
    return show_plain(markdown).lower().rstrip(".")


def hide_code(markdown: str) -> str:
    """Markdown as written, without marks, link targets and code; a backtick stays where a code span was."""
    return CODE_SPAN.sub("`", drop_targets(strip_marks(markdown)))


def drop_targets(text: str) -> str:
    """Links as their text, pictures as nothing."""
    return _around_code(text, _drop_targets)


def _around_code(text: str, change: Callable[[str], str], group: str | int = 0) -> str:
    """The text changed but for its code, which comes back as the `group` of its span: brackets in code are no link."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[group])
        return f"\ue020{len(held) - 1}\ue021"

    return give_back(held, _HELD, change(CODE_SPAN.sub(hold, text) if "`" in text else text))


def _drop_targets(text: str) -> str:
    return _LINK.sub(r"\1", _LINK.sub(r"\1", _IMAGE.sub(" ", text)))


def _show_prose(text: str) -> str:
    shown = _UNDERSCORED.sub(r"\2", _drop_targets(text))
    return html.unescape(drop_escapes(_EMPHASIS.sub("", shown)))


def drop_escapes(text: str) -> str:
    """Punctuation without the backslash before it."""
    return _ESCAPE.sub(r"\1", text)
