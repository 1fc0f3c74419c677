"""Settings of stage 6, which reads captions and hears recordings of strangers: it knows no key of a model."""

from pydantic import Field

from shared.hearing.settings import HearingSettings
from shared.kernel.settings import StageSettings


class Settings(HearingSettings, StageSettings):
    """Lectures at work at a time, and what hears them."""

    lectures_parallelism: int = Field(default=2, ge=1, le=16, description="lectures that are transcribed at a time")
    inward_lecture_hosts: list[str] = Field(
        default=[], description="hosts inside this network that lectures may be fetched from; a port stands beside"
    )
    lecture_download_bytes: int = Field(default=1024**3, gt=0, description="of a lecture that is fetched")
    lecture_download_seconds: float = Field(default=3600.0, gt=0, description="of one attempt to fetch a file of it")
