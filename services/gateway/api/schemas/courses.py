"""Shapes of courses."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict, Field

from services.gateway.course.shapes import COURSE_ID, MOMENT, Body, Text, Title, View


class CreateCourseBody(Body):
    """A new course."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "My Course", "description": "For my team"}]})

    title: Title
    description: Text = ""


class UpdateCourseBody(Body):
    """The changes; a field that is null or absent stays unchanged."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Updated Title"}]})

    title: Title | None = None
    description: Text | None = None
    status: Literal["generating"] | None = Field(
        default=None, description="`generating` asks for an unattended run with defaults; no other status can be set"
    )


class CourseView(View):
    """A course."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "course_id": COURSE_ID, "title": "My Course", "description": "For my team", "status": "draft",
                    "user_id": "auth0|123", "repo_url": None, "repo_name": None, "current_stage": "stage1",
                    "progress_percentage": 0, "dead": False, "incomplete": False, "created_at": MOMENT,
                    "updated_at": MOMENT,
                }
            ]
        },
    )  # fmt: skip

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
    created_at: datetime
    updated_at: datetime


class MessageView(View):
    """A plain confirmation."""

    message: str
