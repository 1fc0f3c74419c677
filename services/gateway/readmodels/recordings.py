"""Recordings that lectures are made from, and the lectures that link to each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Text

from shared.classroom.stored import Kept, part_table, root_table, side_of
from shared.event_log.port import Recorded
from shared.events import BlobRef
from shared.events.recording import RecordingErased, RecordingFetched, RecordingLinked, RecordingUnlinked
from shared.events.registry import RECORDING
from shared.readmodels.base import Changes, Fact, Remove, put


@dataclass(frozen=True)
class Recording(Kept):
    """A recording. `links`: the course and the lecture of each link."""

    stream_url: str = ""
    captions_url: str = ""
    recording: BlobRef | None = None
    captions: BlobRef | None = None
    links: tuple[tuple[str, str], ...] = ()


def _changed(state: Recording, recorded: Recorded) -> Mapping[str, Any]:
    match recorded.event:
        case RecordingLinked() as event:
            addresses = {"stream_url": event.stream_url, "captions_url": event.captions_url}
            begun = {"id": event.recording_id, "created_at": state.created_at or recorded.time}
            return {**begun, **addresses, "links": (*state.links, (event.course_id, event.lecture_id))}
        case RecordingFetched() as event:
            return {"recording": event.recording, "captions": event.captions}
        case RecordingUnlinked() as event:
            link = (event.course_id, event.lecture_id)
            return {"links": tuple(one for one in state.links if one != link)}
        case RecordingErased():
            return {"deleted": True}
        case _:
            return {}


recordings = root_table(
    "recordings", "recording_id",
    Column("stream_url", Text, nullable=False),
    Column("captions_url", Text, nullable=False),
)  # fmt: skip
recording_links = part_table("recording_links", recordings, ("course_id", "lecture_id"))


def _below(fact: Fact) -> Changes:
    match fact.recorded.event:
        case RecordingLinked() as event:
            link = event.model_dump(include={"recording_id", "course_id", "lecture_id"})
            return put(recording_links, link)
        case RecordingUnlinked() as event:
            return (Remove(recording_links, ((event.recording_id, event.course_id, event.lecture_id),)),)
        case _:
            return ()


RECORDING_SIDE = side_of(RECORDING, Recording(), _changed, recordings, (recording_links,), _below)
