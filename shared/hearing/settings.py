"""Settings of a process that hears recordings."""

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field
from pydantic_settings import BaseSettings

from shared.workers.away import later
from shared.workers.limits import Limits

if TYPE_CHECKING:
    from shared.hearing.whisper import Whisper, find_whisper
else:
    find_whisper = later("shared.hearing.whisper:find_whisper")


class HearingSettings(BaseSettings):
    """The model, and what it may use."""

    transcription_model: Path | None = Field(default=None, description="a folder with a Whisper model of CTranslate2")
    transcription_processor_seconds: float = Field(default=300.0, gt=0, description="to hear five minutes of sound")
    transcription_memory_bytes: int = Field(default=1024**3, ge=256 * 1024**2, description="what hearing may add")

    def ears(self) -> "Whisper":
        """Raises NoEars where nothing can hear."""
        limits = Limits(self.transcription_processor_seconds, self.transcription_memory_bytes)
        return find_whisper(self.transcription_model, limits)
