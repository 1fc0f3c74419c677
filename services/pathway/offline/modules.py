"""Modules planned once over the material: each is about one thing, and has the author's name for that thing. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from heapq import heappop, heappush
from itertools import groupby

from services.pathway.offline.naming import can_join, name_part, name_several
from services.pathway.offline.outline import Node, Placed
from services.pathway.offline.pack import partition
from services.pathway.offline.related import are_related, is_opening
from shared.engine.minutes import reading_minutes
from shared.engine.titles import is_generic
from shared.events.base import Level

_MAIN_SHARE = 0.75
_DEEPER_CUT = 0.5
_STANDS_ALONE = 5.0
"""Minutes from which a document is a module of its own, though a short one: a module is about one thing."""
_SEVERAL = 2
_TINY = 2.5
"""Minutes below which a document goes with a neighbour, if that is about the same thing."""
_CROWD = 20
_FEW_LINES = 0.5
"""Minutes: so many documents that take less on average share modules, whatever they are about."""


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
    """A module in the making. `group` is the author's group around it.

    `part` is the long document that it is a part of, else empty.
    """

    title: str
    sections: tuple[Placed, ...]
    group: str = ""
    part: str = ""

    @cached_property
    def minutes(self) -> float:
        """Reading time by the published rule."""
        return reading_minutes(placed.section for placed in self.sections)


def plan_modules(tree: Sequence[Node], level: Level) -> list[Block]:
    """Every section of the tree in exactly one block, in the tree's order."""
    return _pack_children(tree, BOUNDS[level], "")


def _pack_children(nodes: Sequence[Node], bounds: Bounds, group: str) -> list[Block]:
    """Each node that can stand alone apart, runs of shorter ones as far as they have one name."""
    blocks: list[Block] = []
    for is_short, run in groupby(nodes, key=lambda node: node.minutes < _STANDS_ALONE):
        members = list(run)
        if is_short:
            blocks += _pack_short(members, bounds, group)
        else:
            blocks += [block for node in members for block in _pack(node, bounds, group)]
    return _take_in_tiny(blocks, bounds)


def _pack(node: Node, bounds: Bounds, group: str) -> list[Block]:
    if not node.is_group:
        return _pack_document(node, bounds, group)
    says_little = is_generic(node.name)
    documents = {placed.document.document_id for placed in node.sections}
    most = bounds.least if says_little else bounds.most
    if node.name and node.minutes <= most and node.minutes < _STANDS_ALONE * len(documents):
        return [Block(node.name, node.sections, group)]
    return _pack_children(node.children, bounds, group if says_little else node.name or group)


def _pack_short(nodes: Sequence[Node], bounds: Bounds, group: str) -> list[Block]:
    """Short neighbours: a group's name holds many of them together, without one only two that are related are.

    Many documents of a few lines each are held together all the same: nobody opens a module for each.
    """
    is_crowd = len(nodes) >= _CROWD and sum(node.minutes for node in nodes) < _FEW_LINES * len(nodes)
    if group or is_crowd:
        runs = partition([node.minutes for node in nodes], bounds.least, bounds.most)
    else:
        runs = list(_pair_related(nodes))
    blocks = []
    for start, end in runs:
        names = [node.name for node in nodes[start:end]]
        sections = tuple(placed for node in nodes[start:end] for placed in node.sections)
        language = sections[0].document.language
        title = name_several(names, group, language) or (name_part("", names, language) if is_crowd else "")
        if title:
            blocks.append(Block(title, sections, group))
        else:
            blocks += [Block(node.name, node.sections, group) for node in nodes[start:end]]
    return blocks


def _pair_related(nodes: Sequence[Node]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(nodes):
        pair = nodes[at : at + 2]
        is_pair = len(pair) == _SEVERAL and can_join([node.name for node in pair])
        together = is_pair and are_related(pair[0].sections, pair[1].sections)
        yield at, at + 1 + together
        at += 1 + together


def _pack_document(node: Node, bounds: Bounds, group: str) -> list[Block]:
    """A document as one block, or as several, cut at its own headings, when it is longer than a module may be."""
    whole = Block(node.name, node.sections, group)
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
        run = atoms[start:end]
        total = sum(atom.minutes for atom in run)
        main = [atom.name for atom in run if atom.name and atom.minutes >= _MAIN_SHARE * total]
        sections = tuple(placed for atom in run for placed in atom.sections)
        names = main or [atom.name for atom in run if atom.name]
        title = name_part(lead, names, sections[0].document.language) or node.name
        blocks.append(Block(title, sections, group, part=node.name))
    return blocks


@dataclass(frozen=True)
class _Atom:
    """A heading with all below it: a document is not cut inside one. `name` is empty for the document's opening."""

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


def _take_in_tiny(blocks: Sequence[Block], bounds: Bounds) -> list[Block]:
    """A tiny block goes with a far larger neighbour of its group that is about the same thing, and takes its name.

    The shortest neighbour takes in first. A block that takes in another keeps the first place of both.
    """
    found = dict(enumerate(blocks))
    after = {place: place + 1 for place in found}
    before = {place: place - 1 for place in found}
    pairs: list[tuple[float, int, int]] = []

    def add_pairs(first: int) -> None:
        second = after.get(first, -1)
        for tiny, host in ((first, second), (second, first)):
            if tiny in found and host in found and _is_taken_in(found[tiny], found[host], bounds):
                heappush(pairs, (found[host].minutes, tiny, host))

    for place in found:
        add_pairs(place)
    while pairs:
        minutes, tiny, host = heappop(pairs)
        first, second = min(tiny, host), max(tiny, host)
        if not (first in found and second in found and found[host].minutes == minutes):
            continue  # one of the two has gone, or has grown
        if not _is_taken_in(found[tiny], found[host], bounds):
            continue
        found[first] = replace(found[host], sections=found[first].sections + found[second].sections)
        after[first] = after[second]
        before[after[first]] = first
        del found[second]
        add_pairs(first)
        add_pairs(before[first])
    return list(found.values())


def _is_taken_in(tiny: Block, host: Block, bounds: Bounds) -> bool:
    both = tiny.minutes + host.minutes
    if tiny.minutes >= _TINY or tiny.group != host.group or host.part or both > bounds.most:
        return False
    if host.minutes < _MAIN_SHARE * both:
        return False
    return is_opening(tiny.sections) or are_related(tiny.sections, host.sections)
