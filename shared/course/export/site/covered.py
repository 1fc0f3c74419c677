"""The results in a module's code that its questions ask for: a learner predicts them before they are shown. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from shared.course.export.cited import CitedSpan
from shared.course.export.code_html import Covered
from shared.course.field_text import read_module
from shared.course.model import Item, Module

_REMARK, _ARROW = r"(?:#|//|--|;+)", r"(?:=+>|->|→|➜)"
_COMMENT = re.compile(rf"\s*(?:{_REMARK}\s*)?(?:{_ARROW}\s*)?")


def find_covered(module: Module, read: Callable[[str], CitedSpan]) -> Mapping[str, Covered]:
    """Citation id of a block of code → the result in it that a question asks for; of several questions about one block
    the first. Of a line of code only the remark or what an arrow leads to is covered.
    """
    covered: dict[str, Covered] = {}
    results = [result for item in module.assessment if item.asks_result for result in _list_results(item, read)]
    for block in (block for text in read_module(module) for block in text.code):
        span = read(block.citation_id) if results and block.citation_id else None
        for result, tail in results:
            if span and span.path == result.path and span.first <= result.first and result.last <= span.last:
                wanted = [line.strip() for line in (result.lines[-1:] if tail else result.lines)]
                places = _find_all([line.strip() for line in block.text.split("\n")], wanted)
                if len(places) == 1:
                    covered.setdefault(span.id, Covered(range(places[0], places[0] + len(wanted)), tail))
    return covered


def _list_results(item: Item, read: Callable[[str], CitedSpan]) -> Iterator[tuple[CitedSpan, str]]:
    """The cited lines that are the key itself, or that begin with the name of the error which is the key; else those
    of which the last ends in a remark with the key, and that remark.
    """
    keys = [key for key in item.key if isinstance(key, str)]
    bare = set(map(_bare, keys))
    ends = "|".join(map(re.escape, keys))
    behind = re.compile(rf"(?<=\s)(?:{_REMARK}\s*{_ARROW}?|{_ARROW})\s*(?:{ends})$")
    for span in map(read, item.citation_ids):
        said = _bare(" ".join(_COMMENT.sub("", line, count=1) for line in span.lines))
        if said in bare or said.partition(":")[0] in bare:
            yield span, ""
        elif found := behind.search(span.lines[-1].rstrip()):
            yield span, found[0]


def _find_all(lines: Sequence[str], wanted: Sequence[str]) -> list[int]:
    return [at for at in range(len(lines)) if list(lines[at : at + len(wanted)]) == list(wanted)]


def _bare(text: str) -> str:
    return "".join(text.split())
