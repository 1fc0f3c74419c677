"""The shape of every refusal."""

from pydantic import BaseModel, Field


class ProblemError(BaseModel):
    """One thing that is wrong; `pointer` is a JSON pointer into the body, or names a parameter."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(description="for programs")
    detail: str = Field(description="for people")
    errors: list[ProblemError] = []
    course_status: str | None = Field(default=None, description="the course's, where it is why; `status` is HTTP's")
