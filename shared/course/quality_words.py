"""The quality figures in plain words: what each family asks, what was found, and what no rule can see."""

from collections.abc import Iterator, Mapping
from typing import Any

TITLES = {
    "K1": "Sections are taught whole",
    "K2": "Lists and tables are shown with all their items",
    "K3": "Code is shown whole",
    "K4": "The course holds the documentation",
    "K5": "Summaries say what the lessons said",
    "Q1": "Citations lead to the lines they name",
    "Q2": "What is said is backed by lines of the source",
    "Q3": "Names, numbers and quotations stand in those lines letter for letter",
    "Q4": "Sentences say what their lines say",
    "Q5": "Code is the source's own",
    "W1": "Citations are narrow",
    "Q6": "The documentation is covered",
    "Q7": "Nothing is used before it is taught",
    "K7": "Concepts have a home, and an order that the documentation proves",
    "Q9": "Objectives and questions belong together",
    "K8": "Objectives are about what is taught",
    "K6": "Questions ask for more than a sentence just read",
    "Q10": "Known flaws of writing in the questions",
    "Q11": "Answers are right, and only they",
    "Q12": "The language fits the level",
    "K9": "The minutes are those it takes",
    "K10": "No sentence is there to fill space",
    "K11": "What is taught is for users of the project",
    "Q13": "The pathways on offer really differ",
    "Q19": "No fillers",
    "R1": "Little is said twice",
    "R4": "Paragraphs stand on their own",
    "L1": "Links and pictures work",
}
"""The meaning of each family of figures for somebody who takes the course, the most telling ones first."""

NOT_CHECKED = (
    "whether a sentence follows from its lines (only that its words and names stand there)",
    "whether a question is clear and its wrong options are wrong to somebody who knows the subject",
    "what pictures and diagrams show",
    "whether a lesson is worth reading",
)
"""The qualities that no rule of the report can see."""


def say_figure(figure: Mapping[str, Any]) -> str:
    """The finding in words, as "Sections taught whole: 212 of 214"."""
    if "denominator" in figure:
        return f"{figure['what']}: {figure['numerator']} of {figure['denominator']}"
    return f"{figure['what']}: {figure['value']:g}"


def say_missed(quality: Mapping[str, Any]) -> Iterator[str]:
    """The figures that miss their target, in words."""
    for figures in quality.values():
        yield from (say_figure(figure) for figure in figures.values() if figure["ok"] is False)


def count_figures(quality: Mapping[str, Any]) -> tuple[int, int]:
    """How many figures with a target there are, and how many of them meet it."""
    verdicts = [f["ok"] for figures in quality.values() for f in figures.values() if f["ok"] is not None]
    return len(verdicts), sum(verdicts)
