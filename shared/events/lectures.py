"""Events written by lectures."""

from pydantic import Field

from .base import BlobRef, StageEvent, StageFailure, StageStarted


class LecturesStarted(StageStarted):
    """A worker began to transcribe lectures."""

    lectures_planned: int


class LectureFetched(StageEvent):
    """The bytes of a remote lecture are here: its recording, its captions, or both. They lie with the recording that
    the lecture links to (RecordingLinked), and not with the course.
    """

    lecture_id: str
    recording: BlobRef | None = None
    captions: BlobRef | None = None

    def natural_key(self) -> str:
        return self.lecture_id


class LectureTranscribed(StageEvent):
    """One lecture has a text. `captions`: the words with their times that the text is made of; `text`: one sentence a
    line, as Markdown; `times`: ref to LineTimes, the seconds of each line; `seconds`: when the last word ends; `files`
    and `folders`: the listing of this one text, as RepoCloned has them; `reader`: the version that made the text;
    `problems`: what the text has not.
    """

    lecture_id: str
    source_id: str
    path: str
    captions: BlobRef
    text: BlobRef
    times: BlobRef
    seconds: int
    files: BlobRef
    folders: BlobRef
    reader: str
    problems: list[str] = Field(default_factory=list)

    def natural_key(self) -> str:
        return self.lecture_id


class LectureRefused(StageEvent):
    """One lecture cannot be taught from; `error` for programs, `message` for users."""

    lecture_id: str
    error: str
    message: str

    def natural_key(self) -> str:
        return self.lecture_id


class LecturesTranscribed(StageEvent):
    """Every lecture of the course has a text or is refused."""

    transcribed: int
    refused: int


class LecturesFailed(StageFailure):
    """The lectures could not be transcribed now."""
