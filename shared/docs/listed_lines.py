"""Lists of lines as authors write them, to choose or to highlight lines: `1-3,7,9-`."""

import re
from collections.abc import Iterable, Sequence

_RANGE = re.compile(r"(?=\S)(\d{0,9})\s*+(-?)\s*+(\d{0,9})")
_HIGHLIGHTED = re.compile(r"\d+(?:-\d*)?|-\d+")


def marked_lines(listed: str, numbers: Sequence[int], seen: Iterable[int]) -> tuple[int, ...]:
    """The lines that a list like `3 5-7` highlights: it counts within `numbers`, the result within `seen`, from 1."""
    # A longer list could name the whole code very often.
    wanted = set(lines_among(numbers, ",".join(_HIGHLIGHTED.findall(listed[:300]))))
    return tuple(at for at, number in enumerate(seen, 1) if number in wanted)


def lines_among(numbers: Sequence[int], chosen: str) -> list[int]:
    """The `numbers` that a list like `1-3,7,9-` counts (from 1, within `numbers`)."""
    wanted: set[int] = set()
    for piece in chosen.split(","):
        if match := _RANGE.fullmatch(piece.strip()):
            begin = int(match[1] or 1)
            end = int(match[3] or len(numbers)) if match[2] else begin
            wanted.update(range(begin, min(end, len(numbers)) + 1))
    return [number for index, number in enumerate(numbers, 1) if index in wanted]
