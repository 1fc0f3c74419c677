"""The numbers that citation marks show."""

import re
from collections.abc import Container, Iterator, Sequence

from shared.course.model import Item, Module
from shared.course.sentence_marks import MARK

_ANY_MARK = re.compile(MARK.pattern + r"|\bcite=(\S+)")


def number_citations(module: Module, recalled: Sequence[Item], known: Container[str]) -> dict[str, int]:
    """Citation id → number, counted from 1 in the order a reader meets the marks; those never marked come last.

    `recalled` are the items of earlier modules that open the page, `known` all citations of the course.
    """
    listed = dict.fromkeys(citation.id for citation in module.citations)
    asked = dict.fromkeys(name for item in recalled for name in _item_mentions(item) if name in known)
    met = dict.fromkeys(name for name in _mentions(module) if name in listed)
    return {name: number for number, name in enumerate([*(asked | met | listed)], start=1)}


def _mentions(module: Module) -> Iterator[str]:
    for text in (module.introduction, module.main_content):
        yield from _marks(text)
    for item in module.assessment:
        yield from _item_mentions(item)
    for text in (module.conclusion, module.summary):
        yield from _marks(text)


def _item_mentions(item: Item) -> Iterator[str]:
    for text in (item.stem, *(option.text for option in item.options), item.explanation):
        yield from _marks(text)
    for option in item.options:
        yield from option.citation_ids
    yield from item.citation_ids


def _marks(text: str) -> Iterator[str]:
    return (found.group(1) or found.group(2) for found in _ANY_MARK.finditer(text))
