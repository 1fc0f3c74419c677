"""Paragraphs that are no prose: malformed tables, formulas, and bars of links between pages."""

import re
from collections.abc import Sequence

_SEPARATOR_ROW = re.compile(r"^\s*+(?:\|\s*+)?(?::?-{2,}+:?\s*+\|++\s*+)+(?::?-{2,}+:?\s*+)?\|?\s*$")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_FORMULA = re.compile(r"^\s*(?:\$\$.*\$\$|\\\[.*\\\]|\\begin\{.*\\end\{\w+\*?\})\s*[.,;]?\s*$", re.DOTALL)
_LINK = re.compile(r"\[[^\[\]]*\]\((?:[^()]|\([^()]*\))*\)")
_POINTERS = re.compile(r"^\s*[<>«»‹›←→⬅➡⟵⟶|]|[<>«»‹›←→⬅➡⟵⟶|]\s*$")


def is_formula(lines: Sequence[str]) -> bool:
    """Whether a paragraph is a displayed formula, which CommonMark has no way to show."""
    return _FORMULA.match("\n".join(lines)) is not None


def malformed_table(lines: Sequence[str]) -> tuple[int, list[list[str]]] | None:
    """A table whose rows do not all have as many cells as its rule, so that Markdown takes it for a paragraph.

    (index of its header line, cells of the lines from there on; the rule has none), or None when there is no table.
    """
    rule = next((i for i, line in enumerate(lines) if i and "|" in line and _SEPARATOR_ROW.match(line)), None)
    if rule is None or "|" not in lines[rule - 1]:
        return None
    rows = [_cells(line) for line in lines[rule - 1 :]]
    rows[1] = []
    return rule - 1, rows


def _cells(line: str) -> list[str]:
    stripped = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in _CELL_BORDER.split(stripped)]


def is_link_bar(inline: str, raw: str) -> bool:
    """Whether a paragraph, as inline CommonMark and as written, only leads elsewhere: links and what stands between
    them, one link to a place of the page itself or to the page before or after, or signs around what no site shows.
    """
    rest, links = _LINK.subn("", inline)
    if re.search(r"[\w`]", rest):
        return False
    if not links:
        return not rest.strip(" :") or re.search(r"\w", raw) is not None
    shown = re.sub(r"\]\([^()]*\)|[\[\\]", "", inline)
    points = _POINTERS.search(shown) is not None and not re.search(r"\]\(<?(?:https?:)?//", inline)
    return links > 1 or "](#" in inline or points
