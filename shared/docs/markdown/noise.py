"""Paragraphs that are no prose: malformed tables, formulas, and bars of links between pages."""

import re
from collections.abc import Sequence
from typing import Literal

_SEPARATOR_ROW = re.compile(r"^\s*+(?:\|\s*+)?(?::?-{2,}+:?\s*+\|++\s*+)+(?::?-{2,}+:?\s*+)?\|?\s*$")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_FORMULA = re.compile(r"^\s*(?:\$\$.*\$\$|\\\[.*\\\]|\\begin\{.*\\end\{\w+\*?\})\s*[.,;]?\s*$", re.DOTALL)
_LINK = re.compile(r"\[[^\[\]]*\]\((?:[^()]|\([^()]*\))*\)")
_BACK = re.compile(r"\s*[<«‹←⬅⟵|]")
_POINTERS = re.compile(r"^\s*[<«‹←⬅⟵|]|[>»›→➡⟶|]\s*$")
_TURNS = re.compile(r"\b(?:next|prev(?:ious)?|back|forward|home|up|top|index|contents)\b", re.IGNORECASE)


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


def link_bar(inline: str, raw: str) -> Literal["", "bar", "edge"]:
    """Whether a paragraph, as inline CommonMark and as written, only leads elsewhere: to places of the page itself or
    to the page before or after, or is signs around what no site shows: "bar". "edge": other links with no words.
    """
    rest, links = _LINK.subn("", inline)
    if re.search(r"[\w`]", rest):
        return ""
    shown = re.sub(r"\]\([^()]*\)|[\[\\]", "", inline)
    if not re.search(r"\w", shown):
        return "bar" if links or not rest.strip(" :") or re.search(r"\w", re.sub(r"</?span\b[^<>]*>", "", raw)) else ""
    if links > 1:
        says_one_thing = len(set(re.findall(r"\[[^\[\]]*\]\(", inline))) == 1
        return "bar" if says_one_thing or inline.count("](#") == links or _POINTERS.search(shown) else "edge"
    points = _BACK.match(shown) or (_POINTERS.search(shown) and _TURNS.search(shown))
    return "bar" if "](#" in inline or (points and not re.search(r"\]\(<?(?:https?:)?//", inline)) else ""
