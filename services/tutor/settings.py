"""Settings of the tutor: which model answers, which one grades, and what that may cost."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from shared.classroom.model_budget import BudgetSettings
from shared.classroom.tutored import TutorEngineSettings
from shared.kernel.serving import ServingSettings
from shared.kernel.settings import EngineSettings


class TutorSettings(TutorEngineSettings, BudgetSettings, ServingSettings, EngineSettings):
    """Each value can be given as an environment variable of the same name in upper case."""

    tutor_model: str = Field(default="", description="empty: the engine's own model")
    tutor_grading_model: str = Field(default="", description="for scorecards; empty: TUTOR_MODEL")
    tutor_parallelism: int = Field(default=8, ge=1, le=100, description="messages one process answers at a time")
    credential_keys_file: Path | None = Field(default=None, description="opens the model keys of organizations")

    @model_validator(mode="after")
    def _asks_a_model(self) -> Self:
        if self.tutor_engine == "offline":
            raise ValueError("TUTOR_ENGINE is offline: the classroom answers without a tutor's process")
        return self
