"""Which questions of earlier modules a module opens with, so that a course repeats itself on purpose. Pure."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence

from shared.course.model import Module

_ASKED = 2
_BACK = (2, 5)
_MOST_TIMES = 2


def choose_recall(
    modules: Sequence[Module], ways: Sequence[Sequence[str]], unstudied: Container[str] = frozenset()
) -> list[Module]:
    """The modules, each with up to two items of what it builds on: its prerequisites, and two and five modules back.
    Those that nobody studies, `unstudied`, have none.

    `ways` are the pathways as ids of modules. Of the modules before it in the first way that has it, those come first
    that are before it in most others too: nobody should be asked of what their way leaves out. The item that was
    recalled least so far comes first; none is recalled three times, or in two neighbours of the first way.
    """
    by_id = {module.id: module for module in modules}
    times: Counter[str] = Counter()
    recalled: dict[str, list[str]] = {}
    for module in modules:
        before = [list(way)[: list(way).index(module.id)] for way in ways if module.id in way]
        way = next((list(way) for way in ways if module.id in way), [module.id])
        at = way.index(module.id)
        beside = [one for i in way[max(0, at - 1) : at + 2] for one in recalled.get(i, ())]
        sources = list(dict.fromkeys(one for way in before for one in _built_on(module, way) if one in before[0]))
        sources.sort(key=lambda one: -sum(one in way for way in before))
        free = ([one for one in by_id[i].assessment if one.id not in beside] for i in sources if i in by_id)
        least = (min(able, key=lambda one: times[one.id]) for able in free if able)
        items = [one for one in least if times[one.id] < _MOST_TIMES]
        recalled[module.id] = [] if module.id in unstudied else [item.id for item in items[:_ASKED]]
        times.update(recalled[module.id])
    return [module.model_copy(update={"recall": recalled[module.id]}) for module in modules]


def _built_on(module: Module, before: Sequence[str]) -> Iterator[str]:
    """Of the modules before one its nearest prerequisite, those two and five back, and its other prerequisites."""
    nearest = [one for one in reversed(module.prerequisites) if one in before]
    yield from nearest[:1]
    yield from (before[-steps] for steps in _BACK if len(before) >= steps)
    yield from nearest[1:]
