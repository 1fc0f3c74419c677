"""Which questions of earlier modules a module opens with, so that a course repeats itself on purpose. Pure."""

from collections.abc import Sequence

from shared.course.model import Item, Module

_ASKED = 2
_BACK = (2, 5)


def choose_recall(modules: Sequence[Module], ways: Sequence[Sequence[str]]) -> list[Module]:
    """The modules, each with two items of what it builds on: its prerequisites, and two and five modules back.

    `ways` are the pathways as ids of modules. A module's place is the one in the first pathway that has it. The item
    that was recalled least so far comes first.
    """
    by_id = {module.id: module for module in modules}
    recalled: dict[str, int] = {}
    chosen: list[Module] = []
    for module in modules:
        way = next((way for way in ways if module.id in way), ())
        at = list(way).index(module.id) if way else 0
        back = [way[at - steps] for steps in _BACK if at >= steps]
        nearest = [i for i in reversed(module.prerequisites) if i in way[:at]]
        sources = list(dict.fromkeys([*nearest[:1], *back, *nearest[1:]]))
        items = [_least_recalled(by_id[i].assessment, recalled) for i in sources if i in by_id and by_id[i].assessment]
        ids = [item.id for item in items[:_ASKED]]
        for one in ids:
            recalled[one] = recalled.get(one, 0) + 1
        chosen.append(module.model_copy(update={"recall": ids}))
    return chosen


def _least_recalled(items: Sequence[Item], recalled: dict[str, int]) -> Item:
    return min(items, key=lambda item: recalled.get(item.id, 0))
