"""Repeats are dropped: a course asks a thing once, and tells it once on each way."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from shared.course.field_text import FIELDS, read_markdown
from shared.course.model import Item, Module
from shared.course.near_items import find_near_equal
from shared.course.plain_text import show_plain
from shared.course.sentence_marks import find_marks
from shared.course.spans import join_words
from shared.course.wording import level_distance


def drop_repeated_items(
    modules: Sequence[Module], ways: Sequence[Sequence[str]], given: frozenset[str] = frozenset()
) -> list[Module]:
    """The modules without the repeats: first those on one way, then those of modules that no way has both of.

    `ways` are the pathways as ids of modules. Modules are written side by side and do not see each other's items; here
    they do. Of two items the one goes whose module has more of them, else the later one. An objective that no
    item is left to test goes too, unless its text is `given` by a person: then another item takes it.
    """
    left = {module.id: list(module.assessment) for module in modules}
    for way in (*ways, [*left]):
        homes = {item.id: i for i in way for item in left.get(i, ())}
        items = [item for i in way for item in left.get(i, ())]
        for later, earlier in chain(find_near_equal(items), _find_same_calls(items)):
            asked = {item.id for i in way for item in left.get(i, ())}
            if later.id in asked and earlier.id in asked:
                fuller = len(left[homes[earlier.id]]) > len(left[homes[later.id]])
                repeat = earlier if fuller else later
                left[homes[repeat.id]] = [item for item in left[homes[repeat.id]] if item.id != repeat.id]
    return [
        module if len(left[module.id]) == len(module.assessment) else _with_items(module, left[module.id], given)
        for module in modules
    ]


def _find_same_calls(items: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """Each item that asks for a call which an earlier one asks for, with that one."""
    known: dict[str, Item] = {}
    for item in items:
        if item.form == "fill_call":
            key = " ".join(option.text for option in item.options if option.id in item.right)
            if key in known:
                yield item, known[key]
            known.setdefault(key, item)


def drop_repeated_lines(modules: Sequence[Module], ways: Sequence[Sequence[str]]) -> list[Module]:
    """The modules without the lines of a summary and the items of an introduction that stand in an earlier module of a
    way in the same words, and without an introduction or a conclusion that an earlier module has.
    """
    left = {module.id: {name: getattr(module, name) for name in FIELDS} for module in modules}
    for way in ways:
        said: set[str] = set()
        for fields in (left[i] for i in way if i in left):
            own: set[str] = set()
            for name in ("introduction", "summary", "conclusion"):
                is_known = join_words(show_plain(fields[name])) in said
                lines = [] if is_known else [one for one in fields[name].split("\n") if _form_of_item(one) not in said]
                fields[name] = "\n".join(lines).strip("\n")
                own.update((join_words(show_plain(fields[name])), *map(_form_of_item, lines)))
            said |= own - {""}
    return [
        module if all(getattr(module, name) == text for name, text in left[module.id].items())
        else without_unused(module, left[module.id])
        for module in modules
    ]  # fmt: skip


def _form_of_item(line: str) -> str:
    """The words of an item of a list; "" for another line."""
    return join_words(show_plain(line)) if line.startswith("- ") else ""


def _with_items(module: Module, items: list[Item], given: frozenset[str]) -> Module:
    """The module with these items, the objectives they test and the citations that are still used."""
    for objective in module.objectives:
        if objective.text in given and not any(objective.id in item.objective_ids for item in items):
            heir = next((item for item in items if level_distance(item.bloom, objective.bloom) <= 1), None)
            if heir is not None:
                ids = [*heir.objective_ids, objective.id]
                items[items.index(heir)] = heir.model_copy(update={"objective_ids": ids})
    tested = {i for item in items for i in item.objective_ids}
    objectives = [one for one in module.objectives if one.id in tested or one.text in given]
    return without_unused(module, {"assessment": items, "objectives": objectives})


def without_unused(module: Module, update: Mapping[str, object]) -> Module:
    """The module with what is new in it, and with the citations that are still used."""
    module = module.model_copy(update=update)
    used = {citation_id for item in module.assessment for citation_id in item.citation_ids}
    used.update(i for item in module.assessment for option in item.options for i in option.citation_ids)
    for name in FIELDS:
        text = str(getattr(module, name))
        used.update(find_marks(text))
        used.update(block.citation_id for block in read_markdown(name, text).code if block.citation_id)
    return module.model_copy(update={"citations": [citation for citation in module.citations if citation.id in used]})
