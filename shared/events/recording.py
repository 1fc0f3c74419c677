"""Events of what lies at an address and lectures are made from: each address is fetched once, whoever names it.

Class names are stored type names. The gateway writes them; the stage that fetches tells it what came.
"""

from typing import ClassVar

from .base import AggregateId, BlobRef, Event

FOLDER = "recordings"
"""Of the bytes, in the blob store."""


class RecordingEvent(Event):
    """A fact about one recording."""

    prefix: ClassVar[str] = "recording"
    key: ClassVar[str] = "recording_id"

    recording_id: AggregateId


class RecordingLinked(RecordingEvent):
    """A lecture of a course is made from what lies at these addresses. The first link makes the recording."""

    course_id: str
    lecture_id: str
    stream_url: str
    captions_url: str = ""

    def natural_key(self) -> str:
        return f"{self.course_id} {self.lecture_id}"


class RecordingFetched(RecordingEvent):
    """The bytes are here: a recording, captions, or both. Lectures that link to it later are made from them."""

    recording: BlobRef | None = None
    captions: BlobRef | None = None


class RecordingUnlinked(RecordingEvent):
    """The lecture was removed, or lies elsewhere now, or its course was deleted."""

    course_id: str
    lecture_id: str

    def natural_key(self) -> str:
        return f"{self.course_id} {self.lecture_id}"


class RecordingErased(RecordingEvent):
    """The tombstone: nothing links to it."""
