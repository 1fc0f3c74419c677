"""Shapes of stage 4 and its results."""

from datetime import datetime
from typing import Literal

from pydantic import Field, RootModel

from services.gateway.api.schemas.objectives import WithObjectives
from services.gateway.course.shapes import View
from shared.course.audience import Audience
from shared.course.model import AnyCitation, AnySource, EngineInfo, Item, Objective


class ModuleContentView(WithObjectives[Objective]):
    """A written module: the five sections as Markdown; `items` are the assessment as data."""

    id: str
    sequence_order: int
    title: str
    description: str
    estimated_minutes: int
    status: Literal["complete", "incomplete"]
    problems: list[str]
    prerequisites: list[str]
    document_ids: list[str]
    introduction: str
    main_content: str
    conclusion: str
    assessment: str
    summary: str
    items: list[Item]
    citations: list[AnyCitation]
    generated_at: datetime


class GeneratedCourseView(View):
    """The finished course."""

    course_id: str
    title: str
    description: str
    language: str
    status: Literal["completed", "incomplete"]
    outdated: bool
    course_key: str
    edition: str
    pathway_id: str
    export_path: str | None = Field(description="where the site is downloaded")
    engine: EngineInfo
    audience: Audience
    sources: list[AnySource]
    generated_at: datetime
    modules: list[ModuleContentView]
    total: int = Field(description="of modules, on whichever page")


class ModuleContentsView(WithObjectives[Objective]):
    """A written module without its texts."""

    id: str
    sequence_order: int
    title: str
    description: str
    estimated_minutes: int
    status: Literal["complete", "incomplete"]
    prerequisites: list[str]
    document_ids: list[str]


class CourseContentsView(View):
    """The contents of the finished course."""

    course_id: str
    title: str
    description: str
    status: Literal["completed", "incomplete"]
    estimated_minutes: int
    total: int = Field(description="of modules")
    modules: list[ModuleContentsView]


class ExportView(View):
    """One export."""

    kind: str
    media_type: str
    size: int
    sha256: str
    url: str


class FigureView(View):
    """A figure of the quality report. A share has its numerator and denominator."""

    what: str
    value: float
    target: str = Field(description="such as `>= 95 %`; empty where there is no target")
    ok: bool | None = Field(description="whether the target is met; null without a target")
    text: str = Field(description="the figure in words")
    numerator: int | None = None
    denominator: int | None = None


class QualityView(RootModel[dict[str, dict[str, FigureView]]]):
    """The figures, by metric and name."""
