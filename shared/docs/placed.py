"""Parts that were read from lines taken out of a file: a notebook's cell, a docstring."""

from collections.abc import Sequence
from dataclasses import replace

from shared.docs.headings import Heading, Part


def placed(parts: Sequence[Part], lines: Sequence[tuple[int, str]]) -> list[Part]:
    """Parts whose lines count the `lines` from 1, with the number that each of these has in its file instead."""

    def at(line: int) -> int:
        return lines[min(max(line, 1), len(lines)) - 1][0]

    found: list[Part] = []
    for part in parts:
        if isinstance(part, Heading):
            found.append(replace(part, line=at(part.line)))
            continue
        within = tuple(one if one.path else replace(one, line=at(one.line)) for one in part.within)
        if part.origin:
            found.append(replace(part, within=within))
            continue
        found.append(
            replace(
                part,
                start_line=at(part.start_line),
                end_line=at(part.end_line),
                sentences=tuple(
                    replace(s, start_line=at(s.start_line), end_line=at(s.end_line)) for s in part.sentences
                ),
                row_lines=tuple((at(start), at(end)) for start, end in part.row_lines),
                within=within,
            )
        )
    return found
