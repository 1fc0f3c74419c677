"""A page's own table of contents: a list of links to its headings is navigation, and no text of the page. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from shared.docs.model import Block, Section

_LEADS_ON = re.compile(r"[*_]*\[.*\]\((?!https?:)[^()\s]*(?:\([^()\s]*\)[^()\s]*)?\)[*_]*")
_NAMES_IT = re.compile(
    r"\W*(?:(?:table of |page )?contents?|toc|(?:on|in) this (?:page|article|document|guide|section))\W*", re.IGNORECASE
)
_FEWEST, _NEARLY_ALL, _MOST = 3, 0.9, 0.75


def without_contents(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The sections without lists whose items are links alone, nearly all of them to headings of the page, or three in
    four below words that name such a list, which go with it. A list that a sentence announces stays.
    """
    return tuple(replace(one, blocks=tuple(_kept(one.heading, one.blocks))) for one in sections)


def _kept(heading: str, blocks: Sequence[Block]) -> list[Block]:
    lists = (list(run) for _, run in groupby(blocks, _list_of))
    kept: list[Block] = []
    for lead_on, runs in groupby(lists, _lead_on):
        found, before = [block for run in runs for block in run], _said(kept[-1]) if kept else heading
        is_named = _NAMES_IT.fullmatch(before) is not None
        into_the_page = sum("](#" in _said(block) for block in found if lead_on)
        is_told = before.rstrip(" *_").endswith((":", "："))
        enough = (_MOST if is_named else _NEARLY_ALL) * len(found)
        if into_the_page < max(_FEWEST, enough) or (is_told and not is_named):
            kept += found
        elif is_named and kept:
            kept.pop()
    return kept


def _list_of(block: Block) -> int:
    """The outermost list that a block stands in, or 0."""
    return next((one.list_id for one in block.within if one.kind == "item"), 0)


def _lead_on(blocks: Sequence[Block]) -> bool:
    texts = [_said(block) for block in blocks if block.kind == "list_item"]
    return len(texts) == len(blocks) and all(text.count("](") == 1 and _LEADS_ON.fullmatch(text) for text in texts)


def _said(block: Block) -> str:
    return " ".join(sentence.text for sentence in block.sentences).strip()
