"""Shapes of chapters and tutorials: modules as a reader of a book has them, with their review."""

from typing import Literal

from services.gateway.course.shapes import View


class FindingView(View):
    """One thing the review found."""

    gate: str
    where: str
    detail: str
    sentence: str


class RoundView(View):
    """A round of the review. `resolved`: findings that later versions do not have; `left`: those the course has."""

    round: int
    findings: list[FindingView]
    resolved: list[FindingView]
    left: list[FindingView]


class ReviewView(View):
    """The review of a module: how many versions were written, and what was changed between them."""

    rounds: int
    findings: int
    changed: int
    status: Literal["complete", "incomplete"]
    by_round: list[RoundView]


class ArtefactView(View):
    """A chapter or tutorial; `chapter_index` counts from 1."""

    slug: str
    title: str
    description: str
    chapter_index: int
    kind: Literal["chapter", "tutorial"]
    module_id: str
    estimated_minutes: int
    review: ReviewView
    url: str


class ArtefactContentView(ArtefactView):
    """With its text: all five sections as Markdown."""

    content: str
