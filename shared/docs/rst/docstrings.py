"""The text of a docstring as lines of reStructuredText; sections of Google's and NumPy's styles become definitions.

A line keeps its number in the source; a line that says two things is two lines of that number.
"""

import re
from collections.abc import Iterator, Sequence

from shared.docs.prose import Line, dedent, indentation, trim_blank
from shared.docs.python_source import COMMENT, Span

_OPENING = re.compile(r"^\s*+[A-Za-z]{0,2}(?P<quotes>\"\"\"|'''|\"|')")
_ITEMS = "(?:keyword )?(?:args|arguments)|(?:other )?parameters|params|attributes|raises|warns|methods|receives"
_TEXTS = "returns?|yields?|examples?|notes?|warnings?|see also|references|todo|usage"
_SECTION = re.compile(rf"(?P<items>{_ITEMS})|{_TEXTS}", re.IGNORECASE)
_UNDERLINE = re.compile(r"-{3,}|={3,}")
_NAMES = r"(?P<name>\*{0,2}[\w.]+(?:, \*{0,2}[\w.]+)*)"
_NAMED = re.compile(rf"{_NAMES}(?: ?\((?P<type>[^()]*(?:\([^()]*\)[^()]*)*)\))?:(?:\s+(?P<text>.*))?")
_TYPED = re.compile(rf"{_NAMES}(?: ?: ?(?P<type>.*))?")
_STEP = "    "


def docstring_lines(lines: Sequence[str], span: Span) -> list[Line]:
    """The lines of the docstring that stands on `span` of a file's `lines`, without quotes or marks and indentation."""
    numbered = [Line(number, lines[number - 1].expandtabs(8).rstrip()) for number in range(span[0], span[1] + 1)]
    opening = _OPENING.match(numbered[0].text)
    if opening is None:
        return dedent([Line(line.number, line.text.partition(COMMENT)[2]) for line in numbered])
    last = numbered[-1]
    closing = re.compile(rf"\s*{opening['quotes']}(?:\s*#.*)?$")  # a remark to a checker may stand behind it
    end = closing.search(last.text, opening.end() if last is numbered[0] else 0)
    numbered[-1] = Line(last.number, last.text[: end.start() if end else None])
    first = Line(numbered[0].number, numbered[0].text[opening.end() :].strip())
    lines_said = trim_blank([first, *dedent(numbered[1:])])
    if "r" not in numbered[0].text.partition(opening["quotes"])[0].lower():
        lines_said = [Line(number, text.replace("\\\\", "\\")) for number, text in lines_said]
    return [*_sections(lines_said)]


def _sections(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with each section as a term and its definition."""
    index = 0
    while index < len(lines):
        title, skipped = _section_at(lines, index)
        if not title:
            yield lines[index]
            index += 1
            continue
        index += skipped
        start = index
        while index < len(lines) and not _ends(lines, index, underlined=skipped > 1):
            index += 1
        body = trim_blank(dedent(lines[start:index]))
        yield Line(lines[start - skipped].number, title)
        match = _SECTION.fullmatch(title)
        items = [*_items(body, _TYPED if skipped > 1 else _NAMED)] if match and match["items"] else body
        yield from (Line(line.number, f"{_STEP}{line.text}" if line.text else "") for line in trim_blank(items))
        yield Line(lines[index - 1].number, "")


def _section_at(lines: Sequence[Line], index: int) -> tuple[str, int]:
    """The title of the section that begins here and the lines it takes; "" where none begins."""
    text = lines[index].text
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    if _SECTION.fullmatch(text) and _UNDERLINE.fullmatch(following):
        return text, 2
    if text.endswith(":") and _SECTION.fullmatch(text[:-1]) and (not following or following[0].isspace()):
        return text[:-1], 1
    return "", 0


def _ends(lines: Sequence[Line], index: int, *, underlined: bool) -> bool:
    """Whether a section is over: at the next one; one whose title has no underline at a line that is not indented."""
    text = lines[index].text
    return bool(_section_at(lines, index)[0]) or (not underlined and bool(text) and not text[0].isspace())


def _items(lines: Sequence[Line], named: re.Pattern[str]) -> Iterator[Line]:
    """Names with what is said of each as terms and definitions; other lines as they are."""
    for line in lines:
        match = named.fullmatch(line.text) if line.text and not indentation(line.text) else None
        if match is None:
            yield line
            continue
        kind = match["type"]
        yield Line(line.number, "")
        yield Line(line.number, f"``{match['name']}``" + (f" ({kind})" if kind else ""))
        if said := match.groupdict().get("text"):
            yield Line(line.number, f"{_STEP}{said}")
