"""Shapes of uploaded documents."""

from datetime import datetime

from pydantic import Field

from services.gateway.course.shapes import View
from services.gateway.course.state import DocumentStatus
from shared.events.base import LicenceFacts, Sharing


class UploadForm(View):
    """The fields of an upload beside the file."""

    course_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    licence: str = Field(default="", max_length=100, pattern=r"^[A-Za-z0-9 .()+-]*$")
    sharing: Sharing = "unclear"


def stated_licence(spdx: str, sharing: Sharing) -> LicenceFacts | None:
    """The licence, if anything is said about it."""
    return LicenceFacts(spdx=spdx, sharing=sharing) if spdx or sharing != "unclear" else None


class SentUpload(UploadForm):
    """All that an upload sends, as its Idempotency-Key is compared: the document's id comes from its bytes."""

    document_id: str
    file_name: str


class ChoiceView(View):
    """A course to upload to."""

    id: str
    code: str = Field(description="the name of its repository; empty without one")
    title: str
    instructor: str | None = Field(description="null: a course has none")


class UploadedView(View):
    """A document was taken; `status` is `ready` once it is read."""

    document_id: str
    course_id: str
    status: DocumentStatus | str


class UploadedDocumentView(View):
    """An uploaded document."""

    document_id: str
    course_id: str
    filename: str
    mime_type: str
    size_bytes: int
    page_count: int | None = Field(description="null until it is read")
    title: str = Field(description="as the document itself has it; empty until it is read")
    status: DocumentStatus
    error_code: str | None
    error_message: str | None = Field(description="why the document cannot be taught from")
    notes: list[str] = Field(description="what of it could not be read, or is never run")
    licence: LicenceFacts | None
    created_at: datetime
    updated_at: datetime
