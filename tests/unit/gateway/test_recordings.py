"""Recordings that several lectures are made from: linked once by each, kept while one is left, and made anew after."""

from services.gateway.recordings.links import Links
from shared.event_log.port import NewEvent
from shared.events import BlobRef, Event
from shared.events.gateway import CourseDeleted, LectureAdded, LectureRemoved
from shared.events.recording import RecordingErased, RecordingFetched, RecordingLinked, RecordingUnlinked
from shared.events.registry import RECORDING, REGISTRY
from shared.kernel.ids import new_id
from shared.sources.recordings import Held, LinkAsked
from tests.support.memory_log import MemoryLog

URL = "https://cdn.example.org/a.mp4"
REF = BlobRef(key="recordings/r/ab/abc", sha256="ab" * 32, size=3, media_type="video/mp4")


async def courses(log: MemoryLog, *events: Event) -> None:
    for event in events:
        at = await log.last_seq(event.aggregate_id)
        await log.append([NewEvent(event, new_id(), "test", "", "")], at)


def added(course_id: str, url: str = URL) -> LectureAdded:
    about = {"lecture_id": "l", "session_id": "1", "title": "L", "file_name": "a.mp4", "path": "a.mp4.md"}
    return LectureAdded(course_id=course_id, stream_url=url, **about)


def asked(course_id: str) -> LinkAsked:
    return LinkAsked(course_id=course_id, lecture_id="l", stream_url=URL)


async def test_a_recording_is_kept_while_a_lecture_is_made_from_it() -> None:
    log = MemoryLog(known=REGISTRY)
    links = Links(log, "gateway")
    await courses(log, added("a"), added("b"), added("c"))
    linked = [await links.link(asked(one)) for one in ("a", "b", "c", "a")]
    assert {one.id for one in linked} == {linked[0].id}
    assert [len(one.links) for one in linked] == [1, 2, 3, 3]
    kept = await links.keep(Held(recording_id=linked[0].id, recording=REF))
    assert (await links.keep(Held(recording_id=kept.id, captions=REF))) == kept, "the first one stays"
    assert (await links.let_go(kept.id, "a", "l")).links == kept.links, "its lecture is there"
    await courses(log, LectureRemoved(course_id="a", lecture_id="l", by="ann"), added("b", "https://cdn.example.org/b"))
    await courses(log, CourseDeleted(course_id="c", by="ann"))
    assert (await links.let_go(kept.id, "a", "l")).links == (("b", "l"), ("c", "l"))
    assert (await links.let_go(kept.id, "b", "l")).links == (("c", "l"),), "it lies elsewhere now"
    assert (await links.let_go(kept.id, "b", "l")).links == (("c", "l"),)
    await links.let_go(kept.id, "c", "l")
    types = [type(item.event) for item in await log.of(RECORDING).read(kept.id)]
    left = [RecordingUnlinked, RecordingUnlinked, RecordingUnlinked, RecordingErased]
    assert types == [RecordingLinked, RecordingLinked, RecordingLinked, RecordingFetched, *left]


async def test_what_was_let_go_is_fetched_anew_by_the_next_link() -> None:
    log = MemoryLog(known=REGISTRY)
    links = Links(log, "gateway")
    first = await links.link(asked("a"))
    await links.keep(Held(recording_id=first.id, recording=REF))
    await links.let_go(first.id, "a", "l")
    assert (await links.keep(Held(recording_id=first.id, recording=REF))).deleted
    again = await links.link(asked("a"))
    assert again.id != first.id
    assert (again.links, again.recording) == ((("a", "l"),), None)
