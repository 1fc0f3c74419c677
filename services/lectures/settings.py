"""Settings of stage 6, which reads captions and hears recordings of strangers: it knows no key of a model."""

from pathlib import Path

from pydantic import Field

from shared.kernel.settings import StageSettings


class Settings(StageSettings):
    """Lectures at work at a time, and what hears them."""

    lectures_parallelism: int = Field(default=2, ge=1, le=16, description="lectures that are transcribed at a time")
    inward_lecture_hosts: list[str] = Field(
        default=[], description="hosts inside this network that lectures may be fetched from; a port stands beside"
    )
    lecture_download_bytes: int = Field(default=1024**3, gt=0, description="of a lecture that is fetched")
    lecture_download_seconds: float = Field(default=3600.0, gt=0, description="of one attempt to fetch a file of it")
    transcription_model: Path | None = Field(default=None, description="a folder with a Whisper model of CTranslate2")
    transcription_processor_seconds: float = Field(default=300.0, gt=0, description="to hear five minutes of sound")
    transcription_memory_bytes: int = Field(default=1024**3, ge=256 * 1024**2, description="what hearing may add")
