"""The blobs that a copied log names, and when two copies are the same."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cli.operate.backup.blobs import copy_blobs, damaged_of
from cli.operate.backup.check import Contents
from cli.operate.backup.streams import Digest
from shared.classroom.people import file_key
from shared.event_log.codec import encode
from shared.event_log.port import NewEvent
from shared.event_log.stored import Stored
from shared.events.gateway import CourseDeleted
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs
from shared.kernel.ids import new_id


def event(seq: int, course: str, name: str, data: Any = None, **headers: str) -> Stored:
    return Stored(seq, f"course.0.{course}.{name}", "2026-01-31T12:00:00Z", headers, json.dumps(data).encode())


def ref(key: str) -> dict[str, Any]:
    return {"key": key, "sha256": "0", "size": 1, "media_type": "text/plain"}


def test_every_blob_an_event_names_is_found_however_deep_it_lies(tmp_path: Path) -> None:
    contents = Contents()
    contents.add(event(1, "a", "RepoCloned", {"files": ref("a/1"), "folders": None}))
    contents.add(event(2, "a", "CourseGenerated", {"exports": [{"kind": "site", "file": ref("a/2")}]}))
    contents.add(event(3, "a", "InventedLater", {"deep": {"deeper": [[ref("a/3")]]}}))
    contents.add(Stored(4, "course.0.a.RepoCloneRequested", "", {}, b"\xff no JSON"))
    assert contents.missing(set(), tmp_path) == ["a/1", "a/2", "a/3"]
    assert contents.missing({"a/1", "a/3"}, tmp_path) == ["a/2"]


def test_a_blob_that_only_other_blobs_name_is_missed_too(tmp_path: Path) -> None:
    contents = Contents()
    contents.add(event(1, "a", "RepoCloned", {"files": {**ref("a/listing"), "media_type": "application/json"}}))
    (tmp_path / "a").mkdir()
    (tmp_path / "a/listing").write_text(json.dumps({"files": [{"blob": ref("a/page")}]}), encoding="utf-8")
    assert contents.missing({"a/listing"}, tmp_path) == ["a/page"]
    assert contents.blobs["a/page"] == ("course", "a")


def test_blobs_of_a_deleted_course_are_not_missed(tmp_path: Path) -> None:
    contents = Contents()
    contents.add(event(1, "gone", "RepoCloned", {"files": ref("gone/1")}))
    contents.add(event(2, "kept", "RepoCloned", {"files": ref("kept/1")}))
    contents.add(event(3, "kept", "CourseDeleted", {}))  # has the subject of a tombstone, and is none
    tombstone = NewEvent(CourseDeleted(course_id="gone", by="ann"), "i", "test", "", "")
    subject, headers, body = encode(tombstone, datetime(2026, 1, 31, tzinfo=UTC))
    contents.add(Stored(4, subject, "2026-01-31T12:00:00Z", headers, body))
    assert contents.missing(set(), tmp_path) == ["kept/1"]
    assert (contents.deleted, contents.half_erased()) == ({("course", "gone")}, {("course", "gone")})


async def test_what_is_not_named_by_its_bytes_is_not_damaged(tmp_path: Path) -> None:
    """A file of a person, and the note that a course used an answer of a model."""
    store = FolderBackend(tmp_path / "store")
    blobs = Blobs(store)
    kept, broken = [(await blobs.put("c", data, "text/plain")).key for data in (b"kept", b"broken")]
    await blobs.put_answer("ann", "c", sha256(b"question").hexdigest(), b"{}")
    await store.put(file_key(new_id(), new_id()), b"GIF89a")
    (tmp_path / "store" / broken).write_bytes(b"other bytes")
    keys = await store.keys("")
    assert len(keys) == 6
    hashes = {key: found async for key, found, _ in copy_blobs(store, FolderBackend(tmp_path / "copy"), keys)}
    assert (damaged_of(hashes), kept in hashes) == ([broken], True)


def test_a_digest_sees_every_part_of_a_message() -> None:
    def digest(*messages: Stored) -> str:
        made = Digest()
        for message in messages:
            made.add(message)
        return made.hexdigest()

    one, two = event(1, "a", "CourseCreated", {"t": 1}, h="x"), event(2, "a", "CourseUpdated", {"t": 2})
    whole = digest(one, two)
    assert digest(one, two) == whole
    others = [
        (two, one), (one,), (event(1, "a", "CourseCreated", {"t": 1}, h="y"), two),
        (event(3, "a", "CourseCreated", {"t": 1}, h="x"), two), (event(1, "b", "CourseCreated", {"t": 1}, h="x"), two),
        (event(1, "a", "CourseCreated", {"t": 9}, h="x"), two),
        (Stored(1, one.subject, "2026-01-31T12:00:01Z", one.headers, one.body), two),
    ]  # fmt: skip
    assert whole not in {digest(*messages) for messages in others}
