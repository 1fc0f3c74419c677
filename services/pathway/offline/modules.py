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
from shared.engine.titles import is_front_page, is_generic
from shared.events.base import Level

_MAIN_SHARE = 0.75
_LEAST_NAMED = 0.05
"""The share of a module's minutes from which a heading of it can stand in its title."""
_DEEPER_CUT = 0.5
_STANDS_ALONE = 5.0
"""Minutes from which a document is a module of its own, though a short one: a module is about one thing."""
_TINY = 2.5
"""Minutes below which a document goes with a far larger neighbour, whatever that is about."""
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


def _pack_children(nodes: Sequence[Node], bounds: Bounds, group: str, around: str = "") -> list[Block]:
    """Each node that can stand alone apart, runs of shorter ones as far as they have one name.

    `around` is the name of the nearest group, though it may say little.
    """
    blocks: list[Block] = []
    for is_short, run in groupby(nodes, key=lambda node: node.minutes < _STANDS_ALONE):
        members = list(run)
        if is_short:
            blocks += _pack_short(members, bounds, group, around or group)
        else:
            blocks += [block for node in members for block in _pack(node, bounds, group)]
    return _join_short(blocks, bounds)


def _pack(node: Node, bounds: Bounds, group: str) -> list[Block]:
    if not node.is_group:
        return _pack_document(node, bounds, group)
    documents = {placed.document.document_id for placed in node.sections}
    most = bounds.least if is_generic(node.name) else bounds.most
    if node.name and node.minutes <= most and node.minutes < _STANDS_ALONE * len(documents):
        return [Block(node.name, node.sections, group)]
    return _pack_children(node.children, bounds, group if is_generic(node.name) else node.name or group, node.name)


def _pack_short(nodes: Sequence[Node], bounds: Bounds, group: str, around: str) -> list[Block]:
    """Short neighbours: the name of the nearest group holds many of them together.

    Many documents of a few lines each are held together all the same: nobody opens a module for each.
    """
    is_crowd = len(nodes) >= _CROWD and sum(node.minutes for node in nodes) < _FEW_LINES * len(nodes)
    if around or is_crowd:
        runs = partition([node.minutes for node in nodes], bounds.least, bounds.most)
    else:
        runs = [(at, at + 1) for at in range(len(nodes))]
    blocks = []
    for start, end in runs:
        names = [node.name for node in nodes[start:end]]
        sections = tuple(placed for node in nodes[start:end] for placed in node.sections)
        language = sections[0].document.language
        title = name_several(names, around, language) or (name_part("", names, language) if is_crowd else "")
        if title:
            blocks.append(Block(title, sections, group))
        else:
            blocks += [Block(node.name, node.sections, group) for node in nodes[start:end]]
    return blocks


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
    is_whole = is_front_page(node.sections[0].document.path)  # its name is that of the course
    lead = "" if node.has_chapters or is_whole else node.name
    blocks = []
    for start, end in runs:
        run = atoms[start:end]
        total = sum(atom.minutes for atom in run)
        named = [atom for atom in run if atom.name]
        main = [atom.name for atom in named if atom.minutes >= _MAIN_SHARE * total]
        sections = tuple(placed for atom in run for placed in atom.sections)
        weighty = [atom.name for atom in named if atom.minutes >= _LEAST_NAMED * total]
        names = main or (weighty if len(weighty) > 1 else [atom.name for atom in named])
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


def _join_short(blocks: Sequence[Block], bounds: Bounds) -> list[Block]:
    """A short block goes with a neighbour of its group, first with the one that takes it in, then with the shortest."""
    found = dict(enumerate(blocks))
    after = {place: place + 1 for place in found}
    before = {place: place - 1 for place in found}
    pairs: list[tuple[int, float, int, Block, Block]] = []

    def add_pair(first: int) -> None:
        one, other = found.get(first), found.get(after.get(first, -1))
        joined = _joined(one, other, bounds) if one and other else None
        if one and other and joined:
            heappush(pairs, (joined[0], joined[1].minutes, first, one, other))

    for place in found:
        add_pair(place)
    while pairs:
        _, _, first, one, other = heappop(pairs)
        second = after[first]
        joined = _joined(one, other, bounds)
        if joined is None or found.get(first) is not one or found.get(second) is not other:
            continue  # one of the two has gone, or has grown
        found[first] = joined[1]
        del found[second]
        after[first] = after[second]
        before[after[first]] = first
        add_pair(first)
        add_pair(before[first])
    return list(found.values())


def _joined(first: Block, second: Block, bounds: Bounds) -> tuple[int, Block] | None:
    """Two neighbours as one, if one of them is short: under both names, or under that of a far larger one.

    Two that are not about one thing go together only inside a group of the author's, and its name leads their title.
    Before that how much it is wanted, 0 most: to keep a name, to bring together what is about one thing.
    """
    short, host = sorted((first, second), key=lambda block: block.minutes)
    both = first.minutes + second.minutes
    is_tiny = short.minutes < _TINY
    opens = is_opening(short.sections)
    is_front = is_tiny and opens and short is first and not short.group and not host.part
    if short.minutes >= _STANDS_ALONE or both > bounds.most or (first.group != second.group and not is_front):
        return None
    sections = first.sections + second.sections
    is_related = opens or are_related(short.sections, host.sections)
    is_large = host.minutes >= _MAIN_SHARE * both
    is_taken_in = is_large and is_tiny and (is_related or is_front)
    if not is_taken_in and not first.part and not second.part and can_join([first.title, second.title]):
        is_inside = short.title.lower() in host.title.lower() or host.title.lower() in short.title.lower()
        group = "" if is_related else first.group
        if not (is_inside or is_related or group):
            return None
        both_titles = name_several([first.title, second.title], group, sections[0].document.language)
        title = host.title if is_inside else both_titles
        return 1 if is_related else 2, replace(host, title=title, sections=sections)
    if not is_large or not (is_tiny or is_related):
        return None
    is_project = is_front and is_front_page(short.sections[0].document.path) and ":" not in host.title
    is_said = not is_project or not short.title or short.title.lower() in host.title.lower()
    return 0, replace(host, title=host.title if is_said else f"{short.title}: {host.title}", sections=sections)
