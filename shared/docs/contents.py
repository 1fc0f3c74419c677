"""A page's own table of contents: a list of links to its headings is navigation, and no text of the page. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from shared.docs.model import Block, Section

_TO_A_HEADING = re.compile(r"[*_]*\[(?:[^\[\]\\]|\\.)*\]\([^()\s#]*#[^()\s]*\)[*_]*")
_FEWEST, _NEARLY_ALL = 3, 0.9


def without_contents(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections without runs of list items that hold a link to a heading, nearly always of the page, and no more."""
    return tuple(replace(one, blocks=tuple(_kept(one.blocks))) for one in sections)


def _kept(blocks: Sequence[Block]) -> list[Block]:
    kept: list[Block] = []
    for leads_on, run in groupby(blocks, _only_leads_on):
        found = list(run)
        into_the_page = sum(any("](#" in sentence.text for sentence in one.sentences) for one in found if leads_on)
        kept += [] if into_the_page >= max(_FEWEST, _NEARLY_ALL * len(found)) else found
    return kept


def _only_leads_on(block: Block) -> bool:
    text = " ".join(sentence.text for sentence in block.sentences)
    return block.kind == "list_item" and _TO_A_HEADING.fullmatch(text.strip()) is not None
