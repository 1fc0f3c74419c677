"""Modules planned once over the material: each is about one thing, and is called what the author calls it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from services.pathway.offline.naming import join_names, name_part
from services.pathway.offline.outline import Node, Placed
from services.pathway.offline.pack import partition
from shared.course.model import Level
from shared.engine.sections import reading_minutes

_MAIN_SHARE = 0.75
_DEEPER_CUT = 0.5
_STANDS_ALONE = 5.0
"""Minutes from which a document is a module of its own, though a short one: a module is about one thing."""


@dataclass(frozen=True)
class Bounds:
    """Minutes a module takes at least and at most."""

    least: float
    most: float


BOUNDS: dict[Level, Bounds] = {
    "beginner": Bounds(8, 30),
    "intermediate": Bounds(10, 40),
    "advanced": Bounds(10, 40),
}


@dataclass(frozen=True)
class Block:
    """A module in the making. `names` are of the things it holds, `group` of the author's group around them.

    `part` is the long document that it is a part of, else empty.
    """

    names: tuple[str, ...]
    sections: tuple[Placed, ...]
    group: str = ""
    part: str = ""

    @cached_property
    def minutes(self) -> float:
        """Reading time by the published rule."""
        return reading_minutes(placed.section for placed in self.sections)

    @property
    def title(self) -> str:
        """The author's names in one."""
        return join_names(self.names, self.group)


def plan_modules(tree: Sequence[Node], level: Level) -> list[Block]:
    """Every section of the tree in exactly one block, in the tree's order."""
    return _pack_children(tree, BOUNDS[level], "")


def _pack_children(nodes: Sequence[Node], bounds: Bounds, group: str) -> list[Block]:
    """Each that can stand alone apart, runs of shorter ones together, what is still too short with a neighbour."""
    blocks: list[Block] = []
    for is_short, run in groupby(nodes, key=lambda node: node.minutes < _STANDS_ALONE):
        members = list(run)
        if is_short:
            blocks += _pack_short(members, bounds, group)
        else:
            blocks += [block for node in members for block in _pack(node, bounds, group)]
    return _merge_short(blocks, bounds)


def _pack(node: Node, bounds: Bounds, group: str) -> list[Block]:
    if not node.is_group:
        return _pack_document(node, bounds, group)
    inner = node.name
    if inner and node.minutes <= bounds.most and all(child.minutes < _STANDS_ALONE for child in node.children):
        return [Block((inner,), node.sections, group)]
    return _pack_children(node.children, bounds, inner or group)


def _pack_short(nodes: Sequence[Node], bounds: Bounds, group: str) -> list[Block]:
    runs = partition([node.minutes for node in nodes], bounds.least, bounds.most)
    return [
        Block(
            tuple(node.name for node in nodes[start:end]),
            tuple(placed for node in nodes[start:end] for placed in node.sections),
            group,
        )
        for start, end in runs
    ]


def _pack_document(node: Node, bounds: Bounds, group: str) -> list[Block]:
    """A document as one block, or as several, cut at its own headings, when it is longer than a module may be."""
    whole = Block((node.name,), node.sections, group)
    if node.minutes <= bounds.most:
        return [whole]
    atoms = list(_atoms(node, bounds.most))
    top = min((atom.level for atom in atoms if atom.name), default=0)
    runs = partition(
        [atom.minutes for atom in atoms],
        bounds.least,
        bounds.most,
        lambda place: _DEEPER_CUT * (atoms[place].level - top),
    )
    if len(runs) == 1:
        return [whole]
    lead = "" if node.has_chapters else node.name
    blocks = []
    for start, end in runs:
        names = [atom.name for atom in atoms[start:end] if atom.name]
        sections = tuple(placed for atom in atoms[start:end] for placed in atom.sections)
        blocks.append(Block((name_part(lead, names) or node.name,), sections, group, part=node.name))
    return blocks


@dataclass(frozen=True)
class _Atom:
    """What a document is not cut inside: a heading with all below it. `name` is empty for the document's opening."""

    name: str
    level: int
    sections: tuple[Placed, ...]

    @property
    def minutes(self) -> float:
        return reading_minutes(placed.section for placed in self.sections)


def _atoms(node: Node, most: float, *, is_top: bool = True) -> Iterator[_Atom]:
    if not is_top and (node.minutes <= most or not node.children):
        yield _Atom(node.name, node.sections[0].section.level, node.sections)
        return
    if node.own:
        yield _Atom("" if is_top else node.name, node.own[0].section.level, node.own)
    for child in node.children:
        yield from _atoms(child, most, is_top=False)


def _merge_short(blocks: Sequence[Block], bounds: Bounds) -> list[Block]:
    """The shortest block that is too short goes with a neighbour of its group, else of another, while both fit."""
    found = list(blocks)
    while len(found) > 1:
        candidates = [
            (found[i].minutes, found[i].group != found[j].group, found[i].minutes + found[j].minutes, min(i, j))
            for i in range(len(found))
            for j in (i - 1, i + 1)
            if 0 <= j < len(found)
            and found[i].minutes < _STANDS_ALONE
            and found[i].minutes + found[j].minutes <= bounds.most
        ]
        if not candidates:
            return found
        at = min(candidates)[3]
        found[at : at + 2] = [_merged(found[at], found[at + 1])]
    return found


def _merged(left: Block, right: Block) -> Block:
    main = max((left, right), key=lambda block: block.minutes)
    sections = left.sections + right.sections
    both = replace(left, sections=sections, part=left.part if left.part == right.part else "")
    if left.group != right.group:
        both = replace(both, group="")
    is_main = main.minutes >= _MAIN_SHARE * both.minutes
    return replace(both, names=main.names if is_main else left.names + right.names)
