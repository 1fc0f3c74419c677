"""The numbers that citation marks show."""

import re
from collections.abc import Iterator

from shared.course.model import Module
from shared.course.sentence_marks import MARK

_ANY_MARK = re.compile(MARK.pattern + r"|\bcite=(\S+)")


def number_citations(module: Module) -> dict[str, int]:
    """Citation id → number, counted from 1 in the order a reader meets the marks; those never marked come last."""
    listed = dict.fromkeys(citation.id for citation in module.citations)
    met = dict.fromkeys(name for name in _mentions(module) if name in listed)
    return {name: number for number, name in enumerate([*met, *(name for name in listed if name not in met)], start=1)}


def _mentions(module: Module) -> Iterator[str]:
    for text in (module.introduction, module.main_content):
        yield from _marks(text)
    for item in module.assessment:
        for text in (item.stem, *(option.text for option in item.options), item.explanation):
            yield from _marks(text)
        yield from item.citation_ids
    for text in (module.conclusion, module.summary):
        yield from _marks(text)


def _marks(text: str) -> Iterator[str]:
    return (found.group(1) or found.group(2) for found in _ANY_MARK.finditer(text))
