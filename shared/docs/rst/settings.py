"""Read the settings in the conf.py of a Sphinx project that hold for each of its pages."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, chain, groupby
from operator import itemgetter

from shared.docs.encoding import text_lines
from shared.docs.included import Included, NotIncluded
from shared.docs.prose import Line
from shared.docs.python_imports import parse
from shared.docs.rst.paths import SETTINGS, include_candidates

LANGUAGE = "highlight_language"
"""The setting of a conf.py for code without a language of its own."""
INCLUDE = re.compile(r"^\s*\.\.\s+(?:\|[^|]+\|\s*)?include::\s*(\S.*)$")
_AROUND = frozenset({"rst_prolog", "rst_epilog"})
_FILLED_IN = re.compile(r"\{\w*\}|%\(|%s")  # by the conf.py itself
_LITERAL = (ast.Constant, ast.JoinedStr, ast.BinOp)
_LONGEST_LINE, _FARTHEST = 1_000, 50  # of a conf.py: characters, and lines that are searched for the next one


def project_setting(name: str, path: str, included: Included) -> str:
    """The text that a conf.py gives a setting, or ""."""
    given = re.compile(rf"^{name}\s*=\s*[\"']([\w.:+-]+)".encode(), re.MULTILINE)
    found = (given.search(included[conf]) for conf in include_candidates(path, SETTINGS) if conf in included)
    return next((match[1].decode() for match in found if match), "")


def around_pages(path: str, included: Included) -> Iterator[tuple[str, list[Line]]]:
    """The texts that the nearest conf.py with such texts puts around each page, with those that they include, by the
    file of each. A line that is not found in its file has the number 0.
    """
    found = ((conf, _literal_lines(included[conf])) for conf in include_candidates(path, SETTINGS) if conf in included)
    conf, lines = next((one for one in found if one[1]), ("", ()))
    if lines:
        yield conf, list(lines)
    targets = (match[1] for line in lines if (match := INCLUDE.match(line.text)))
    for other in dict.fromkeys(_find_included(path, conf, target, included) for target in targets):
        try:
            if other:
                yield other, [Line(number, text) for number, text in enumerate(included.lines(other), 1)]
        except NotIncluded:
            continue


def _find_included(path: str, conf: str, target: str, included: Included) -> str:
    """The file that the text around a page includes: from the root of the pages, or beside the page."""
    beside = () if target.startswith("/") else include_candidates(path, target)
    return next((one for one in (*beside, *include_candidates(conf, target)) if one in included), "")


@lru_cache(maxsize=16)
def _literal_lines(conf: bytes) -> tuple[Line, ...]:
    """The lines of the literal texts that a conf.py puts around its pages, but those that it fills in."""
    text = conf.decode(errors="replace") if b"rst_" in conf else ""
    tree = parse(text)
    raw_lines = [line.strip() if len(line) < _LONGEST_LINE else "" for line in text_lines(text)]
    lines = [
        line
        for node in (tree.body if tree else ())
        if isinstance(node, ast.Assign | ast.AugAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id in _AROUND
        for line in _lines_of(node.value, raw_lines)
    ]
    begins = accumulate(not line.text.strip() or line.text.lstrip().startswith("..") for line in lines)
    runs = ([line for _, line in run] for _, run in groupby(zip(begins, lines, strict=True), key=itemgetter(0)))
    return tuple(line for run in runs if not any(_FILLED_IN.search(one.text) for one in run) for line in run)


def _lines_of(value: ast.expr, raw_lines: Sequence[str]) -> Iterator[Line]:
    """The lines of the text of an expression, with the numbers of the lines that they are found in, or 0."""
    pieces = sorted(_list_pieces(value), key=itemgetter(0))
    are_lines = any(isinstance(one, ast.List | ast.Tuple) for one in ast.walk(value))
    at = value.lineno - 1
    for text in ("\n" if are_lines else "").join(piece for _, piece in pieces).split("\n"):
        near = range(at, min(at + _FARTHEST, value.end_lineno or value.lineno, len(raw_lines)))
        whole = (number for number in near if raw_lines[number] == text.strip())
        within = (number for number in near if text.strip() in raw_lines[number])
        found = next(chain(whole, within), -1) if text.strip() else -1
        at = max(at, found)
        yield Line(found + 1, text)


def _list_pieces(value: ast.expr) -> Iterator[tuple[tuple[int, int], str]]:
    """The literal texts of an expression by their positions, and `{}` for what is put between them."""
    for node in ast.walk(value):
        match node:
            case ast.Constant(value=str(text)):
                yield (node.lineno, node.col_offset), text
            case ast.FormattedValue():
                yield (node.lineno, node.col_offset), "{}"
            case ast.BinOp(op=ast.Add()):
                made = (one for one in (node.left, node.right) if not isinstance(one, _LITERAL))
                yield from (((one.lineno, one.col_offset), "{}") for one in made)
