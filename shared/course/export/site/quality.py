"""The quality figures of a course in plain words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.course.model import Course

# What each figure means to somebody who takes the course. Figures without a line here are shown under their own name.
_WORDS = {
    "Q1": "Citations lead to lines that exist at the commit and have not changed",
    "Q2": "Statements that name the lines they rest on",
    "Q3": "Names, numbers, flags and quotations stand letter for letter in the cited lines",
    "Q4": "Cited statements that say something else than their lines",
    "Q5": "Code blocks equal to the source, or marked as adapted",
    "Q6": "Documentation that the course covers",
    "Q7": "Nothing is used before it is taught",
    "Q9": "Every objective has a question, and every question an objective",
    "Q10": "Questions without flaws of writing",
    "Q11": "Answers supported by the lines they cite",
    "Q12": "Modules written at the level they promise",
    "Q13": "Pathways that really differ",
    "Q19": "Placeholder text, empty or repeated sections",
    "W1": "Citations are narrow",
    "R1": "Sentences that stand twice, or are fragments",
    "R4": "Paragraphs that open by pointing back, and leftovers of markup",
    "L1": "Links and pictures that do not resolve",
}


@dataclass(frozen=True)
class Figure:
    """One figure: `value` and `target` as text, `ok` None where no target is set."""

    name: str
    words: str
    value: str
    target: str
    ok: bool | None


def build_quality(course: Course) -> list[Figure]:
    """The course's figures in their stored order; empty if none were computed."""
    return list(_figures(course.quality, ""))


def _figures(values: Mapping[str, Any], prefix: str) -> Iterator[Figure]:
    for name, value in values.items():
        label = f"{prefix} {name}".strip()
        if isinstance(value, Mapping) and not _is_figure(value):
            yield from _figures(value, label)
        elif isinstance(value, Mapping):
            yield Figure(label, _WORDS.get(label, ""), _value(value), str(value.get("target", "")), value.get("ok"))


def _is_figure(value: Mapping[str, Any]) -> bool:
    return "ok" in value or "target" in value


def _value(figure: Mapping[str, Any]) -> str:
    if "numerator" in figure and "denominator" in figure:
        return f"{figure['numerator']} of {figure['denominator']}"
    return str(figure.get("value", ""))
