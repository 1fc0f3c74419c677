"""Modules that hold no lesson, because checks took out all their sections, are no part of a course. Pure.

Of those that hold one, some are there to look things up or to go elsewhere.
"""

import re
from collections.abc import Iterator, Sequence

from services.modules.assembly.repeats import without_unused
from shared.course.field_text import FIELDS
from shared.course.model import Module, NotTaught
from shared.engine.types import DocumentAnalysis, PathwayModule

_LOOKED_UP = frozenset({"reference", "api", "faq", "troubleshooting"})
_FEW_WORDS = 100


def drop_empty(modules: Sequence[Module]) -> list[Module]:
    """The modules that hold a lesson or say why they could not be written; all of them where none does.

    The module before an empty one names its sections as left out. Links to an empty module become their words.
    """
    empty = {one.id: one for one in modules if not one.main_content.strip() and one.status == "complete"}
    if len(empty) == len(modules) or not empty:
        return list(modules)
    links = re.compile(rf"\[((?:[^\[\]\\]|\\.)*)\]\(#(?:{'|'.join(empty)})(?: \"[^\"]*\")?\)")
    kept: list[Module] = []
    waiting: list[NotTaught] = []
    for module in modules:
        if module.id in empty and not kept:
            waiting += module.not_taught
        elif module.id in empty:
            kept[-1] = _with_left_out(kept[-1], module.not_taught)
        else:
            kept.append(_with_left_out(module, waiting))
            waiting = []
    texts = ({name: links.sub(r"\1", getattr(module, name)) for name in FIELDS} for module in kept)
    return [without_unused(module, text) for module, text in zip(kept, texts, strict=True)]


def _with_left_out(module: Module, more: Sequence[NotTaught]) -> Module:
    return module.model_copy(update={"not_taught": [*module.not_taught, *more]}) if more else module


def find_unstudied(planned: Sequence[PathwayModule], analyses: Sequence[DocumentAnalysis]) -> Iterator[str]:
    """Ids of modules that nobody studies: those to look things up, and a few words without code, such as links."""
    looked_up = {
        one.document_id
        for one in analyses
        if one.doc_type in _LOOKED_UP or (one.word_count < _FEW_WORDS and not any(s.code_lines for s in one.sections))
    }
    return (module.id for module in planned if looked_up.issuperset(module.document_ids))
