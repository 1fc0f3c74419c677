"""The ways through a course: each offered pathway with its written modules, in its order and in groups."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from shared.course.model import Course, Module, PathwayEntry

from .naming import file_slug

_FEWEST_GROUPED = 13
_FEWEST_OF_PART, _LONGEST_STRETCH = 3, 10


@dataclass(frozen=True)
class Step:
    """A module of a way; `number` counts within the way."""

    module: Module
    number: int


@dataclass(frozen=True)
class Group:
    """Neighbours of a way that belong together; `title` is "" where the way is too short to be divided."""

    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Way:
    """A pathway that a reader can follow from its start to its end. `key` names it in addresses and in the reader's
    browser, over all editions.
    """

    key: str
    title: str
    description: str
    minutes: int
    prerequisites: tuple[str, ...]
    is_default: bool
    groups: tuple[Group, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """The modules in the order of the way."""
        return tuple(step for group in self.groups for step in group.steps)

    @property
    def items(self) -> int:
        """The questions of its modules."""
        return sum(len(step.module.assessment) for step in self.steps)

    def find(self, module_id: str) -> Step | None:
        """The step that is this module; None where the way leaves it out."""
        return next((step for step in self.steps if step.module.id == module_id), None)

    def around(self, step: Step) -> tuple[Step | None, Step | None]:
        """The steps before and after one."""
        steps = self.steps
        at = step.number - 1
        return (steps[at - 1] if at else None), (steps[at + 1] if at + 1 < len(steps) else None)


def list_ways(course: Course) -> tuple[Way, ...]:
    """The pathways whose modules are all written, the one to begin with first; if there is no such
    pathway, one way with all modules.
    """
    written = {module.id: module for module in course.modules}
    parts = {module.id: module.part for one in course.pathways for module in one.modules}
    whole = [one for one in course.pathways if one.modules and all(module.id in written for module in one.modules)]
    if not whole:
        ordered = sorted(course.modules, key=lambda module: module.order)
        minutes = sum(module.estimated_minutes for module in ordered)
        return (Way("all", course.title, "", minutes, (), is_default=True, groups=_group(ordered, parts)),)
    keys = _name(whole)
    chosen = next((one for one in whole if one.selected), whole[0])
    ordered_ways = sorted(whole, key=lambda one: one is not chosen)
    return tuple(
        Way(
            keys[one.id],
            one.title,
            one.description,
            one.estimated_minutes,
            tuple(one.prerequisites),
            one is chosen,
            _group([written[module.id] for module in one.modules], parts),
        )
        for one in ordered_ways
    )


def list_offers(course: Course) -> tuple[PathwayEntry, ...]:
    """The pathways that were offered and have modules nobody has written yet."""
    written = {module.id for module in course.modules}
    return tuple(one for one in course.pathways if not all(module.id in written for module in one.modules))


def _name(pathways: Sequence[PathwayEntry]) -> dict[str, str]:
    """Pathway id → kind, numbered where a kind stands twice."""
    kinds: Counter[str] = Counter()
    names = {}
    for pathway in pathways:
        kind = file_slug(pathway.kind) or "way"
        kinds[kind] += 1
        names[pathway.id] = f"{kind}.{kinds[kind]}" if kinds[kind] > 1 else kind
    return names


def _group(modules: Sequence[Module], parts: Mapping[str, str]) -> tuple[Group, ...]:
    """Neighbouring modules of one part of the author's contents; what parts do not divide well, in stretches."""
    steps = [Step(module, number) for number, module in enumerate(modules, start=1)]
    if len(steps) < _FEWEST_GROUPED:
        return (Group("", tuple(steps)),) if steps else ()
    runs = [(part, [*run]) for part, run in groupby(steps, key=lambda step: parts.get(step.module.id, ""))]
    told = ((part if _FEWEST_OF_PART <= len(run) < len(steps) else "", run) for part, run in runs)
    groups: list[Group] = []
    for part, members in groupby(told, key=lambda one: one[0]):
        row = [step for _, run in members for step in run]
        groups += [Group(part, tuple(row))] if part else _cut(row)
    return tuple(groups)


def _cut(row: Sequence[Step]) -> list[Group]:
    """Stretches of nearly one length, each called after its first and its last module."""
    count = math.ceil(len(row) / _LONGEST_STRETCH)
    edges = [len(row) * at // count for at in range(count + 1)]
    stretches = [tuple(row[start:end]) for start, end in pairwise(edges)]
    return [Group(" – ".join(dict.fromkeys((one[0].module.title, one[-1].module.title))), one) for one in stretches]
