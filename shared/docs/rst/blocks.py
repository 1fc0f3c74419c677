"""The body elements of reStructuredText: titles, paragraphs, literal blocks, and what begins with a mark."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import groupby

from shared.docs.headings import Heading
from shared.docs.included import NotIncluded
from shared.docs.model import Block, Container
from shared.docs.plain import plain_text
from shared.docs.prose import Line, dedent, sentences_of, trim_blank
from shared.docs.reading import Place, Reading, add_code, indented_block, put_within
from shared.docs.rst.directives import read_explicit
from shared.docs.rst.highlighted import add_highlighted
from shared.docs.rst.inline import InlineText, normalise_name
from shared.docs.rst.lists import read_bullets, read_enumeration, read_fields, read_options
from shared.docs.rst.marks import (
    ANONYMOUS,
    BULLET,
    DOCTEST,
    ENUMERATOR,
    EXPLICIT,
    FIELD,
    LINE_BLOCK,
    OPTION,
    SUBSTITUTED,
)
from shared.docs.rst.tables import is_grid_border, is_simple_border, read_grid_table, read_simple_table

_ADORNMENT = re.compile(r"^([!-/:-@\[-`{-~])\1*\s*$")
_SURE_UNDERLINE = 4  # a shorter one must be as long as its title


def read_body(reading: Reading, lines: Sequence[Line], place: Place) -> None:
    """Read lines that stand at one indentation and append what they hold to `reading.parts`."""
    index = 0
    while index < len(lines):
        text = lines[index].text
        if not text.strip():
            index += 1
        elif text[0].isspace():
            index = _quote(reading, lines, index, place)
        else:
            index = _element(reading, lines, index, place)


def _element(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """Read the element that begins at `index`; gives the index after it."""
    text = lines[index].text
    if taken := _title(reading, lines, index, place):
        return index + taken
    for pattern, read in _ELEMENTS:
        if pattern.match(text) and (after := read(reading, lines, index, place)) > index:
            return after
    if is_grid_border(text):
        return read_grid_table(reading, lines, index, place)
    if is_simple_border(text) and (after := read_simple_table(reading, lines, index, place)) > index:
        return after
    return _paragraph(reading, lines, index, place)


def _title(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """Lines of the title or transition that begins at `index`; 0 when there is none."""
    text = lines[index].text.rstrip()
    following = [line.text.rstrip() for line in lines[index + 1 : index + 3]]
    adorned = bool(_ADORNMENT.match(text))
    is_overlined = adorned and len(following) == 2 and following[1] == text
    if is_overlined and following[0].strip() and not _is_adornment(following[0]):
        _add_title(reading, lines[index + 1], text[0] * 2, place)
        return 3
    if adorned and len(text) >= 4 and not (following and following[0].strip()):
        return 1
    is_long = following and len(following[0]) >= min(len(text), _SURE_UNDERLINE)
    if not adorned and is_long and _is_adornment(following[0]):
        _add_title(reading, lines[index], following[0][0], place)
        return 2
    return 0


def _is_adornment(text: str) -> bool:
    return bool(_ADORNMENT.match(text)) and len(text) >= 2 and text != "::" and text != ".."


# Sphinx puts the release in when it builds the site: a heading reads well without it.
_OF_BUILD = re.compile(r"\s*\|(?:version|release|today)\|")


def _add_title(reading: Reading, line: Line, style: str, place: Place) -> None:
    heading = reading.inline.one_line([Line(line.number, _OF_BUILD.sub("", line.text).strip())])
    if not place.titles:
        reading.paragraph([line], place)
        return
    if style not in reading.title_styles:
        reading.title_styles.append(style)
    level = min(reading.title_styles.index(style) + 1, 6)
    if text := plain_text(heading) or reading.settings.get(normalise_name(line.text), ""):
        reading.parts.append(Heading(text, level, line.number))


def _quote(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    end = indented_block(lines, index)
    kind = "quote" if place.paragraph == "paragraph" and not place.depth else place.paragraph
    inner = reading.body(dedent(lines[index:end]), place.inside(paragraph=kind))
    is_quote = kind == "quote" and any(isinstance(one, Block) and one.kind == "quote" for one in inner)
    reading.parts.extend(put_within(inner, Container("quote", lines[index].number)) if is_quote else inner)
    return end


def _end_of_paragraph(lines: Sequence[Line], index: int) -> int:
    end = index + 1
    while end < len(lines) and lines[end].text.strip() and not lines[end].text[0].isspace():
        if end > index + 1 and EXPLICIT.match(lines[end].text):
            break
        end += 1
    return end


def _paragraph(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    end = _end_of_paragraph(lines, index)
    opens_literal = lines[end - 1].text.rstrip().endswith("::")
    if end == index + 1 and end < len(lines) and lines[end].text.strip() and not opens_literal:
        return _definition(reading, lines, index, place)
    own = list(lines[index:end])
    if opens_literal:
        own[-1] = Line(own[-1].number, _without_literal_mark(own[-1].text))
    reading.paragraph([line for line in own if line.text] or own[:1], place)
    return _literal(reading, lines, end, place) if opens_literal else end


def _without_literal_mark(text: str) -> str:
    stripped = re.sub(r":{2,}$", "", text.rstrip())
    return stripped.rstrip() if not stripped or stripped[-1].isspace() else f"{stripped}:"


def _literal(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """The literal block after `::`, indented or quoted by one character; gives the index after it."""
    end = indented_block(lines, index)
    if end == index:
        start = next((i for i in range(index, len(lines)) if lines[i].text.strip()), len(lines))
        mark = lines[start].text[0] if start < len(lines) else ""
        end = start
        while mark and not mark.isalnum() and end < len(lines) and lines[end].text.startswith(mark):
            end += 1
        if end == start:
            return index
    add_highlighted(reading, trim_blank(lines[index:end]), "", place)
    return end


def _definition(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    end = indented_block(lines, index + 1)
    term, *_ = re.split(r"\s:\s", lines[index].text)
    inner = reading.body(dedent(lines[index + 1 : end]), place.inside(deeper=True, paragraph="paragraph"))
    shown = reading.inline.one_line([Line(lines[index].number, term)])
    number = lines[index].number
    reading.headed(Block("definition", number, number, depth=place.depth, term=shown), inner)
    return end


def _doctest(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    end = index
    while end < len(lines) and lines[end].text.strip():
        end += 1
    add_code(reading, lines[index:end], "pycon", place)
    return end


def _line_block(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    end = index
    while end < len(lines) and lines[end].text.strip() and (end == index or lines[end].text[0] in "| "):
        end += 1
    own = [Line(line.number, line.text.removeprefix("|").strip()) for line in lines[index:end]]
    for filled, run in groupby(own, key=lambda line: bool(line.text)):
        if filled:
            stanza = list(run)
            said = [sentences_of([line]) for line in reading.inline.clean(stanza)]
            sentences = tuple(replace(s, after_break=s is own[0]) for own in said for s in own)
            if sentences:
                kind, number = place.paragraph, stanza[0].number
                reading.parts.append(Block(kind, number, stanza[-1].number, sentences, depth=place.depth))
    return end


def _substituted(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    """A paragraph that opens with sentences of the whole project: they are cited where the project says them."""
    assert isinstance(reading.inline, InlineText)
    end = _end_of_paragraph(lines, index)
    _, name, rest = lines[index].text.split("|", 2)
    below = [line for line in (Line(lines[index].number, rest.strip()), *lines[index + 1 : end]) if line.text]
    begins = not below or below[0].text[0] in ":`" or below[0].text[0].isupper()
    is_plain = place.titles and begins and not lines[end - 1].text.rstrip().endswith("::")
    file, said = reading.inline.definitions.prose.get(normalise_name(name), ("", ()))
    if not said or not is_plain or "".join(line.text for line in lines[end : end + 1])[:1].isspace():
        return index
    try:
        raw_lines = reading.included.lines(file)
        reading.included.shown("\n".join(line.text for line in said))
    except NotIncluded:
        return index
    reading.bring(file, raw_lines, said, lines[index].number, place)
    if below:
        reading.paragraph(below, place)
    return end


def _explicit(reading: Reading, lines: Sequence[Line], index: int, place: Place) -> int:
    bare = lines[index].text.strip() == ".."
    empty = bare and (index + 1 >= len(lines) or not lines[index + 1].text.strip())
    end = index + 1 if empty else max(indented_block(lines, index + 1), index + 1)
    read_explicit(reading, lines[index:end], place)
    return end


_ELEMENTS: tuple[tuple[re.Pattern[str], Callable[[Reading, Sequence[Line], int, Place], int]], ...] = (
    (EXPLICIT, _explicit), (ANONYMOUS, lambda _reading, _lines, index, _place: index + 1),
    (BULLET, read_bullets), (ENUMERATOR, read_enumeration), (FIELD, read_fields), (OPTION, read_options),
    (DOCTEST, _doctest), (LINE_BLOCK, _line_block),
    (SUBSTITUTED, _substituted),
)  # fmt: skip
