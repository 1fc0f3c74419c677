"""The quality figures of a course in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.course.model import Course

# What each family of figures means to somebody who takes the course.
_TITLES = {
    "K1": "Sections are taught whole, or left out and named",
    "K2": "Lists and tables are whole",
    "K3": "Code is shown whole",
    "K4": "How much of the documentation the lessons hold",
    "K5": "Summaries say what the lessons said",
    "K6": "Questions ask for understanding",
    "K7": "Concepts, and what they build on",
    "K8": "Objectives are about what is taught",
    "K9": "Minutes follow the published rule",
    "K10": "No filler around the lessons",
    "K11": "The course is for those who use the project",
    "Q1": "Citations lead to the lines they name",
    "Q2": "What is said is backed by lines of the source",
    "Q3": "Names, numbers and quotations stand in those lines letter for letter",
    "Q4": "Sentences say what their lines say",
    "Q5": "Code is the source's own",
    "W1": "Citations are narrow",
    "Q6": "The documentation is covered",
    "Q7": "Nothing is used before it is taught",
    "Q9": "Objectives and questions belong together",
    "Q10": "Known flaws of writing in questions",
    "Q11": "Answers are right, and only they",
    "Q12": "The language fits the level",
    "Q13": "The pathways on offer really differ",
    "Q19": "No fillers",
    "R1": "Little is said twice",
    "R4": "Paragraphs stand on their own",
    "L1": "Links and pictures work",
}

# The four that a reader asks about first, for the front page.
_FIRST = (("K1", "whole"), ("Q1", "resolving"), ("Q2", "cited"), ("Q11", "supported"))

# What no program can see.
NOT_CHECKED = (
    "whether the documentation itself is right",
    "whether a lesson is pleasant to read, or its questions are worth asking",
    "whether the code runs: no example is executed",
    "flaws of writing for which there is no rule",
)


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
    families = list(_TITLES)
    ordered = sorted(
        course.quality, key=lambda name: (families.index(name) if name in _TITLES else len(families), name)
    )
    return [
        FigureGroup(
            name,
            _title(name, course.quality[name]),
            tuple(_figure(course.quality[name][key]) for key in sorted(course.quality[name])),
        )
        for name in ordered
    ]


def _title(name: str, figures: Mapping[str, Mapping[str, Any]]) -> str:
    """What the figures of a family say. Rules that find nothing have not shown that the writing is good."""
    if name == "Q10" and figures.get("mean", {}).get("value") == 0:
        return "No known flaw of writing found"
    return _TITLES.get(name, name)


def list_first_figures(course: Course) -> list[Figure]:
    """The few figures the front page shows."""
    found = (course.quality.get(family, {}).get(name) for family, name in _FIRST)
    return [_figure(figure) for figure in found if figure]


def _figure(figure: Mapping[str, Any]) -> Figure:
    is_share = "denominator" in figure
    value = figure["value"]
    return Figure(
        what=figure["what"],
        value=f"{figure['numerator']} of {figure['denominator']}" if is_share else f"{value:g}",
        detail=f"{_floor_percent(value)} %" if is_share and figure["denominator"] else "",
        target=str(figure["target"]).replace(">=", "≥").replace("<=", "≤"),
        ok=figure["ok"],
    )


def _floor_percent(share: float) -> str:
    """Per cent with at most one decimal, never rounded up: 99.97 % is not everything."""
    return f"{int(share * 1000 + 1e-6) / 10:g}"
