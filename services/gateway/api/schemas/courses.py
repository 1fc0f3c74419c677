"""Shapes of courses."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.gateway.course.shapes import Body, Text, Title, View


class CreateCourseBody(Body):
    """A new course."""

    title: Title
    description: Text = ""


class UpdateCourseBody(Body):
    """The changes; a field that is null or absent stays unchanged."""

    title: Title | None = None
    description: Text | None = None
    status: Literal["generating"] | None = Field(
        default=None, description="`generating` asks for an unattended run with defaults; no other status can be set"
    )


class ModelUseView(View):
    """The use of models on a day."""

    tokens: int
    usd: float = Field(description="by list prices")


class CourseView(View):
    """A course."""

    course_id: str
    title: str
    description: str
    status: str
    user_id: str
    repo_url: str | None
    repo_name: str | None
    current_stage: str
    progress_percentage: int
    dead: bool = Field(description="the failed stage has used up its attempts")
    incomplete: bool = Field(
        description="the course that is there has modules which did not pass the checks; stage 4's notes name them"
    )
    outdated: bool = Field(description="what a stage was given has changed since it ran")
    error_message: str | None = Field(description="of the current stage, which failed, was canceled or waits")
    estimated_minutes: int | None = Field(
        description="of the course once it is written, before of the pathway that was chosen"
    )
    documents: int | None = Field(description="documents that were analysed; null before")
    spent: dict[str, ModelUseView] = Field(description="what runs of the course used of models, by the day of UTC")
    created_at: datetime
    updated_at: datetime


class MessageView(View):
    """A plain confirmation."""

    message: str
