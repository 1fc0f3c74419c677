"""Modules that hold no lesson, because checks took out all their sections, are no part of a course. Pure."""

import re
from collections.abc import Sequence

from services.modules.assembly.repeats import without_unused
from shared.course.field_text import FIELDS
from shared.course.model import Module


def drop_empty(modules: Sequence[Module]) -> list[Module]:
    """The modules that hold a lesson; all of them where none does.

    The module before an empty one takes the way on from it, and names its sections as left out. Links to an empty
    module become their words.
    """
    empty = {module.id: module for module in modules if not module.main_content.strip()}
    if len(empty) == len(modules) or not empty:
        return list(modules)
    links = re.compile(rf"\[((?:[^\[\]\\]|\\.)*)\]\(#(?:{'|'.join(empty)})(?: \"[^\"]*\")?\)")
    kept: list[Module] = []
    waiting: list[Module] = []
    for module in modules:
        if module.id in empty and not kept:
            waiting.append(module)
        elif module.id in empty:
            kept[-1] = _take_over(kept[-1], module)
        else:
            kept.append(module)
    for module in waiting:
        kept[0] = kept[0].model_copy(update={"not_taught": [*kept[0].not_taught, *module.not_taught]})
    texts = ({name: links.sub(r"\1", getattr(module, name)) for name in FIELDS} for module in kept)
    return [without_unused(module, text) for module, text in zip(kept, texts, strict=True)]


def _take_over(module: Module, empty: Module) -> Module:
    """The module with the way on from the empty one behind it, and with that one's sections as left out."""
    known = {one.id for one in module.citations}
    cited = [one for one in empty.citations if one.id not in known]
    leads = f"(#{empty.id})" in module.conclusion
    return module.model_copy(
        update={
            "conclusion": empty.conclusion if leads else module.conclusion,
            "citations": [*module.citations, *cited],
            "not_taught": [*module.not_taught, *empty.not_taught],
        }
    )
