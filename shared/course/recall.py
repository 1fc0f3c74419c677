"""Which questions of earlier modules a module opens with, so that a course repeats itself on purpose. Pure."""

from collections.abc import Container, Iterator, Sequence

from shared.course.model import Module

_ASKED = 2
_BACK = (2, 5)
_A_GLANCE = 3  # minutes: a module of fewer opens with no questions


def choose_recall(
    modules: Sequence[Module], ways: Sequence[Sequence[str]], unstudied: Container[str] = frozenset()
) -> list[Module]:
    """The modules, each with up to two items of what it builds on: its prerequisites, and two and five modules back.
    Those that nobody studies, `unstudied`, and those of a glance have none. No item is recalled twice.

    `ways` are the pathways as ids of modules. Of the modules before it in the first way that has it, only those count
    that are before it in most others too: nobody should be asked of what their way leaves out.
    """
    by_id = {module.id: module for module in modules}
    asked: set[str] = set()
    found: list[Module] = []
    for module in modules:
        before = [list(way)[: list(way).index(module.id)] for way in ways if module.id in way]
        sources = dict.fromkeys(one for way in before for one in _built_on(module, way) if one in before[0])
        held = {one: sum(one in way for way in before) for one in sources if one in by_id}
        most = max(held.values(), default=0) if module.estimated_minutes >= _A_GLANCE else 0
        free = (
            [item.id for item in by_id[one].assessment if item.id not in asked] for one in held if held[one] == most
        )
        items = [] if not most or module.id in unstudied else [able[0] for able in free if able][:_ASKED]
        asked.update(items)
        found.append(module.model_copy(update={"recall": items}))
    return found


def _built_on(module: Module, before: Sequence[str]) -> Iterator[str]:
    """Of the modules before one its nearest prerequisite, those two and five back, and its other prerequisites."""
    nearest = [one for one in reversed(module.prerequisites) if one in before]
    yield from nearest[:1]
    yield from (before[-steps] for steps in _BACK if len(before) >= steps)
    yield from nearest[1:]
