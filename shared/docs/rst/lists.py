"""Lists of reStructuredText: bullets, numbers, fields and options."""

import re
from collections.abc import Callable, Iterator, Sequence

from shared.docs.code_spans import code_span
from shared.docs.model import Block
from shared.docs.prose import Line, dedent, indentation
from shared.docs.reading import Place, Reading, indented_block
from shared.docs.rst.inline import ESCAPED_MARK
from shared.docs.rst.marks import BULLET, ENUMERATOR, FIELD, OPTION, starts_element

_MOST_DIGITS = 10
_RAISES = ("raise", "raises", "except", "exception")
_KINDS_OF = {"type": "Type of", "vartype": "Type of", **dict.fromkeys(_RAISES, "Raises")}
_KINDS_ALONE = {"return": "Returns", "returns": "Returns", "rtype": "Of type", "yields": "Yields", "yield": "Yields"}
"""Fields of docstrings in words, those of a name and others; a field of another kind tells of what it names."""


def _list_items(
    lines: Sequence[Line], index: int, starts: Callable[[str], re.Match[str] | None]
) -> Iterator[tuple[int, int, int]]:
    """(first index, index after, content column) of the neighbouring items whose first lines `starts` knows."""
    while index < len(lines):
        match = starts(lines[index].text)
        if match is None:
            break
        end = max(indented_block(lines, index + 1), index + 1)
        yield index, end, match.end()
        index = end
        while index < len(lines) and not lines[index].text.strip():
            index += 1


def _item_body(lines: Sequence[Line], start: int, end: int, column: int) -> list[Line]:
    """The lines of an item at one indentation; its first paragraph may hang at another than the rest."""
    first = Line(lines[start].number, lines[start].text[column:].strip())
    hanging = next((i for i in range(start + 1, end) if not lines[i].text.strip()), end)
    if any(starts_element(line.text.strip()) for line in lines[start + 1 : hanging]) or first.text.endswith("::"):
        hanging = start + 1
    rest = lines[hanging:end]
    narrowest = min((indentation(line.text) for line in rest if line.text.strip()), default=column)
    return [
        first,
        *(Line(n, text.strip()) for n, text in lines[start + 1 : hanging]),
        *dedent(rest, min(narrowest, column)),
    ]


def _read_list(
    reading: Reading, lines: Sequence[Line], items: list[tuple[int, int, int]], place: Place, first: int | None = None
) -> int:
    """Read the items of a list; of a numbered one, `first` is the number of the first item."""
    list_id = reading.next_list()
    for number, (start, end, column) in enumerate(items, 1 if first is None else first):
        inner = reading.body(_item_body(lines, start, end, column), place.inside(deeper=True, paragraph="paragraph"))
        line = lines[start].number
        reading.headed(
            Block(
                "list_item", line, line, depth=place.depth, ordered=first is not None, number=number, list_id=list_id
            ),
            inner,
        )
    return items[-1][1]


def read_bullets(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """A list with one mark; gives the index after it."""
    mark = lines[index].text[0]
    items = list(_list_items(lines, index, lambda text: BULLET.match(text) if text.startswith(mark) else None))
    return _read_list(reading, lines, items, place)


def read_enumeration(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """A numbered list; gives the index after it, `index` where the line begins a paragraph after all."""
    opening = ENUMERATOR.match(lines[index].text)
    following = lines[index + 1].text if index + 1 < len(lines) else ""
    if opening is None or (following.strip() and not following[0].isspace() and not ENUMERATOR.match(following)):
        return index
    form = (opening[1], opening[3], opening[2].isdigit() or opening[2] == "#")

    def starts(text: str) -> re.Match[str] | None:
        match = ENUMERATOR.match(text)
        same = match is not None and (match[1], match[3], match[2].isdigit() or match[2] == "#") == form
        return match if same else None

    first = int(opening[2]) if opening[2].isdecimal() and len(opening[2]) < _MOST_DIGITS else 1
    return _read_list(reading, lines, list(_list_items(lines, index, starts)), place, first)


def read_fields(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """A field list; at the head of a file it says things about the file and is left out."""
    items = list(_list_items(lines, index, FIELD.match))
    if place.titles and not reading.parts:
        return items[-1][1]
    for start, end, column in items:
        match = FIELD.match(lines[start].text)
        name = match[1].strip() if match else ""
        kind, *of = name.split(maxsplit=1) or [""]
        known = (_KINDS_OF if of else _KINDS_ALONE).get(kind, "")
        named = (of[0] if kind in _RAISES else of[0].split()[-1]) if of else ""
        named = code_span(ESCAPED_MARK.sub(r"\1", named)) if named else ""
        term = f"{known} {named}".strip() or reading.inline.one_line([Line(lines[start].number, name)])
        _defined(reading, lines, (start, end, column), term, place)
    return items[-1][1]


def read_options(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """Options with what is said of them, up to the first of which nothing is said."""
    after = index
    for start, end, column in _list_items(lines, index, OPTION.match):
        if end == start + 1 and not lines[start].text[column:].strip():
            break
        match = OPTION.match(lines[start].text)
        _defined(reading, lines, (start, end, column), code_span(match[1]) if match else "", place)
        after = end
    return after


def _defined(reading: Reading, lines: Sequence[Line], item: tuple[int, int, int], term: str, place: Place) -> None:
    start, end, column = item
    inner = reading.body(_item_body(lines, start, end, column), place.inside(deeper=True, paragraph="paragraph"))
    number = lines[start].number
    reading.headed(Block("definition", number, number, depth=place.depth, term=term), inner)
