"""Settings of stage 5, which reads documents of strangers: it knows no key of a model."""

from pydantic import Field

from shared.kernel.settings import StageSettings


class Settings(StageSettings):
    """Documents at work at a time."""

    documents_parallelism: int = Field(default=2, ge=1, le=16, description="documents that are read at a time")
    scan_languages: str = Field(
        default="eng",
        pattern=r"^([A-Za-z_]{2,20}(\+[A-Za-z_]{2,20})*)?$",
        description="of pages that are pictures, as tesseract names them, such as `eng+deu`; empty: scans are refused",
    )
