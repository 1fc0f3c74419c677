"""The marks with which elements of reStructuredText begin."""

import re

BULLET = re.compile(r"^([-*+•‣⁃])(\s+|$)")
ENUMERATOR = re.compile(r"^(\()?(\d+|[A-Za-z]|[ivxlcdmIVXLCDM]+|#)([.)])(\s+|$)")
FIELD = re.compile(r"^:(?![\s:])(?![\w:+.-]+:`)((?:[^:\\]|\\.|:(?!\s|$))+):(\s+|$)")
OPTION = re.compile(
    r"^((?:-\w|--[\w][\w-]*|/[A-Z])(?:[ =][\w<>\[\].-]+)?(?:, (?=[-/])(?:--?[\w-]+)(?:[ =][\w<>\[\].-]+)?)*)(\s{2,}|$)"
)
EXPLICIT = re.compile(r"^\.\.(\s|$)")
LINE_BLOCK = re.compile(r"^\|(\s|$)")
SUBSTITUTED = re.compile(r"^\|(?!\s)[^|]{1,80}\|(?:\s|$)")
ANONYMOUS = re.compile(r"^__ \S")
DOCTEST = re.compile(r"^>>> ")


def starts_element(text: str) -> bool:
    """Whether an unindented line begins a list, a directive or the like rather than going on with a paragraph."""
    marks = (EXPLICIT, ANONYMOUS, BULLET, ENUMERATOR, FIELD, OPTION, DOCTEST, LINE_BLOCK)
    return any(mark.match(text) for mark in marks)
