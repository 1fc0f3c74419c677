"""Which questions of earlier modules a module opens with, so that a course repeats itself on purpose. Pure."""

from collections import Counter
from collections.abc import Container, Sequence

from shared.course.model import Module

_ASKED = 2
_BACK = (2, 5)
_MOST_TIMES = 2


def choose_recall(
    modules: Sequence[Module], ways: Sequence[Sequence[str]], unstudied: Container[str] = frozenset()
) -> list[Module]:
    """The modules, each with up to two items of what it builds on: its prerequisites, and two and five modules back.
    Those that nobody studies, `unstudied`, have none.

    `ways` are the pathways as ids of modules. A module's place is the one in the first pathway that has it. The item
    that was recalled least so far comes first; none is recalled three times, or in two neighbours.
    """
    by_id = {module.id: module for module in modules}
    times: Counter[str] = Counter()
    recalled: dict[str, list[str]] = {}
    for module in modules:
        way = next((list(way) for way in ways if module.id in way), [module.id])
        at = way.index(module.id)
        beside = [one for i in way[max(0, at - 1) : at + 2] for one in recalled.get(i, ())]
        back = [way[at - steps] for steps in _BACK if at >= steps]
        nearest = [i for i in reversed(module.prerequisites) if i in way[:at]]
        sources = list(dict.fromkeys([*nearest[:1], *back, *nearest[1:]]))
        free = ([one for one in by_id[i].assessment if one.id not in beside] for i in sources if i in by_id)
        least = (min(able, key=lambda one: times[one.id]) for able in free if able)
        items = [one for one in least if times[one.id] < _MOST_TIMES]
        recalled[module.id] = [] if module.id in unstudied else [item.id for item in items[:_ASKED]]
        times.update(recalled[module.id])
    return [module.model_copy(update={"recall": recalled[module.id]}) for module in modules]
