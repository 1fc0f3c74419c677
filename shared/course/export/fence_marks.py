"""Code blocks for readers that know nothing of `cite=ID`: the mark goes behind the block, the language stays."""

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from shared.course.fences import parse_info

_BLOCKS = MarkdownIt("commonmark", {"html": False}).enable("table").disable("inline")
_CONTAINER = re.compile(r"^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+[\s>]*)*")


def move_marks_out_of_fences(text: str) -> str:
    """Says `cite=ID` and `adapted` of info strings in a line after the block, and `marked=` as MkDocs spells it."""
    lines = text.split("\n")
    fences = [token for token in _BLOCKS.parse(text) if token.type == "fence" and token.map is not None]
    for token in reversed(fences):
        _move_mark(lines, token)
    return "\n".join(lines)


def _move_mark(lines: list[str], token: Token) -> None:
    info = parse_info(token.info)
    if info.citation_id is None and not info.adapted:
        return
    start, end = token.map or (0, 0)
    opening = lines[start]
    fence_at = opening.rfind(token.markup, 0, len(opening.rstrip()) - len(token.info.strip()))
    highlighted = f' hl_lines="{info.marked.replace(",", " ")}"' if info.language and info.marked else ""
    lines[start] = f"{opening[:fence_at]}{token.markup}{info.language}{highlighted}"
    # The mark stands in the same list item or quotation as the block, or it would cite for another one.
    found = _CONTAINER.match(opening[:fence_at])
    prefix = re.sub(r"[^\s>]", " ", found.group(0) if found else "")
    mark = f"[^{info.citation_id}]" if info.citation_id else ""
    note = f"Adapted from the source.{mark}" if info.adapted else mark
    lines[end:end] = [prefix.rstrip(), f"{prefix}{note}"]
