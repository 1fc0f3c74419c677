"""Verbatim blocks of AsciiDoc: what stands in them, or the lines of another file that they include."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from shared.docs.asciidoc.attributes import document_attributes
from shared.docs.asciidoc.block_attributes import split_attributes
from shared.docs.asciidoc.paths import include_candidates
from shared.docs.asciidoc.references import INCLUDE
from shared.docs.formats import format_of
from shared.docs.headings import Heading
from shared.docs.included import NotIncluded
from shared.docs.included_prose import find_part
from shared.docs.prose import Line, trim_blank
from shared.docs.reading import Place, ReadBody, Reading, add_code, say_not_shown
from shared.docs.snippets import code_of

_PREPROCESSOR = re.compile(r"^(?:ifdef|ifndef|ifeval|endif|include)::[^\[]*\[.*\]\s*$")
_TAG = re.compile(
    r"(?<![\w.:-])(?=[\w.:-]++\[\])"  # where a run of such characters begins that ends in brackets: each is read once
    r"[\w.:-]*?\b(?P<kind>tag|end)::(?P<name>[\w.:-]++)\[\]"
)
_RANGE = re.compile(r"^(-?\d{1,9})(?:\.\.(-?\d{0,9}))?$")


def add_verbatim(reading: Reading, lines: Sequence[Line], language: str, place: Place, title: str = "") -> None:
    """Add a verbatim block: the code it includes, else its own lines but those for the preprocessor."""
    body = trim_blank(lines)
    includes = [(line.number, match) for line in body if (match := INCLUDE.match(line.text))]
    for number, match in includes:
        _add_included(reading, number, match, language, place, title)
    if includes:
        return
    kept = {line.number: line for line in body if not _PREPROCESSOR.match(line.text)}
    add_code(reading, [kept[number] for number in sorted(kept)], language, place, title)


def include_prose(reading: Reading, line: Line, place: Place) -> None:
    """The text that a line includes, where it is a part of pages; of a page, the attributes that it sets."""
    before = len(reading.parts)
    match = INCLUDE.match(line.text)
    if match is None or include_lines(reading, line, place):
        shift = reading.settings.get("leveloffset", "0")
        options = dict(split_attributes(match["options"])) if match else {}
        _shift_levels(reading, before, options.get("leveloffset", shift))
        return
    for path in include_candidates(reading.path, match["target"], reading.settings):
        if path in reading.included and format_of(path) == "asciidoc":
            reading.settings.update(document_attributes(reading.included.lines(path)))
            break
    reading.problem(line.number, f"the text included from {match['target']!r} is read there, not here")


def include_lines(reading: Reading, line: Line, place: Place, read: ReadBody | None = None) -> bool:
    """Read the lines that a line includes, where they are a part of pages; gives whether they are."""
    match = INCLUDE.match(line.text)
    candidates = include_candidates(reading.path, match["target"], reading.settings) if match else ()
    found = find_part(candidates, reading.included, reading.raw_lines)
    if match is None or found is None:
        return False
    try:
        numbers = select_lines(reading.included.lines(found), match["options"])
        reading.include(found, numbers, line.number, place, read)
    except NotIncluded as error:
        reading.problem(line.number, f"{error}: {match['target']}")
    return True


def _shift_levels(reading: Reading, start: int, shift: str) -> None:
    """Headings that were included stand as much deeper as `leveloffset` says."""
    if re.fullmatch(r"[+-]?\d{1,2}", shift):
        for index, part in enumerate(reading.parts[start:], start):
            if isinstance(part, Heading):
                reading.parts[index] = replace(part, level=max(1, min(6, part.level + int(shift))))


def _add_included(reading: Reading, number: int, match: re.Match[str], language: str, place: Place, title: str) -> None:
    candidates = include_candidates(reading.path, match["target"], reading.settings)
    found = next((path for path in candidates if path in reading.included), None)
    if found is None:
        reading.problem(number, f"included file not found: {match['target']}")
        reading.parts.extend(say_not_shown([(number, match["target"])], place.depth))
        return
    try:
        lines = reading.included.lines(found)
        chosen = select_lines(lines, match["options"])
        block = code_of(reading.included, found, lines, chosen, language, place.depth)
    except NotIncluded as error:
        reading.problem(number, f"{error}: {match['target']}[{match['options']}]")
        return
    reading.parts.append(replace(block, title=title))


def select_lines(lines: Sequence[str], options: str) -> Iterator[int]:
    """Numbers of the lines that `lines=` or `tag=`/`tags=` choose, in order; marks of tags are never among them."""
    named = {name: value for name, value in split_attributes(options) if name}
    wanted = named.get("tags", named.get("tag", ""))
    chosen = _tagged(lines, wanted) if wanted else range(1, len(lines) + 1)
    if spelled := named.get("lines", ""):
        chosen = sorted(set(chosen) & _numbers(spelled, len(lines)))
    return (number for number in chosen if not _TAG.search(lines[number - 1]))


def _numbers(spelled: str, count: int) -> set[int]:
    """`1..5;7..-1` as line numbers. Ranges may overlap as often as they like."""
    changes = [0] * (count + 2)
    for piece in re.split(r"[;,]", spelled):
        if match := _RANGE.match(piece.strip()):
            first = max(int(match[1]), 1)
            last = int(match[1]) if match[2] is None else count if match[2] in ("", "-1") else int(match[2])
            if first <= (last := min(last, count)):
                changes[first] += 1
                changes[last + 1] -= 1
    return {number for number, ranges in enumerate(accumulate(changes)) if ranges}


def _tagged(lines: Sequence[str], spelled: str) -> list[int]:
    """Lines inside the wanted tags, and outside of those marked with `!`; `*` and `**` mean all."""
    names = [name.strip() for name in re.split(r"[;,]", spelled) if name.strip()]
    wanted = {name for name in names if not name.startswith("!")}
    unwanted = {name[1:] for name in names if name.startswith("!")}
    everything = "**" in wanted or not wanted
    open_tags, inside_wanted, inside_unwanted = Counter[str](), 0, 0
    found: list[int] = []
    for number, line in enumerate(lines, 1):
        if match := _TAG.search(line):
            name, step = match["name"], 1 if match["kind"] == "tag" else -1
            if step > 0 or open_tags[name]:
                open_tags[name] += step
                inside_wanted += step * ("*" in wanted or name in wanted)
                inside_unwanted += step * ("*" in unwanted or name in unwanted)
            continue
        if (everything or inside_wanted) and not inside_unwanted:
            found.append(number)
    return found
