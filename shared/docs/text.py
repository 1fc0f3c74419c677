"""Reading plain text: paragraphs between blank lines, underlined headings, lists and indented examples."""

import re
from collections.abc import Sequence
from itertools import islice

from shared.docs.encoding import text_lines
from shared.docs.formats import DocFormat
from shared.docs.headings import Heading, Part, build_sections, title_from_path
from shared.docs.included import Included
from shared.docs.model import Block
from shared.docs.parsed import ParsedDocument
from shared.docs.prose import escape_plain, sentences_of
from shared.docs.reading import container_of, put_within
from shared.docs.snippets import undent

_UNDERLINE = re.compile(r"^([=\-~*#^\"'])\1{2,}\s*$")
_ITEM = re.compile(r"^( *)(?:([-*+•o])|(\d{1,3})[.)])\s+(?=\S)")
_INDENTED = re.compile(r"^(?: {4}|\t)")
_COLUMNS = re.compile(r"[^\s.!?] {3,}\S")
_LONGEST_TITLE = 70
_RST_MARK = re.compile(
    r"^ *\.\. [\w:-]{1,40}::|^\.\. _[^:\n]{1,80}:|::\n\n {1,8}\S|``[^`\n]{1,80}``|`__?(?!\w)", re.MULTILINE
)
_MARKDOWN_MARK = re.compile(r"^#{1,6} \S|^```|\]\((?=[^)\s])", re.MULTILINE)
_LEAST_MARKS = 2
_FENCED = re.compile(r"^ {0,3}```\w+ *\n(?:(?! *```).*\n)+? {0,3}``` *$", re.MULTILINE)
_FIRST_HEADING = re.compile(r"\ufeff?\s*#{1,6} [^\n]+\n[ \t\r]*\n")
_MAX_LINE = 20_000
_LEVELS = 6


def find_markup(path: str, text: str) -> DocFormat:
    """The markup that a plain text is written in.

    One whose name has no ending may be in any; one that is called a text is Markdown where it begins with a heading, or
    has fenced code that names its language.
    """
    if "." not in path.rpartition("/")[2]:
        if len(_RST_MARK.findall(text)) >= _LEAST_MARKS:
            return "rst"
        return "markdown" if len(_MARKDOWN_MARK.findall(text)) >= _LEAST_MARKS else "text"
    is_fenced = sum(1 for _ in islice(_FENCED.finditer(text), _LEAST_MARKS)) == _LEAST_MARKS
    return "markdown" if is_fenced or _FIRST_HEADING.match(text) else "text"


def read(path: str, text: str, _included: Included) -> ParsedDocument:
    """Read a plain-text document."""
    raw_lines = text_lines(text)
    problems = [
        f"line {n} has {len(line)} characters and was left out"
        for n, line in enumerate(raw_lines, 1)
        if len(line) > _MAX_LINE
    ]
    lines = ["" if len(line) > _MAX_LINE else line.replace("\t", "    ") for line in raw_lines]
    parts = _headed(_TextReading(lines, raw_lines).parts(), lines)
    first = next((part for part in parts if isinstance(part, Heading)), None)
    title, title_line = (first.text, first.line) if first and first is parts[0] else ("", 1)
    return ParsedDocument(
        title=title,
        title_line=title_line,
        sections=build_sections(title or title_from_path(path), parts, len(raw_lines)),
        problems=tuple(problems),
    )


def _headed(parts: list[Part], lines: Sequence[str]) -> list[Part]:
    """The parts of a text without headings, with a first line that stands alone and is no sentence as its title."""
    first = parts[0] if parts else None
    if not isinstance(first, Block) or any(isinstance(part, Heading) for part in parts):
        return parts
    line = " ".join(lines[first.start_line - 1].split())
    is_title = first.kind == "paragraph" and first.start_line == first.end_line and len(line) <= _LONGEST_TITLE
    if not (is_title and line[0].isalnum()) or len(parts) == 1 or line.endswith((".", ":", "!", "?", ",", ";")):
        return parts
    return [Heading(line, 1, first.start_line), *parts[1:]]


class _TextReading:
    """One pass over groups of lines that blank lines part."""

    def __init__(self, lines: Sequence[str], raw_lines: Sequence[str]) -> None:
        self._lines = lines
        self._raw = raw_lines
        self._parts: list[Part] = []
        self._styles: list[str] = []
        self._list = 0

    def parts(self) -> list[Part]:
        group: list[int] = []
        for number, line in enumerate([*self._lines, ""], 1):
            if line.strip():
                group.append(number)
            elif group:
                self._group(group)
                group = []
        return self._parts

    def _text(self, number: int) -> str:
        return self._lines[number - 1]

    def _group(self, numbers: list[int]) -> None:
        """Lines without a blank one between them: a heading, an example, list items, a paragraph, or several."""
        while len(numbers) >= 2 and (style := self._underlined(numbers)):
            if style not in self._styles:
                self._styles.append(style)
            level = min(self._styles.index(style) + 1, _LEVELS)
            self._parts.append(Heading(" ".join(self._text(numbers[0]).split()), level, numbers[0]))
            numbers = numbers[2:]
        numbers = [n for n in numbers if not _UNDERLINE.match(self._text(n).strip())]
        if not numbers:
            return
        set_out = sum(_COLUMNS.search(self._text(n)) is not None for n in numbers)
        is_set = all(_INDENTED.match(self._text(n)) for n in numbers) or set_out > max(1, len(numbers) // 2)
        if is_set and not _ITEM.match(self._text(numbers[0])):
            self._example(numbers)
        elif _ITEM.match(self._text(numbers[0])):
            self._items(numbers)
        else:
            self._prose(numbers)

    def _underlined(self, numbers: Sequence[int]) -> str:
        title, line = self._text(numbers[0]).rstrip(), self._text(numbers[1]).rstrip()
        match = _UNDERLINE.match(line)
        fits = match and not _UNDERLINE.match(title) and len(title) <= len(line) + 4 and re.search(r"\w", title)
        return match.group(1) if match and fits else ""

    def _example(self, numbers: Sequence[int]) -> None:
        code = undent(self._raw[numbers[0] - 1 : numbers[-1]])
        before = self._parts[-1] if self._parts else None
        between = self._raw[before.end_line : numbers[0] - 1] if isinstance(before, Block) else ["x"]
        if isinstance(before, Block) and before.kind == "code" and not any(line.strip() for line in between):
            code = undent(self._raw[before.start_line - 1 : numbers[-1]])
            self._parts[-1] = Block("code", before.start_line, numbers[-1], code=code)
            return
        self._parts.append(Block("code", numbers[0], numbers[-1], code=code))

    def _items(self, numbers: Sequence[int]) -> None:
        items: list[list[int]] = []
        for number in numbers:
            if _ITEM.match(self._text(number)) or not items:
                items.append([number])
            else:
                items[-1].append(number)
        before = self._parts[-1] if self._parts else None
        first = _ITEM.match(self._text(items[0][0]))
        ordered = first is not None and first.group(3) is not None
        follows = isinstance(before, Block) and before.kind == "list_item" and before.ordered == ordered
        count = before.number if isinstance(before, Block) and follows else 0
        self._list += 0 if follows else 1
        for item in items:
            match = _ITEM.match(self._text(item[0]))
            assert match is not None
            lines = [(item[0], self._text(item[0])[match.end() :]), *((n, self._text(n)) for n in item[1:])]
            sentences = sentences_of((n, escape_plain(text)) for n, text in lines)
            if sentences:
                count += 1
                block = Block(
                    "list_item", item[0], item[-1], sentences, ordered=ordered, number=count, list_id=self._list
                )
                self._parts += put_within([block], container_of(block))

    def _prose(self, numbers: Sequence[int]) -> None:
        sentences = sentences_of((n, escape_plain(self._text(n))) for n in numbers)
        if sentences:
            self._parts.append(Block("paragraph", numbers[0], numbers[-1], sentences))
