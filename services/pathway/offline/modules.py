"""Modules planned once over the material: each is about one thing, and has the author's name for that thing. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from services.pathway.offline.naming import clean_name, name_entry, name_part
from services.pathway.offline.outline import Node, Placed
from services.pathway.offline.pack import partition
from shared.engine.minutes import reading_minutes
from shared.engine.titles import is_front_page, is_generic
from shared.events.base import Level

_MAIN_SHARE = 0.85
_A_GLANCE = 0.5
"""Minutes below which the first page of a group stands before the page after it."""
_MOST_OF_A_GROUP, _SHORT, _SHORT_TO_LOOK_UP = 25.0, 5.0, 20.0
"""A named group of pages that are short on average is a module: minutes of all, and of each.

A page to look up may be longer, so that it does not part those around it.
"""
_CROWD, _CROWD_OF_PAGES, _LOST_IN_A_CROWD = (8, 5.0), (20, 2.0), 0.1
"""Headings of a page, and pages that are looked up, share modules if there are so many and half of them take fewer
minutes, because nobody opens a module for each. Other pages have the second pair of numbers. The last number is the
cost, for each minute of its longest heading, of a module that does not have the name of that heading.
"""
_NEARLY_ALL, _LONGEST_RANGE, _CROSSING = 0.8, 75, 1.0
"""The second is letters, the third the cost of a module that holds a part of a chapter and something beside it."""


@dataclass(frozen=True)
class Bounds:
    """Minutes a module takes at least and at most, and those from which a page is most of the course."""

    least: float
    most: float
    most_of_all: float = float("inf")


BOUNDS: dict[Level, Bounds] = {
    "beginner": Bounds(8, 30),
    "intermediate": Bounds(10, 40),
    "advanced": Bounds(10, 40),
}


@dataclass(frozen=True)
class Block:
    """A module in the making. The title is empty for the project's own.

    `part` is the long document that it is a part of, else empty.
    """

    title: str
    sections: tuple[Placed, ...]
    part: str = ""


def plan_modules(tree: Sequence[Node], level: Level) -> list[Block]:
    """Every section of the tree in exactly one block, in the tree's order."""
    most_of_all = sum(node.minutes for node in tree) / 2
    return _pack_children(tree, replace(BOUNDS[level], most_of_all=most_of_all), "")


def _pack_children(nodes: Sequence[Node], bounds: Bounds, around: str) -> list[Block]:
    """Each node by itself, but for front pages, which tell of one thing, and crowds. `around` is their group's name."""
    blocks: list[Block] = []
    for kind, run in groupby(nodes, key=_kind_of):
        members = list(run)
        minutes = sum(node.minutes for node in members)
        if kind == "front" and minutes <= bounds.most:
            blocks.append(Block(members[0].name if len(members) == 1 else "", _sections_of(members)))
        elif kind == "short" and len(members) > 1 and _are_shared(members, around):
            blocks += _share(members, bounds, around, is_all=len(members) == len(nodes))
        else:
            blocks += [block for node in members for block in _pack(node, bounds)]
    if around and len(blocks) > 1 and reading_minutes(placed.section for placed in blocks[0].sections) < _A_GLANCE:
        blocks[:2] = [replace(blocks[1], sections=blocks[0].sections + blocks[1].sections)]
    return blocks


def _is_crowd(members: Sequence[Node], crowd: tuple[int, float] = _CROWD) -> bool:
    return len(members) >= crowd[0] and median(one.minutes for one in members) < crowd[1]


def _are_shared(members: Sequence[Node], around: str) -> bool:
    """Whether short neighbours share modules: in a group whose name says of what they are, or as a crowd."""
    if around and not is_generic(around):
        return sum(one.minutes for one in members) < _SHORT * len(members)
    looked_up = sum(one.is_looked_up for one in members) > _NEARLY_ALL * len(members)
    return _is_crowd(members, _CROWD if looked_up else _CROWD_OF_PAGES)


def _share(members: Sequence[Node], bounds: Bounds, around: str, *, is_all: bool) -> Iterator[Block]:
    """Short neighbours as modules named after the first and the last of each."""
    for start, end in partition([one.minutes for one in members], bounds.least, 2 * bounds.least):
        run = members[start:end]
        if len(run) == 1:
            yield from _pack(run[0], bounds)
        elif around and is_all and len(run) == len(members):
            yield Block(around, _sections_of(run))
        else:
            yield Block(name_part(around, _name_ends(run, around)), _sections_of(run))


def _kind_of(node: Node) -> str:
    if node.document is not None and is_front_page(node.document.path):
        return "front"
    return "short" if node.minutes < (_SHORT_TO_LOOK_UP if node.is_looked_up else _SHORT) else "long"


def _sections_of(nodes: Sequence[Node]) -> tuple[Placed, ...]:
    return tuple(placed for node in nodes for placed in node.sections)


def _pack(node: Node, bounds: Bounds) -> list[Block]:
    if not node.is_group:
        return _pack_document(node, bounds)
    count = len({placed.document.document_id for placed in node.sections})
    most = bounds.least if is_generic(node.name) else _MOST_OF_A_GROUP
    if node.name and node.minutes <= min(most, _SHORT * count):
        return [Block(node.name, node.sections)]
    return _pack_children(node.children, bounds, node.name)


def _pack_document(node: Node, bounds: Bounds) -> list[Block]:
    """A document as one block, or as several, cut at its own headings, when it is longer than a module may be."""
    if node.minutes <= bounds.most:
        return [Block(node.name, node.sections)]
    cut = _headings(node, bounds.most)
    atoms, minutes, chapters = [one for one, _ in cut], [one.minutes for one, _ in cut], [name for _, name in cut]
    are_short = _is_crowd(atoms)
    unnamed = _LOST_IN_A_CROWD if are_short else float("inf")  # nobody looks for one note among others

    def cost(start: int, end: int) -> float:
        inside = chapters[start] in chapters[:start][-1:] or chapters[end - 1] in chapters[end : end + 1]
        crossing = _CROSSING if inside and chapters[start] != chapters[end - 1] else 0.0
        return crossing + (0.0 if _name_of(atoms[start:end], node.name) else unnamed * max(minutes[start:end]))

    runs = partition(minutes, bounds.least, 2 * bounds.least if are_short else bounds.most, cost)
    if len(runs) == 1:
        return [Block(node.name, node.sections)]
    # A front page, or one that is most of the course, has the course's name, and so has what opens it.
    is_most = is_front_page(node.sections[0].document.path) or node.minutes > bounds.most_of_all
    part = "" if is_most else node.name
    blocks = []
    for start, end in runs:
        run, around = atoms[start:end], [*dict.fromkeys(chapters[start:end])]
        ends = _name_ends(run, node.name)
        if len(ends) > _LONGEST_RANGE or around == [clean_name(run[0].name)]:
            ends = _name_first(run, [one for one in around if one.lower() != node.name.lower()], node.name)
        told = "" if is_most and run[0].name == node.name else _name_of(run, node.name) or ends
        blocks.append(Block(name_part(part, told) or node.name, _sections_of(run), part))
    return blocks


def _name_of(run: Sequence[Node], document: str) -> str:
    """The heading that names a run, beside which the others are tiny; empty where the run is about several things."""
    named = run[1:] if run[0].name == document and len(run) > 1 else run
    main = max(named, key=lambda atom: atom.minutes)
    return name_entry(main.name) if main.minutes >= _MAIN_SHARE * sum(atom.minutes for atom in named) else ""


def _name_ends(run: Sequence[Node], document: str) -> str:
    """The headings of a run, but for the one around them: the first and the last."""
    named = [name_entry(atom.name) for atom in run if atom.name.lower() not in ("", document.lower())]
    return (" to " if len(named) > 2 else ", ").join(dict.fromkeys((*named[:1], *named[-1:])))


def _name_first(run: Sequence[Node], chapters: Sequence[str], document: str) -> str:
    """The first heading of a run, behind its chapter, or its chapters: "Using actions: Returning"."""
    first = _name_ends(run[:1], document) or _name_ends(run[1:2], "")
    named = ", ".join(chapters) if len(chapters) > 1 else name_part("".join(chapters), first)
    return named if len(named) <= _LONGEST_RANGE else first


def _headings(node: Node, most: float) -> list[tuple[Node, str]]:
    """The headings that a document is not cut inside, each with all below it, and the names of their chapters."""
    if node.minutes <= most or not node.children:
        return [(node, clean_name(node.name))]
    parts = (replace(node, children=()),) * bool(node.own) + node.children
    return [(one, clean_name(part.name)) for part in parts for one, _ in _headings(part, most)]
