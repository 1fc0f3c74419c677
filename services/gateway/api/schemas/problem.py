"""The shape of every refusal."""

from pydantic import BaseModel, ConfigDict, Field


class ProblemError(BaseModel):
    """One thing that is wrong; `pointer` is a JSON pointer into the body, or names a parameter."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank", "title": "Conflict", "status": 409, "code": "stage_out_of_turn",
                    "detail": "The course is in status draft. Analyse a repository first: POST analyze-repository.",
                    "course_status": "draft",
                }
            ]
        }
    )  # fmt: skip

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(description="for programs")
    detail: str = Field(description="for people")
    errors: list[ProblemError] = []
    course_status: str | None = Field(default=None, description="the course's, where it is why; `status` is HTTP's")
