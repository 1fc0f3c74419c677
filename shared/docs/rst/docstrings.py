"""The text of a docstring as lines of reStructuredText or Markdown, in which sections of Google's and NumPy's styles
become definitions, or lists below words in bold.

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
_BOX = re.compile(r"note|warning|todo", re.IGNORECASE)
_STEP = "    "


def docstring_lines(lines: Sequence[str], span: Span, *, markdown: bool = False) -> list[Line]:
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
    return [*_fenced([*_sections(lines_said, markdown=True)])] if markdown else [*_sections(lines_said, markdown=False)]


def _sections(lines: Sequence[Line], *, markdown: bool) -> Iterator[Line]:
    """The lines with each section as a term and its definition; in Markdown, as text behind its title or a list."""
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
        box = _BOX.match(title) if markdown else None
        said = f"!!! {box[0].lower()}" if box else f"**{title}:**" if markdown else title
        yield Line(lines[start - skipped].number, said)
        match = _SECTION.fullmatch(title)
        named = _TYPED if skipped > 1 else _NAMED
        items = [*_items(body, named, markdown=markdown)] if match and match["items"] else body
        step = "" if markdown and not box else _STEP
        yield from (Line(line.number, f"{step}{line.text}" if line.text else "") for line in trim_blank(items))
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


def _items(lines: Sequence[Line], named: re.Pattern[str], *, markdown: bool) -> Iterator[Line]:
    """Names with what is said of each as terms and definitions, or items of a list; other lines as they are."""
    for line in lines:
        match = named.fullmatch(line.text) if line.text and not indentation(line.text) else None
        if match is None:
            yield line
            continue
        kind = f" ({match['type']})" if match["type"] else ""
        said = match.groupdict().get("text") or ""
        yield from [] if markdown else [Line(line.number, "")]
        yield Line(line.number, f"- `{match['name']}`{kind}: {said}" if markdown else f"``{match['name']}``{kind}")
        if said and not markdown:
            yield Line(line.number, f"{_STEP}{said}")


def _fenced(lines: Sequence[Line]) -> Iterator[Line]:
    """The lines with a fence around each session of Python, which Markdown would take for quotes."""
    indent, is_code = "", False
    for line in [*lines, Line(lines[-1].number, "")] if lines else ():
        text = line.text.lstrip()
        if indent and not text:
            yield Line(line.number, f"{indent[1:]}```")
            indent = ""
        is_code ^= text.startswith(("```", "~~~"))
        if not indent and not is_code and text.startswith(">>>"):
            indent = f"|{line.text[: -len(text)]}"
            yield Line(line.number, f"{indent[1:]}```pycon")
        yield line
