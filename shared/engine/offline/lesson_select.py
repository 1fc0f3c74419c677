"""How much of the documents a module takes: each section's heart first, then more of each, until the module is full.

What is taken is whole ideas: a motive without its example, or an opening without what it opens, teaches nobody.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.course.model import Level
from shared.engine.offline.lesson import Code, Part, Passage, Prose
from shared.engine.offline.lesson_passages import drop_dangling

_NEAR_EXAMPLE = 220
_FULL_THOUGHT = 70
_ANNOUNCES_NEXT = re.compile(
    r"^(?:(?:now|so|but|next|then|and|ok|okay|here),? )*"
    r"(?:let[’']s|let us|let me|let’s|we(?:[’']ll| will| are going to| want to| need to)|you(?:[’']ll| will))\b|\?$",
    re.IGNORECASE,
)


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


def select_parts(parts: Sequence[Part], measure: Measure) -> tuple[Part, ...]:
    """The parts with as many of their first passages as the module has room for; parts left empty stay as headings.

    A part always keeps a beginning of its passages, never one from the middle, so that nothing refers to what is gone.
    """
    if sum(part.cost for part in parts) <= measure.effort:
        return tuple(parts)
    hearts = [trim_heart(part, measure.heart) for part in parts]
    depths = promote_firstborn(hearts)
    ends = [find_ideas(part.passages) for part in hearts]
    taken = [0] * len(parts)
    room = measure.effort
    for turn in range(1 + max((len(part.passages) for part in parts), default=0)):
        for i, part in enumerate(hearts):
            index = turn - max(0, depths[i] - 1)
            if index != taken[i] or index >= len(ends[i]):
                continue
            start = ends[i][index - 1] if index else 0
            cost = sum(passage.cost for passage in part.passages[start : ends[i][index]])
            needed = index == 0 and depths[i] <= 1
            if cost <= room or needed:
                taken[i] += 1
                room -= cost
    return tuple(close_part(part, ends[i][taken[i] - 1] if taken[i] else 0) for i, part in enumerate(hearts))


def find_ideas(passages: Sequence[Passage]) -> list[int]:
    """How many passages each whole idea ends after: with the example that is near, else when a thought is full."""
    ends: list[int] = []
    start = 0
    for i, passage in enumerate(passages):
        spent = sum(p.cost for p in passages[start : i + 1])
        ahead = _reach_example(passages[i + 1 :], _NEAR_EXAMPLE - spent)
        if passage.has_code or (spent >= _FULL_THOUGHT and not ahead) or i + 1 == len(passages):
            ends.append(i + 1)
            start = i + 1
    return ends


def _reach_example(passages: Sequence[Passage], words: int) -> bool:
    """Whether an example follows before so many words of prose are spent."""
    for passage in passages:
        if words < 0:
            return False
        if passage.has_code:
            return True
        words -= passage.cost
    return False


def close_part(part: Part, count: int) -> Part:
    """The part with its first `count` passages; where it is cut, no last sentence announces what is gone."""
    kept = part.keep(count)
    while count < len(part.passages) and kept.passages:
        *before, last = kept.passages
        chunk = last.chunks[-1]
        if not isinstance(chunk, Prose) or not _ANNOUNCES_NEXT.search(chunk.said[-1].text):
            break
        said = chunk.said[:-1]
        chunks = drop_dangling([*last.chunks[:-1], *([replace(chunk, said=said)] if said else [])])
        kept = replace(kept, passages=(*before, *([Passage(tuple(chunks))] if chunks else [])))
    return kept


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
