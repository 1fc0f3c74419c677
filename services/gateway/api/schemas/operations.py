"""Shapes of health and version."""

from typing import Literal

from pydantic import Field

from services.gateway.course.shapes import View


class AliveView(View):
    """The process lives."""

    status: Literal["ok"] = "ok"


class ReadinessView(View):
    """Whether the gateway can serve."""

    status: Literal["ready", "degraded", "not ready"]
    checks: dict[str, str] = Field(description="a word for each part; `ok` and `active` are no reason to look")


class VersionView(View):
    """The software's version and the course format it writes."""

    name: Literal["coursewright"] = "coursewright"
    version: str
    course_format: str
