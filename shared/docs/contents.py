"""A page's own table of contents: a list of links to its headings is navigation, and no text of the page. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from shared.docs.model import Block, Section

_INTO_THE_PAGE = re.compile(r"[*_]*\[(?:[^\[\]\\]|\\.)*\]\(#[^()\s]*\)[*_]*")
_FEWEST = 3


def without_contents(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections without runs of list items that hold a link to a heading of the page and nothing else."""
    return tuple(replace(one, blocks=tuple(_kept(one.blocks))) for one in sections)


def _kept(blocks: Sequence[Block]) -> list[Block]:
    kept: list[Block] = []
    for leads_on, run in groupby(blocks, _leads_into_the_page):
        found = list(run)
        kept += [] if leads_on and len(found) >= _FEWEST else found
    return kept


def _leads_into_the_page(block: Block) -> bool:
    text = " ".join(sentence.text for sentence in block.sentences)
    return block.kind == "list_item" and _INTO_THE_PAGE.fullmatch(text.strip()) is not None
