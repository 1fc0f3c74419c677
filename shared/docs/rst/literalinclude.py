"""`literalinclude` and `include` with `:literal:`: lines of another file shown as code, with the lines' own numbers."""

from collections.abc import Sequence
from dataclasses import replace

from shared.docs.included import NotIncluded
from shared.docs.listed_lines import lines_among, marked_lines
from shared.docs.plain import plain_text
from shared.docs.prose import Line
from shared.docs.reading import Place, Reading
from shared.docs.rst.explicit import Directive
from shared.docs.rst.paths import include_candidates
from shared.docs.snippets import code_of, visible_lines


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
    marked = marked_lines(directive.options.get("emphasize-lines", ""), chosen, visible_lines(lines, chosen, ""))
    caption = reading.inline.one_line([Line(directive.line, directive.options.get("caption", ""))])
    reading.parts.append(replace(block, title=plain_text(caption), marked=marked))


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
    return lines_among(numbers, options["lines"]) if "lines" in options else numbers


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
