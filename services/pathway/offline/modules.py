"""Modules planned once over the material: each is about one thing, and is called what the author calls it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from services.pathway.offline.naming import join_names, name_part
from services.pathway.offline.outline import Node, Placed
from services.pathway.offline.pack import partition
from shared.course.model import Level
from shared.engine.sections import reading_minutes

_FEW_NAMES = 3
_MAIN_SHARE = 0.75


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
    """A module in the making. `part` is the long document it is a part of, else empty."""

    name: str
    sections: tuple[Placed, ...]
    part: str = ""
    own_name: bool = True

    @property
    def minutes(self) -> float:
        """Reading time by the published rule."""
        return reading_minutes(placed.section for placed in self.sections)


def plan_modules(tree: Sequence[Node], level: Level) -> list[Block]:
    """Every section of the tree in exactly one block, in the tree's order."""
    return _pack_children(tree, BOUNDS[level])


def _pack_children(nodes: Sequence[Node], bounds: Bounds) -> list[Block]:
    """Long ones apart, runs of short ones together, and what is still too short with its smaller neighbour."""
    blocks: list[Block] = []
    for is_short, run in groupby(nodes, key=lambda node: node.minutes < bounds.least and not _is_large_group(node)):
        members = list(run)
        if is_short:
            blocks += _pack_short(members, bounds)
        else:
            for node in members:
                blocks += _pack(node, bounds)
    return _merge_short(blocks, bounds)


def _is_large_group(node: Node) -> bool:
    return False


def _pack(node: Node, bounds: Bounds) -> list[Block]:
    if not node.is_group:
        return _pack_document(node, bounds)
    are_short = all(child.minutes < bounds.least for child in node.children)
    if are_short and node.minutes <= bounds.most:
        return [Block(node.name, node.sections)]
    return _pack_children(node.children, bounds)


def _pack_short(nodes: Sequence[Node], bounds: Bounds) -> list[Block]:
    runs = partition([node.minutes for node in nodes], bounds.least, bounds.most)
    return [_joined(nodes[start:end]) for start, end in runs]


def _joined(nodes: Sequence[Node]) -> Block:
    sections = tuple(placed for node in nodes for placed in node.sections)
    return Block(join_names([node.name for node in nodes]), sections, own_name=len(nodes) == 1)


def _pack_document(node: Node, bounds: Bounds) -> list[Block]:
    """A document as one block, or several at its own headings when it is longer than a module may be."""
    if node.minutes <= bounds.most:
        return [Block(node.name, node.sections)]
    atoms = list(_atoms(node, bounds.most))
    top = min(atom.level for atom in atoms)
    runs = partition(
        [atom.minutes for atom in atoms], bounds.least, bounds.most, lambda place: 0.5 * (atoms[place].level - top)
    )
    if len(runs) == 1:
        return [Block(node.name, node.sections)]
    blocks = []
    for start, end in runs:
        names = [atom.name for atom in atoms[start:end] if atom.name]
        sections = tuple(placed for atom in atoms[start:end] for placed in atom.sections)
        blocks.append(Block(name_part(node.name, names), sections, part=node.name))
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
    """Blocks of one group: the shortest that is too short goes with its shorter neighbour, as long as they fit."""
    found = list(blocks)
    while len(found) > 1:
        candidates = [
            (found[i].minutes, found[i].minutes + found[j].minutes, min(i, j))
            for i in range(len(found))
            for j in (i - 1, i + 1)
            if 0 <= j < len(found)
            and found[i].minutes < bounds.least
            and found[i].minutes + found[j].minutes <= bounds.most
        ]
        if not candidates:
            return found
        _, _, at = min(candidates)
        found[at : at + 2] = [_merged(found[at], found[at + 1])]
    return found


def _merged(left: Block, right: Block) -> Block:
    main = max((left, right), key=lambda block: block.minutes)
    sections = left.sections + right.sections
    is_main = main.minutes >= _MAIN_SHARE * reading_minutes(placed.section for placed in sections)
    name = main.name if is_main else join_names([left.name, right.name])
    return Block(name, sections, part=left.part if left.part == right.part else "", own_name=is_main)
