"""Shapes of lectures."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.gateway.api.schemas.uploads import UploadForm
from services.gateway.course.shapes import Title, View
from services.gateway.course.state import LectureStatus
from shared.events.base import LicenceFacts

SessionId = Annotated[str, StringConstraints(max_length=128, pattern=r"^[A-Za-z0-9._:-]*$")]


class LectureForm(UploadForm):
    """The fields of a lecture beside its files. `session_id`: the lecture's name at its recorder; from its bytes if
    left out.
    """

    title: Title | None = None
    session_id: SessionId = ""


class SentLecture(LectureForm):
    """All that is sent, as its Idempotency-Key is compared."""

    file_names: list[str]
    sha256: list[str]


class AddedLectureView(View):
    """A lecture was taken; `status` is `completed` once it is transcribed."""

    lecture_id: str
    course_id: str
    status: LectureStatus | str


class LectureStateView(View):
    """How far a lecture is."""

    lecture_id: str
    status: LectureStatus
    error_message: str | None
    duration_seconds: int | None


class LectureView(View):
    """A lecture."""

    id: str
    course_id: str
    panopto_session_id: str = Field(description="the session id it was added with")
    panopto_url: str | None = Field(default=None, description="null: a lecture is added as a file")
    stream_url: str | None = Field(default=None, description="null: a lecture is added as a file")
    filename: str
    title: str
    duration_seconds: int | None = Field(description="until its last word; null until it is transcribed")
    status: LectureStatus
    error_code: str | None
    error_message: str | None = Field(description="why the lecture cannot be taught from")
    notes: list[str] = Field(description="what its text has not")
    licence: LicenceFacts | None
    created_at: datetime
    updated_at: datetime


class DevLectureView(View):
    """A lecture of anybody, for development."""

    id: str
    title: str
    status: LectureStatus
    created_at: datetime
    updated_at: datetime
