"""Items that nearly equal another one on the same way through the course: a learner is asked a thing once."""

from collections.abc import Sequence

from shared.course.model import Item, Module
from shared.course.near_items import find_near_equal
from shared.course.sentence_marks import find_marks
from shared.course.statements import FIELDS, read_markdown
from shared.course.wording import level_distance


def drop_repeated_items(
    modules: Sequence[Module], ways: Sequence[Sequence[str]], given: frozenset[str] = frozenset()
) -> list[Module]:
    """The modules without the repeats; modules that no way has both of may ask the same.

    `ways` are the pathways as ids of modules. Modules are written side by side and do not see each other's items; here
    they do. Of two items the one goes whose module has more of them, else the later one. Objectives that a dropped item
    tested are given to another item; one that no item can test goes too, unless its text is `given` by a person.
    """
    left = {module.id: list(module.assessment) for module in modules}
    for way in ways:
        homes = {item.id: i for i in way for item in left.get(i, ())}
        pairs = find_near_equal([item for i in way for item in left.get(i, ())])
        for later, earlier in pairs:
            asked = {item.id for i in way for item in left.get(i, ())}
            if later.id in asked and earlier.id in asked:
                fuller = len(left[homes[earlier.id]]) > len(left[homes[later.id]])
                repeat = earlier if fuller else later
                left[homes[repeat.id]] = [item for item in left[homes[repeat.id]] if item.id != repeat.id]
    return [
        module if len(left[module.id]) == len(module.assessment) else _with_items(module, left[module.id], given)
        for module in modules
    ]


def _with_items(module: Module, items: list[Item], given: frozenset[str]) -> Module:
    """The module with these items, the objectives they test and the citations that are still used."""
    for objective in module.objectives:
        if not any(objective.id in item.objective_ids for item in items):
            heir = next((item for item in items if level_distance(item.bloom, objective.bloom) <= 1), None)
            if heir is not None:
                ids = [*heir.objective_ids, objective.id]
                items[items.index(heir)] = heir.model_copy(update={"objective_ids": ids})
    tested = {i for item in items for i in item.objective_ids}
    used = {citation_id for item in items for citation_id in item.citation_ids}
    used.update(i for item in items for option in item.options for i in option.citation_ids)
    for name in FIELDS:
        text = str(getattr(module, name))
        used.update(find_marks(text))
        used.update(block.citation_id for block in read_markdown(name, text).code if block.citation_id)
    return module.model_copy(
        update={
            "assessment": items,
            "objectives": [one for one in module.objectives if one.id in tested or one.text in given],
            "citations": [citation for citation in module.citations if citation.id in used],
        }
    )
