"""The colours of both themes keep the contrast that text needs (4.5 : 1) and controls need (3 : 1)."""

import re
from pathlib import Path

import pytest

from tests.support.pages import Page

_TEXT = [
    *((ink, ground) for ink in ("ink", "soft", "accent") for ground in ("paper", "raised", "sunken", "accent-wash")),
    ("accent-ink", "accent"),
    *((tone, f"{tone}-wash") for tone in ("good", "bad", "note", "warn", "important")),
    *(("ink", f"{tone}-wash") for tone in ("good", "bad", "note", "warn", "important")),
    *(
        (f"t-{name}", "sunken")
        for name in ("keyword", "string", "number", "comment", "name", "class", "operator", "error")
    ),
    ("good", "raised"),
    ("bad", "raised"),
]
_CONTROLS = [("strong-line", "paper"), ("strong-line", "raised"), ("accent", "paper")]


def _colours(site: dict[str, bytes], theme: str) -> dict[str, str]:
    """The colour tokens of a theme, as the style sheet sets them."""
    both = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", site["static/style.css"].decode())
    return {name: light if theme == "light" else dark for name, light, dark in both}


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_is_readable_in_both_themes(site: dict[str, bytes], theme: str) -> None:
    colours = _colours(site, theme)
    weak = {pair: round(_contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in _TEXT}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_controls_stand_out_in_both_themes(site: dict[str, bytes], theme: str) -> None:
    colours = _colours(site, theme)
    weak = {pair: round(_contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in _CONTROLS}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 3} == {}


def test_colours_stand_in_the_tokens_alone() -> None:
    sheets = (Path(__file__).parents[3] / "shared" / "look" / "static").glob("*.css")
    own = {sheet.name: re.findall(r"#[0-9a-f]{3,6}\b", sheet.read_text(encoding="utf-8")) for sheet in sheets}
    assert {name for name, found in own.items() if found} == {"tokens.css"}


def test_every_button_and_field_has_a_name(pages: dict[str, Page]) -> None:
    for page in pages.values():
        labelled = {found["for"] for found in page.all("label") if "for" in found}
        for found in page.all("input"):
            assert found.get("id") in labelled or found.get("name") == "option", found
        for found in page.all("button", **{"class": "icon"}):
            assert found["aria-label"]
