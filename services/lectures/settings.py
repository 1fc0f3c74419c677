"""Settings of stage 6, which reads captions of strangers: it knows no key of a model."""

from pydantic import Field

from shared.kernel.settings import StageSettings


class Settings(StageSettings):
    """Lectures at work at a time."""

    lectures_parallelism: int = Field(default=2, ge=1, le=16, description="lectures that are transcribed at a time")
