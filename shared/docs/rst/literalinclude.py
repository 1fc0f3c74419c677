"""`literalinclude` and `include` with `:literal:`: lines of another file shown as code, with the lines' own numbers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from shared.docs.included import NotIncluded
from shared.docs.plain import plain_text
from shared.docs.prose import Line
from shared.docs.reading import Place, Reading
from shared.docs.rst.explicit import Directive
from shared.docs.rst.paths import include_candidates
from shared.docs.snippets import code_of

_RANGE = re.compile(r"^(\d{0,9})\s*+(-?)\s*+(\d{0,9})$")


def read_literalinclude(reading: Reading, directive: Directive, place: Place) -> None:
    """Show the part of the included file that the options choose."""
    target = directive.argument_text
    found = next((path for path in include_candidates(reading.path, target) if path in reading.included), None)
    if found is None:
        reading.problem(directive.line, f"included file not found: {target}")
        return
    try:
        lines = reading.included.lines(found)
        whole = (1, len(lines))
        if name := directive.options.get("pyobject"):
            described = reading.included.python_module(found).objects.get(name)
            whole = described.whole if described else (1, 0)
        language = directive.options.get("language", "") or directive.options.get("code", "")
        chosen = select_lines(lines, directive.options, whole)
        block = code_of(reading.included, found, lines, chosen, language, place.depth)
    except NotIncluded as error:
        reading.problem(directive.line, f"{error}: {target}")
        return
    caption = reading.inline.one_line([Line(directive.line, directive.options.get("caption", ""))])
    reading.parts.append(replace(block, title=plain_text(caption)))


def select_lines(lines: Sequence[str], options: dict[str, str], span: tuple[int, int]) -> list[int]:
    """Numbers of those lines of `span` that `:lines:`, `:start-…:` and `:end-…:` leave, in order."""
    first, last = span
    if last < first:
        return []
    first = _start(lines, first, last, options)
    if first and (begin := options.get("start-line")) and begin.isdigit():
        first = max(first, int(begin) + 1)
    last = _end(lines, first, last, options)
    numbers = list(range(first, last + 1)) if first else []
    return _among(numbers, options["lines"]) if "lines" in options else numbers


def _start(lines: Sequence[str], first: int, last: int, options: dict[str, str]) -> int:
    """The first line wanted; 0 when its mark is missing."""
    for option, offset in (("start-at", 0), ("start-after", 1)):
        if mark := options.get(option):
            found = next((n for n in range(first, last + 1) if mark in lines[n - 1]), None)
            return 0 if found is None else found + offset
    return first


def _end(lines: Sequence[str], first: int, last: int, options: dict[str, str]) -> int:
    for option, offset in (("end-at", 0), ("end-before", -1)):
        if mark := options.get(option):
            begin = first + (1 if "start-at" in options else 0)
            return next((n + offset for n in range(max(begin, 1), last + 1) if mark in lines[n - 1]), last)
    return last


def _among(numbers: Sequence[int], chosen: str) -> list[int]:
    """The `numbers` that a list like `1-3,7,9-` counts (from 1, within `numbers`)."""
    wanted: set[int] = set()
    for piece in chosen.split(","):
        if match := _RANGE.match(piece.strip()):
            begin = int(match[1] or 1)
            end = int(match[3] or len(numbers)) if match[2] else begin
            wanted.update(range(begin, min(end, len(numbers)) + 1))
    return [number for index, number in enumerate(numbers, 1) if index in wanted]
