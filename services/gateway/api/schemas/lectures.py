"""Shapes of lectures."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from services.gateway.api.schemas.uploads import UploadForm
from services.gateway.course.shapes import Body, Id, Title, View
from services.gateway.course.state import LectureStatus
from shared.events.base import LicenceFacts, Sharing

RemoteAddress = Annotated[str, StringConstraints(min_length=1, max_length=2048, strip_whitespace=True)]
SESSION_ID = r"[A-Za-z0-9._:-]{1,128}"
SessionId = Annotated[str, StringConstraints(pattern=rf"^(?:{SESSION_ID})?$")]


class LectureForm(UploadForm):
    """The fields of a lecture beside its files. `session_id`: the lecture's name at its recorder; from its bytes if
    left out.
    """

    title: Title | None = None
    session_id: SessionId = ""


class LectureDownload(Body):
    """A lecture that lies elsewhere. `panopto_url`: its page for people, which names its session unless `session_id`
    does; `stream_url`: its recording, or its captions alone; `captions_url`: WebVTT or SRT beside a recording.
    """

    course_id: Id
    panopto_url: RemoteAddress
    stream_url: RemoteAddress
    captions_url: RemoteAddress | None = None
    title: Title | None = None
    session_id: SessionId = ""
    licence: Annotated[str, StringConstraints(max_length=100, pattern=r"^[A-Za-z0-9 .()+-]*$")] = ""
    sharing: Sharing = "unclear"


class SentLecture(LectureForm):
    """All that is sent, as its Idempotency-Key is compared."""

    file_names: list[str]
    sha256: list[str]


class AddedLectureView(View):
    """A lecture was taken; `status` is `downloading` while a remote one is fetched, and `completed` once it
    is transcribed.
    """

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
    panopto_url: str | None = Field(description="its page for people; null for one that was added as a file")
    stream_url: str | None = Field(description="where it is fetched from; null for one that was added as a file")
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
