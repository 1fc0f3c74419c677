"""The lines of a module's code that its questions ask for: a learner predicts them before they are shown. Pure."""

import re
from collections.abc import Callable, Mapping

from shared.course.export.cited import CitedSpan
from shared.course.field_text import read_module
from shared.course.model import Item, Module

_COMMENT = re.compile(r"\s*(?:(?:#|//|--|;+)\s*)?(?:(?:=+>|->|→)\s*)?")


def find_covered(module: Module, read: Callable[[str], CitedSpan]) -> Mapping[str, range]:
    """Citation id of a block of code → its lines, from 0, that are the result a question asks for; of several questions
    about one block the first. A result that shares its line with code is shown, for the code has to be.
    """
    covered: dict[str, range] = {}
    results = [span for item in module.assessment if item.asks_result for span in _list_results(item, read)]
    for block in (block for text in read_module(module) for block in text.code):
        span = read(block.citation_id) if results and block.citation_id else None
        for result in results:
            if span and span.path == result.path and span.first <= result.first and result.last <= span.last:
                lines, count = [line.strip() for line in block.text.split("\n")], len(result.lines)
                wanted = [line.strip() for line in result.lines]
                places = [at for at in range(len(lines)) if lines[at : at + count] == wanted]
                if len(places) == 1:
                    covered.setdefault(span.id, range(places[0], places[0] + count))
    return covered


def _list_results(item: Item, read: Callable[[str], CitedSpan]) -> list[CitedSpan]:
    """The cited lines that are the key itself, or that begin with the name of the error which is the key."""
    keys = {_bare(key) for key in item.key if isinstance(key, str)}
    spans = [read(i) for i in item.citation_ids]
    said = [(span, _bare(" ".join(_COMMENT.sub("", line, count=1) for line in span.lines))) for span in spans]
    return [span for span, text in said if text in keys or text.partition(":")[0] in keys]


def _bare(text: str) -> str:
    return "".join(text.split())
