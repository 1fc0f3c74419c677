"""Ids of a course's parts: each stands once over the whole course, so that a reader's program may use it as a name."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from shared.course.model import Course, Module
from shared.kernel.ids import content_id


def give_own_ids(modules: Sequence[Module]) -> list[Module]:
    """The modules, with new ids for parts whose id an earlier module has.

    Writers make ids from the module and the content. A module that an earlier version of the program wrote, and that
    was kept, may have ids of the content alone.
    """
    seen: set[str] = set()
    result: list[Module] = []
    for module in modules:
        taken = [part for part in _part_ids(module) if part in seen]
        result.append(_renamed(module, taken) if taken else module)
        seen.update(_part_ids(result[-1]))
    return result


def find_repeated_ids(course: Course) -> Iterator[str]:
    """The ids that stand twice, in a reader's words."""
    kinds: dict[str, Iterable[str]] = {
        "documents": (document.id for document in course.documents),
        "concepts": (concept.id for concept in course.concepts),
        "pathways": (pathway.id for pathway in course.pathways),
        "modules": (module.id for module in course.modules),
        "objectives": (objective.id for module in course.modules for objective in module.objectives),
        "items": (item.id for module in course.modules for item in module.assessment),
        "citations": (citation.id for module in course.modules for citation in module.citations),
    }
    for kind, ids in kinds.items():
        for repeated in (one for one, times in Counter(ids).items() if times > 1):
            yield f"two {kind} have the id {repeated}"


def _part_ids(module: Module) -> Iterator[str]:
    for parts in (module.objectives, module.assessment, module.citations):
        yield from (part.id for part in parts)


def _renamed(module: Module, taken: Iterable[str]) -> Module:
    """The module with other ids wherever they stand: in lists, in marks and in the info strings of code."""
    names = {part: content_id(part[:1], module.id, part) for part in taken}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
    return Module.model_validate_json(pattern.sub(lambda found: names[found[0]], module.model_dump_json()))
