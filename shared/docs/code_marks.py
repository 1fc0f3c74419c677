"""Marks in code that a page does not show: those that colour lines, tags, and those that escape shortcodes."""

import html
import re

_MARK = re.compile(
    r"[ \t]*(?://|#|--|;|%|<!--|\{?/\*)[ \t]*(?:\[!code (?!--)[^\]\n]*\][ \t]*)+(?:-->|\*/\}?)?[ \t]*$", re.MULTILINE
)
_ESCAPED = re.compile(r"(\{\{[<%]|\{%)/\*([^{}]*)\*/([>%]\}\}|%\})|(\{\{)/\*(\s*\w+\([^{}\n]*\)\s*)\*/(\}\})")
"""A shortcode of Hugo or Zola that the page shows instead of what it makes; Go's own remark is no call."""
_ADDED = re.compile(
    r"(?<![\w)\]+\"'`])\+{3}(?=[^ \n+])(?![][<>.,+-]{1,300}\+{3}|\)[^+\n]{1,300}\(\+)"
    r"((?:[^+\n]|\+(?!\+)){1,300}(?<=[^\s+]))\+{3}(?![\w+\"'`{($%])"
)
"""Around what an example of Svelte's adds: `+++rest+++`. Beside words or quotation marks, or alone, they are code."""


def without_marks(code: str, *, added: bool = True) -> str:
    """Code as a page shows it. The mark of a removed line stays: else a reader takes old and new for one program.

    `added`: the plus signs around added code go, too. In AsciiDoc they are code.
    """
    code = _MARK.sub("", code) if "[!code " in code else code
    code = _ADDED.sub(r"\1", code) if added and "+++" in code else code
    return _ESCAPED.sub(lambda found: "".join(filter(None, found.groups())), code) if "/*" in code else code


_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


def shown_text(line: str) -> str:
    """A line of preformatted HTML as a browser shows it: without tags, entities as characters."""
    return html.unescape(_ANY_TAG.sub("", line))
