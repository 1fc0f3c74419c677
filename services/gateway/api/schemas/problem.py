"""The shape of every refusal."""

from pydantic import Field

from shared.web import description


class Problem(description.Problem):
    """RFC 9457."""

    course_status: str | None = Field(default=None, description="the course's, where it is why; `status` is HTTP's")
