"""Blobs that no event names go after a day; one that is named, however deep, or stored again, stays."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from obstore.store import MemoryStore
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.erase import erasures
from services.gateway.erase.eraser import Eraser
from services.gateway.erase.orphans import Orphans
from services.gateway.erase.removed import erase_removed
from shared.docs.listing import FileEntry, Listing
from shared.event_log.erasing import JetStreamEraser
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent
from shared.events import BlobRef, Event
from shared.events.documents import DocumentRead
from shared.events.gateway import CourseCreated, DocumentDeleted, DocumentUploaded, LectureAdded, LectureRemoved
from shared.events.lectures import LectureTranscribed
from shared.events.modules import CourseGenerated
from shared.events.repo_clone import RepoCloned
from shared.kernel.blob_stores import FolderBackend, ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.ids import new_id
from shared.kernel.kill_points import KillPoint


def new(event: Event) -> NewEvent:
    return NewEvent(event, new_id(), "test", "c", "c")


@dataclass
class Store:
    """A folder of blobs, a log, and what sweeps."""

    root: Path
    blobs: Blobs
    log: JetStreamLog
    orphans: Orphans

    async def put(self, course_id: str, text: str) -> BlobRef:
        return await self.blobs.put(course_id, text.encode(), "text/markdown")

    async def course(self) -> tuple[str, list[BlobRef]]:
        """A cloned course: all its blobs, of which the log names the listing, and the listing its one file."""
        course_id = new_id()
        file = await self.put(course_id, "# A file")
        entry = FileEntry(path="a.md", size=8, git_blob="1" * 40, kind="documentation", blob=file)
        listing = await self.blobs.put_model(course_id, Listing(source_id="s", commit="c" * 40, files=(entry,)))
        folders = await self.blobs.put(course_id, b"[]", "application/json")
        cloned = RepoCloned(
            course_id=course_id, run_id="r", source_id="s", repo_url="u", canonical_url="u", ref="main",
            commit="c" * 40, default_branch="main", repo_name="n", files=listing, folders=folders, file_count=1,
            folder_count=0, document_count=1, bytes_fetched=1,
        )  # fmt: skip
        await self.log.append([new(CourseCreated(course_id=course_id, owner="ann", title="T"))], 0)
        await self.log.append([new(cloned)], await self.log.last_seq(course_id))
        return course_id, [file, listing, folders]

    def age(self, refs: Iterable[BlobRef], hours: float) -> None:
        then = time.time() - 3600 * hours
        for ref in refs:
            os.utime(self.root / ref.key, (then, then))

    def there(self, *refs: BlobRef) -> list[bool]:
        return [(self.root / ref.key).exists() for ref in refs]


@pytest.fixture
async def store(tmp_path: Path, nats_connection: Client) -> Store:
    blobs = Blobs(FolderBackend(tmp_path / "blobs"))
    return Store(
        tmp_path / "blobs", blobs, JetStreamLog(nats_connection), Orphans(blobs, JetStreamEraser(nats_connection))
    )


async def test_only_what_no_event_names_and_nobody_stored_for_a_day_goes(store: Store) -> None:
    course_id, named = await store.course()
    old, young = await store.put(course_id, "nobody's"), await store.put(course_id, "not yet named")
    other = new_id()
    await store.log.append([new(CourseCreated(course_id=other, owner="ann", title="Failed"))], 0)
    failed, unknown = await store.put(other, "of a clone that failed"), await store.put(new_id(), "of another log")
    await store.blobs.put_answer("ann", course_id, "key", b"a model's answer")
    store.age([*named, old, failed, unknown], 25)
    store.age([young], 23)
    (use,) = (store.root / "courses" / course_id / "answers").rglob("key")
    os.utime(use, (0, 0))
    assert await store.orphans.sweep() == 2
    assert all(store.there(*named, young, unknown))
    assert store.there(old, failed) == [False, False]
    assert await store.blobs.get_answer("ann", course_id, "key") == b"a model's answer"
    assert await store.orphans.sweep() == 0


async def test_what_is_stored_again_is_young_again(store: Store) -> None:
    course_id, _ = await store.course()
    orphan = await store.put(course_id, "left by a worker that died")
    store.age([orphan], 100)
    await store.put(course_id, "left by a worker that died")  # the next worker comes to the same bytes
    assert await store.orphans.sweep() == 0
    assert store.there(orphan) == [True]


async def test_what_an_unreadable_blob_may_name_is_left(store: Store) -> None:
    _, (file, listing, folders) = await store.course()
    store.age([file, listing, folders], 25)
    (store.root / listing.key).unlink()
    assert await store.orphans.sweep() == 0
    assert store.there(file, folders) == [True, True]


@pytest.mark.parametrize("kind", ["folder", "objects"])
async def test_a_store_looks_at_the_age_once_more_as_it_removes(tmp_path: Path, kind: str) -> None:
    backend = FolderBackend(tmp_path) if kind == "folder" else ObjectBackend(MemoryStore())
    await backend.renew("a/b", b"x")
    stored = [when async for _, when in backend.listing("a/")]
    assert abs(stored[0] - datetime.now(UTC)) < timedelta(minutes=1)
    assert await backend.delete_old("a/b", stored[0]) == 0
    await backend.renew("a/b", b"x")
    assert await backend.delete_old("a/b", stored[0] + timedelta(microseconds=1)) == 0
    assert await backend.get("a/b") == b"x"
    assert await backend.delete_old("a/b", datetime.now(UTC) + timedelta(hours=1)) == 1
    assert await backend.delete_old("a/b", datetime.now(UTC) + timedelta(hours=1)) == 0


async def test_a_sweep_that_came_to_its_end_is_remembered_by_the_store(store: Store) -> None:
    assert await store.blobs.last_sweep() is None
    await store.blobs.note_sweep()
    first = await store.blobs.last_sweep()
    assert first is not None
    os.utime(store.root / "sweeps/courses", (0, 0))
    await Blobs(FolderBackend(store.root)).note_sweep()
    assert (await store.blobs.last_sweep() or first) >= first


@pytest.mark.parametrize("first", [fcntl.LOCK_SH, fcntl.LOCK_EX])
async def test_whoever_is_first_what_was_stored_again_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    """Both have opened the file; then the other one gets the lock."""
    backend, blob = FolderBackend(tmp_path), tmp_path / "a/b"
    met: list[int] = []
    await backend.renew("a/b", b"x")
    os.utime(blob, (0, 0))
    plain = fcntl.flock

    def flock(file: Any, how: int) -> None:
        if how == first and not met:
            met.append(how)
            blob.unlink() if how == fcntl.LOCK_SH else os.utime(blob)
        plain(file, how)

    monkeypatch.setattr(fcntl, "flock", flock)
    if first == fcntl.LOCK_SH:
        await backend.renew("a/b", b"x")
    else:
        assert await backend.delete_old("a/b", datetime.now(UTC) - timedelta(days=1)) == 0
    assert met == [first]
    assert await backend.get("a/b") == b"x"


async def test_what_a_removed_lecture_had_alone_goes_and_the_rest_of_the_course_is_swept_too(store: Store) -> None:
    course_id, named = await store.course()
    texts = ["captions", "text", "[[0, 1]]", "shared", "other", "nobody's"]
    captions, text, times, shared, other, unnamed = [await store.put(course_id, one) for one in texts]
    listing = await store.blobs.put_model(course_id, Listing(source_id="l", commit="", files=()))
    about = {"course_id": course_id, "title": "T", "file_name": "a.vtt", "recording": shared}
    transcribed = LectureTranscribed(
        course_id=course_id, run_id="r", lecture_id="l1", source_id="l", path="a.vtt.md", captions=captions, text=text,
        times=times, seconds=1, files=listing, folders=named[2], reader="r",
    )  # fmt: skip
    facts = [
        LectureAdded(**about, lecture_id="l1", session_id="1", path="a.vtt.md", captions=captions),
        transcribed,
        LectureAdded(**about, lecture_id="l2", session_id="2", path="b.vtt.md", captions=other),
        LectureRemoved(course_id=course_id, lecture_id="l1", by="ann"),
    ]
    for fact in facts:
        await store.log.append([new(fact)], await store.log.last_seq(course_id))
    (store.root / listing.key).unlink()  # as far as the answer to the removal had come
    gone, kept = [captions, text, times, unnamed], [*named, shared, other]
    store.age([*gone, *kept], hours=25)
    assert await store.orphans.sweep() == len(gone)
    assert store.there(*gone) == [False] * 4
    assert store.there(*kept) == [True] * 5


async def removed_beside_a_repository(store: Store) -> tuple[str, BlobRef, list[BlobRef], list[BlobRef]]:
    """A course whose document was removed after a course was made from it: a file of the repository with the bytes of
    the document's text, the course's blobs that stay, and those that go.
    """
    course_id, named = await store.course()
    raw, same, listing, course, kept = [
        await store.put(course_id, one) for one in ("%PDF", "# A file", "[7]", '{"course": 1}', "kept")
    ]
    read = DocumentRead(
        course_id=course_id, run_id="r", document_id="u1", source_id="s1", path="a.pdf.md", title="", text=same,
        pages=listing, page_count=1, files=listing, folders=named[2], reader="r",
    )  # fmt: skip
    generated = CourseGenerated(
        course_id=course_id, run_id="r", course_key="k", edition="e", pathway_id="p", course=course, exports=[],
        quality=course, status="complete", modules=1, items=1, title="T",
    )  # fmt: skip
    facts = [
        DocumentUploaded(course_id=course_id, document_id="u1", file_name="a.pdf", path="a.pdf.md", blob=raw),
        read, generated,
        DocumentDeleted(course_id=course_id, document_id="u1", by="ann", withheld=True, kept_modules={"m": kept}),
    ]  # fmt: skip
    for fact in facts:
        await store.log.append([new(fact)], await store.log.last_seq(course_id))
    await store.blobs.put_answer("ann", course_id, "key", b"what the document says")
    return course_id, same, [*named, kept], [raw, listing, course]


async def test_a_removal_leaves_what_the_repository_has_too_and_nothing_made_from_the_file(store: Store) -> None:
    course_id, same, kept, gone = await removed_beside_a_repository(store)
    events = [item.event for item in await store.log.read(course_id)]
    assert await erase_removed(store.blobs, course_id, events) == len(gone) + 2
    assert store.there(same, *kept) == [True] * 5
    assert store.there(*gone) == [False] * 3
    assert await store.blobs.get_answer("ann", course_id, "key") is None
    assert await erase_removed(store.blobs, course_id, events) == 0


async def test_the_sweep_leaves_a_file_of_the_repository_with_the_bytes_of_a_removed_document(store: Store) -> None:
    _, same, kept, gone = await removed_beside_a_repository(store)
    store.age([same, *kept, *gone], hours=25)
    assert await store.orphans.sweep() == len(gone)
    assert store.there(same, *kept) == [True] * 5


@pytest.mark.parametrize("done", [0, 1, 2, 3])
async def test_the_eraser_takes_up_a_removal_that_was_cut_at_any_point(
    store: Store, nats_connection: Client, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    course_id, same, kept, gone = await removed_beside_a_repository(store)
    left = iter(range(done))

    def cut(point: KillPoint, where: str) -> None:
        assert (point, where) == (KillPoint.part_erased, "files")
        next(left)

    with monkeypatch.context() as dying, contextlib.suppress(RuntimeError):
        dying.setattr("services.gateway.erase.removed.reached", cut)
        events = [item.event for item in await store.log.read(course_id)]
        await erase_removed(store.blobs, course_id, events if done else [])
    async with engine.begin() as connection:
        await connection.execute(erasures.request(erasures.REMOVED, [course_id]))
    streams = JetStreamEraser(nats_connection)
    eraser = Eraser(engine, store.log, store.blobs, streams, settle_seconds=60, sweep_seconds=60)
    await eraser.work()
    assert store.there(*gone) == [False] * 3
    assert store.there(same, *kept) == [True] * 5
    assert await store.blobs.get_answer("ann", course_id, "key") is None
    async with engine.connect() as connection:
        assert await erasures.pending(connection, erasures.REMOVED) == []
