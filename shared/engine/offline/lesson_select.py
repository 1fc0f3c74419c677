"""How much of the documents a module takes: each section's heart first, then more of each, until the module is full."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.course.model import Level
from shared.engine.offline.lesson import Code, Part, Passage, Prose
from shared.engine.offline.lesson_dangling import drop_dangling


@dataclass(frozen=True)
class Measure:
    """What a module may hold: effort in words (a line of code is three), lines of one example, rows of one table."""

    effort: int
    code_lines: int
    table_rows: int
    heart: int


MEASURES: dict[Level, Measure] = {
    "beginner": Measure(effort=2400, code_lines=24, table_rows=8, heart=300),
    "intermediate": Measure(effort=3600, code_lines=32, table_rows=14, heart=400),
    "advanced": Measure(effort=5600, code_lines=40, table_rows=24, heart=520),
}


def select_parts(parts: Sequence[Part], measure: Measure, wanted: frozenset[str] = frozenset()) -> tuple[Part, ...]:
    """The parts with as many of their first passages as the module has room for; parts left empty stay as headings.

    Sections that are `wanted` (ids) keep their hearts as main sections do: an objective of the module is about them.
    A part always keeps a beginning of its passages, never one from the middle, so that nothing refers to what is gone.
    """
    if sum(part.cost for part in parts) <= measure.effort:
        return tuple(parts)
    hearts = [trim_heart(part, measure.heart) for part in parts]
    depths = [
        min(depth, 1) if part.section_id in wanted else depth
        for part, depth in zip(hearts, promote_firstborn(hearts), strict=True)
    ]
    taken = [0] * len(parts)
    room = measure.effort
    for turn in range(1 + max((len(part.passages) for part in parts), default=0)):
        for i, part in enumerate(hearts):
            index = turn - max(0, depths[i] - 1)
            if index != taken[i] or index >= len(part.passages):
                continue
            cost = part.passages[index].cost
            needed = index == 0 and depths[i] <= 1
            if cost <= room or needed:
                taken[i] += 1
                room -= cost
    return tuple(part.keep(taken[i]) for i, part in enumerate(hearts))


def promote_firstborn(parts: Sequence[Part]) -> list[int]:
    """Depths of the parts, where the first full part below an empty main section counts as that section's heart."""
    depths = [part.depth for part in parts]
    waiting = False
    for i, part in enumerate(parts):
        if part.depth <= 1:
            waiting = part.depth == 1 and not part.passages
        elif waiting and part.passages:
            depths[i] = 1
            waiting = False
    return depths


def trim_heart(part: Part, longest: int) -> Part:
    """The part with its first passage cut after the chunk that makes it long enough, never before its first example."""
    if not part.passages or part.passages[0].cost <= longest:
        return part
    first = part.passages[0]
    kept = 1
    while kept < len(first.chunks) and (
        Passage(first.chunks[:kept]).cost < longest
        or (isinstance(first.chunks[kept], Code) and _announces(first, kept))
    ):
        kept += 1
    heart = Passage(tuple(drop_dangling(first.chunks[:kept])))
    rest = part.passages[1:] if kept == len(first.chunks) else ()
    return replace(part, passages=(heart, *rest) if heart.chunks else rest)


def _announces(passage: Passage, at: int) -> bool:
    return isinstance(passage.chunks[at - 1], Prose)
