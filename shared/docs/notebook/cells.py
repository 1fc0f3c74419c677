"""The cells of a notebook, from its JSON, with the raw line that each line of a cell stands on."""

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from shared.docs.untrusted import load_json

_LITERAL = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')
_STANDS_IN = re.compile(r"^<.*>$")

Located = list[tuple[int, str]]
"""Lines of a cell's text, each with the raw line of the JSON string it stands in."""


class _Placed(NamedTuple):
    """A JSON string and the offset in the file at which its literal begins."""

    text: str
    offset: int


class Output(NamedTuple):
    """The output of a cell: Markdown, or plain text."""

    is_markdown: bool
    lines: Located


class Cell(NamedTuple):
    """A cell with its kind, its source, what it showed and its tags."""

    kind: str
    lines: Located
    outputs: Sequence[Output]
    tags: frozenset[str]


def load_cells(text: str) -> tuple[list[Cell], str]:
    """The cells, and the language of their code. Raises an error of Python's own for what is not a notebook."""
    newlines = [match.start() for match in re.finditer("\n", text)]
    loaded = _load(text)
    return _cells(loaded, newlines), _language(loaded)


def _load(text: str) -> Any:
    """The JSON of `text` with each string as a `_Placed`.

    The standard library does not tell where values stand. So each string literal is first replaced by its number; what
    is loaded then names literals, and their offsets are known.
    """
    literals: list[_Placed] = []

    def number(match: re.Match[str]) -> str:
        literals.append(_Placed(match.group(), match.start()))
        return f'"{len(literals) - 1}"'

    skeleton = _LITERAL.sub(number, text)

    def placed(value: Any) -> Any:
        if isinstance(value, str):
            literal = literals[int(value)]
            return _Placed(load_json(literal.text), literal.offset)
        return [placed(item) for item in value] if isinstance(value, list) else value

    def named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {placed(key).text: placed(value) for key, value in pairs}

    return json.loads(skeleton, object_pairs_hook=named)


def _cells(notebook: Any, newlines: Sequence[int]) -> list[Cell]:
    """The cells of a notebook of format 4, and of format 3 with its worksheets."""
    sheets = notebook.get("worksheets", [notebook])
    found = []
    for cell in (cell for sheet in sheets for cell in sheet["cells"]):
        outputs = [_output(output, newlines) for output in cell.get("outputs", ())]
        source = _located(_strings(cell.get("source", cell.get("input"))), newlines)
        tags = frozenset(_text(tag) for tag in cell.get("metadata", {}).get("tags", ()))
        found.append(Cell(_text(cell.get("cell_type")), source, [one for one in outputs if one.lines], tags))
    return found


def _output(output: Any, newlines: Sequence[int]) -> Output:
    """The Markdown of an output, else its plain text, unless that only stands in for a picture or an object."""
    if "text" in output:
        return Output(
            False, _located(_strings(output["text"]) if _text(output.get("name")) != "stderr" else [], newlines)
        )
    data = output.get("data", {})
    if "text/markdown" in data:
        return Output(True, _located(_strings(data["text/markdown"]), newlines))
    plain = _located(_strings(data.get("text/plain")), newlines)
    only_text = set(data) == {"text/plain"}
    table = set(data) == {"text/plain", "text/html"} and not any(_STANDS_IN.match(text) for _, text in plain[:1])
    return Output(False, plain if only_text or table else [])


def _strings(source: Any) -> list[_Placed]:
    strings = source if isinstance(source, list) else [source]
    return [string for string in strings if isinstance(string, _Placed)]


def _text(value: Any) -> str:
    return value.text if isinstance(value, _Placed) else ""


def _language(notebook: Any) -> str:
    metadata = notebook.get("metadata", {})
    named = metadata.get("language_info", {}).get("name"), metadata.get("kernelspec", {}).get("language")
    return next((name.lower() for name in map(_text, named) if name), "python")


def _located(strings: Sequence[_Placed], newlines: Sequence[int]) -> Located:
    """The lines of a text that is kept in several JSON strings."""
    lines: Located = []
    open_line = False
    for string in strings:
        number = bisect_right(newlines, string.offset) + 1
        for index, piece in enumerate(string.text.split("\n")):
            if index == 0 and open_line:
                before = lines.pop()
                lines.append((before[0] if before[1] else number, before[1] + piece))
            else:
                lines.append((number, piece))
        open_line = True
    if lines and not lines[-1][1]:
        lines.pop()
    return lines
