"""Items that nearly equal one of an earlier module: a course asks a thing once."""

from collections.abc import Mapping, Sequence

from shared.course.model import Bloom, Item, Module
from shared.course.near_items import compare_items
from shared.course.plain_text import show_plain
from shared.course.sentence_marks import find_marks
from shared.course.statements import FIELDS, read_markdown
from shared.course.wording import level_distance, list_words

_NEAR_EQUAL = 0.8
_WORTH_COMPARING = 0.5
_FEWEST_ITEMS = 3


def drop_repeated_items(modules: Sequence[Module]) -> list[Module]:
    """The modules without items that an earlier one asks, as long as three are left and each objective is tested.

    Modules are written side by side and do not see each other's items; here they do.
    """
    asked: list[tuple[Item, frozenset[str]]] = []
    result: list[Module] = []
    for module in modules:
        kept = list(module.assessment)
        levels = {objective.id: objective.bloom for objective in module.objectives}
        for item in module.assessment:
            words = _list_words(item)
            if len(kept) > _FEWEST_ITEMS and any(_is_like(item, words, other, known) for other, known in asked):
                rest = _without(kept, item, levels)
                kept = kept if rest is None else rest
        asked += [(item, _list_words(item)) for item in kept]
        result.append(module if len(kept) == len(module.assessment) else _with_items(module, kept))
    return result


def _list_words(item: Item) -> frozenset[str]:
    texts = (item.stem, *(option.text for option in item.options), *item.right)
    return frozenset(word for text in texts for word in list_words(show_plain(text)))


def _is_like(item: Item, words: frozenset[str], other: Item, known: frozenset[str]) -> bool:
    """Whether two items nearly equal each other; the cheap look comes first."""
    if len(words & known) < _WORTH_COMPARING * min(len(words), len(known)):
        return False
    return compare_items(item, other) > _NEAR_EQUAL


def _without(items: Sequence[Item], dropped: Item, levels: Mapping[str, Bloom]) -> list[Item] | None:
    """The items without one, its objectives given to the others; None when none of them can test one."""
    rest = [item for item in items if item is not dropped]
    for objective_id in dropped.objective_ids:
        if any(objective_id in item.objective_ids for item in rest):
            continue
        level = levels.get(objective_id, dropped.bloom)
        heir = next((item for item in rest if level_distance(item.bloom, level) <= 1), None)
        if heir is None:
            return None
        changed = heir.model_copy(update={"objective_ids": [*heir.objective_ids, objective_id]})
        rest[rest.index(heir)] = changed
    return rest


def _with_items(module: Module, items: list[Item]) -> Module:
    """The module with these items and the citations that are still used."""
    used = {citation_id for item in items for citation_id in item.citation_ids}
    for name in FIELDS:
        text = str(getattr(module, name))
        used.update(find_marks(text))
        used.update(block.citation_id for block in read_markdown(name, text).code if block.citation_id)
    citations = [citation for citation in module.citations if citation.id in used]
    return module.model_copy(update={"assessment": items, "citations": citations})
