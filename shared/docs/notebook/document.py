"""Reading Jupyter notebooks: Markdown cells as Markdown, code cells as code, lines as those of the JSON file."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import dropwhile, takewhile

from shared.docs.citations import TERMINAL_CODES
from shared.docs.code_spans import code_span
from shared.docs.headings import Heading, Part, build_sections, divide_long, title_from_path
from shared.docs.included import Included
from shared.docs.markdown.document import read_body
from shared.docs.model import Block, Container, Link, Sentence
from shared.docs.notebook.cells import Cell, Located, Output, load_cells
from shared.docs.parsed import ParsedDocument
from shared.docs.placed import placed
from shared.docs.problems import NOT_SHOWN
from shared.docs.python_source import parse_module
from shared.docs.reading import put_within
from shared.docs.snippets import undent

_MAX_OUTPUT_LINES = 400
_MAX_OUTPUT_CHARACTERS = 40_000

_DIRECTIVE = re.compile(r"^#\s?\|\s*(?P<name>[\w-]+(?::\s*\w+)?)")
_SETTING = re.compile(r"^[-*] [\w-]+: ?[\w./-]*\s*$")
_DESCRIBES = re.compile(r"^show_doc\((?P<name>[A-Za-z_][\w.]*)(?:,[^()\n]*)?\);?\s*$")
_SOURCE_LINK = re.compile(r"^\[\w+\]\([^()\s]*\)(?:\{[^{}]*\})?\s*$|^---$")
_QUOTED_CODE = re.compile(r"^>(?= {5})")
_HIDES_ALL = frozenset({"hide", "include-false", "default_exp", "remove-cell"})
_HIDES_CODE = _HIDES_ALL | {"hide_input", "echo-false", "remove-input"}
_HIDES_OUTPUT = _HIDES_ALL | {"hide_output", "output-false", "remove-output"}
_EXPORTS = frozenset({"export", "exporti"})


def read(path: str, text: str, included: Included) -> ParsedDocument:
    """Read a notebook; nothing in it is executed."""
    try:
        cells, language = load_cells(text)
    except (ValueError, RecursionError, TypeError, AttributeError, KeyError):
        return ParsedDocument("", 1, (), problems=("not a notebook: its JSON cannot be read",))
    reading = _Reading(path, included, cells, language)
    for number, cell in enumerate(cells, 1):
        reading.read(cell, number)
    title = next((part for part in reading.parts if isinstance(part, Heading)), None)
    return ParsedDocument(
        title=title.text if title else "",
        title_line=title.line if title else 1,
        sections=build_sections(
            title.text if title else title_from_path(path), divide_long(reading.parts), text.count("\n") + 1
        ),
        links=tuple(reading.links),
        problems=tuple(reading.problems),
    )


class _Reading:
    """One pass over the cells of a notebook."""

    def __init__(self, path: str, included: Included, cells: Sequence[Cell], language: str) -> None:
        self.parts: list[Part] = []
        self.links: list[Link] = []
        self.problems: list[str] = []
        self._path = path
        self._included = included
        self._cells = cells
        self._language = language

    def read(self, cell: Cell, number: int) -> None:
        """Add what a cell holds."""
        if cell.kind == "markdown":
            texts = [text for _, text in cell.lines]
            self._markdown(texts if self.parts else _without_settings(texts), cell.lines, number)
        elif cell.kind == "code":
            directives = cell.tags | _directives(cell.lines)
            outputs = () if directives & _HIDES_OUTPUT else cell.outputs
            if described := _described_name(cell.lines):
                self._described(described, cell, outputs, number)
                return
            for code in _shown_code(cell.lines, directives):
                self.parts += _code(code, self._language)
            for output in outputs:
                self._output(output, number)

    def _described(self, name: str, cell: Cell, outputs: Sequence[Output], number: int) -> None:
        """The lines that nbdev shows for a name: recorded output, else the words of the notebook itself."""
        said = [output for output in outputs if output.is_markdown]
        before = len(self.parts)
        for output in said:
            texts = [_QUOTED_CODE.sub("", _SOURCE_LINK.sub("", text)) for _, text in output.lines]
            self._markdown(texts, output.lines, number)
        for index, part in enumerate(self.parts[before:], before):
            if isinstance(part, Block) and part.kind == "code" and not part.language:
                self.parts[index] = replace(part, language=self._language)
        if not said:
            line = cell.lines[0][0]
            missing = Sentence(f"{code_span(name)} is {NOT_SHOWN}", line, line)
            self.parts += _code(self._exported(name), self._language) or put_within(
                [Block("quote", line, line, (missing,))], Container("quote", line)
            )

    def _exported(self, name: str) -> Located:
        """The signature and docstring of a name that a cell of the notebook exports."""
        for cell in self._cells:
            if cell.kind == "code" and name.rpartition(".")[2] in "".join(text for _, text in cell.lines):
                module = parse_module([text for _, text in cell.lines])
                if name in module.objects:
                    first, last = module.objects[name].shown
                    return cell.lines[first - 1 : last]
        return []

    def _output(self, output: Output, number: int) -> None:
        if output.is_markdown:
            self._markdown([text for _, text in output.lines], output.lines, number)
        else:
            self.parts += _code(output.lines, "text", short=True)

    def _markdown(self, texts: list[str], lines: Located, number: int) -> None:
        body = read_body(self._path, texts, texts, self._included)
        self.parts += placed(body.parts, lines)
        self.links += [replace(link, line=lines[link.line - 1][0]) for link in body.links]
        self.problems += [f"cell {number}, {problem}" for problem in body.problems]


def _without_settings(lines: list[str]) -> list[str]:
    """The first cell without the list of settings below its title (nbdev's front matter)."""
    last = max((i for i, line in enumerate(lines) if line.strip() and not _SETTING.match(line)), default=-1)
    titled = lines and lines[0].startswith("# ")
    return lines[: last + 1] + [""] * (len(lines) - last - 1) if titled else lines


def _described_name(lines: Located) -> str:
    """The name that a cell asks nbdev to describe, if it does nothing else; "" for every other cell."""
    rest = [text for _, text in _without_directives(lines) if text.strip()]
    match = _DESCRIBES.match("\n".join(rest)) if rest and rest[0].startswith("show_doc(") else None
    return match["name"] if match else ""


def _without_directives(lines: Located) -> Located:
    return list(dropwhile(lambda line: not line[1].strip() or _DIRECTIVE.match(line[1]), lines))


def _directives(lines: Located) -> frozenset[str]:
    """The directives of Quarto and nbdev at the head of a cell: `#| hide`, `#| echo: false` as `echo-false`."""
    found = (match for _, text in takewhile(lambda line: not line[1].strip() or _DIRECTIVE.match(line[1]), lines)
             if (match := _DIRECTIVE.match(text)))  # fmt: skip
    return frozenset(re.sub(r":\s*", "-", match["name"].strip()).lower() for match in found)


def _shown_code(lines: Located, directives: AbstractSet[str]) -> list[Located]:
    """The code that readers see: nothing of hidden cells; of exported ones what documentation shows of a module."""
    if directives & _HIDES_CODE:
        return []
    rest = _without_directives(lines)
    if not directives & _EXPORTS:
        return [rest]
    module = parse_module([text for _, text in rest])
    objects = [module.objects[name].shown for name in module.public("")]
    return [rest[first - 1 : last] for first, last in objects]


def _code(lines: Located, language: str, *, short: bool = False) -> list[Block]:
    """Lines of a code cell or output as a block, without blank lines around them."""
    filled = [index for index, (_, text) in enumerate(lines) if text.strip()]
    if not filled:
        return []
    kept = lines[filled[0] : filled[-1] + 1]
    texts = [text for _, text in kept]
    if short and (len(kept) > _MAX_OUTPUT_LINES or sum(map(len, texts)) > _MAX_OUTPUT_CHARACTERS):
        return []
    if any(TERMINAL_CODES.search(text) for text in texts):
        return []
    return [Block("code", kept[0][0], kept[-1][0], code=undent(texts), language=language)]
