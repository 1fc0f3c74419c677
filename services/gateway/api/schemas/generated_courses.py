"""Shapes of stage 4 and its results."""

from datetime import datetime
from typing import Any, Literal

from services.gateway.course.shapes import View


class ModuleContentView(View):
    """A written module: the five sections as Markdown; `items` are the assessment as data."""

    id: str
    sequence_order: int
    title: str
    description: str
    estimated_minutes: int
    status: Literal["complete", "incomplete"]
    problems: list[str]
    objectives: list[dict[str, Any]]
    prerequisites: list[str]
    document_ids: list[str]
    introduction: str
    main_content: str
    conclusion: str
    assessment: str
    summary: str
    items: list[dict[str, Any]]
    citations: list[dict[str, Any]]
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
    export_path: str | None
    engine: dict[str, Any]
    audience: dict[str, Any]
    sources: list[dict[str, Any]]
    generated_at: datetime
    modules: list[ModuleContentView]


class ExportView(View):
    """One export."""

    kind: str
    media_type: str
    size: int
    sha256: str
    url: str
