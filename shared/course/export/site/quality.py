"""The quality figures of a course in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.course.model import Course
from shared.course.quality_words import TITLES

# The four that a reader asks about first, for the front page.
_FIRST = (("K1", "whole"), ("K4", "lines"), ("Q3", "anchors"), ("Q11", "supported"))


@dataclass(frozen=True)
class Figure:
    """One figure: `value` and `target` as text, `ok` None where no target is set."""

    what: str
    value: str
    detail: str
    target: str
    ok: bool | None


@dataclass(frozen=True)
class FigureGroup:
    """Figures that answer one question."""

    name: str
    title: str
    figures: tuple[Figure, ...]


def build_quality(course: Course) -> list[FigureGroup]:
    """The course's figures in groups, the evidence first; empty if none were computed."""
    families = list(TITLES)
    ordered = sorted(course.quality, key=lambda name: (families.index(name) if name in TITLES else len(families), name))
    return [
        FigureGroup(
            name,
            _title(name, course.quality[name]),
            tuple(_figure(course.quality[name][key]) for key in sorted(course.quality[name])),
        )
        for name in ordered
    ]


def _title(name: str, figures: Mapping[str, Mapping[str, Any]]) -> str:
    """The title of a family of figures. Rules that find nothing have not shown that the writing is good."""
    if name == "Q10" and figures.get("mean", {}).get("value") == 0:
        return "No known flaw of writing found"
    return TITLES.get(name, name)


def list_first_figures(course: Course) -> list[Figure]:
    """The few figures the front page shows."""
    found = (course.quality.get(family, {}).get(name) for family, name in _FIRST)
    return [_figure(figure) for figure in found if figure and figure.get("denominator") != 0]


def _figure(figure: Mapping[str, Any]) -> Figure:
    is_share = "denominator" in figure
    value = figure["value"]
    return Figure(
        what=figure["what"],
        value=f"{figure['numerator']:,} of {figure['denominator']:,}" if is_share else f"{value:g}",
        detail=f"{_floor_percent(value)} %" if is_share and figure["denominator"] else "",
        target=str(figure["target"]).replace(">=", "≥").replace("<=", "≤"),
        ok=figure["ok"],
    )


def _floor_percent(share: float) -> str:
    """Per cent with at most one decimal, never rounded up: 99.97 % is not everything."""
    return f"{int(share * 1000 + 1e-6) / 10:g}"
