"""Blobs: a store that does not take or give bytes, writers that were killed, and the deletion of a course's blobs."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import GenericError
from obstore.store import MemoryStore

from shared.kernel.blob_stores import BlobsUnavailable, FolderBackend, ObjectBackend
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import NotFound

ROOT = Path(__file__).parents[2]
_DIES_WHILE_WRITING = """
import asyncio, os, pathlib, sys
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs

os.fsync = lambda _: os.kill(os.getpid(), 9)
folder = pathlib.Path(sys.argv[1])
asyncio.run(Blobs(FolderBackend(folder)).put("c1", b"some text", "text/plain"))
"""
_HOLDS = """
import fcntl, sys

file = open(sys.argv[1], "w")
fcntl.flock(file, fcntl.LOCK_EX)
print(flush=True)
sys.stdin.read()
"""


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(params=["memory", "folder"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs(open_backend("memory:" if request.param == "memory" else f"file://{tmp_path / 'blobs'}"))


async def test_a_full_disk_refuses_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BlobsUnavailable, match="its disk is full") as refused:
        await FolderBackend(tmp_path / "blobs").put("blob", b"x")
    assert refused.value.transient
    assert files(tmp_path / "blobs") == []


async def test_a_blob_that_cannot_be_read_is_not_a_missing_one(tmp_path: Path) -> None:
    backend = FolderBackend(tmp_path)
    (tmp_path / "blob").symlink_to("blob")  # a link to itself can no more be read than a broken disk
    with pytest.raises(BlobsUnavailable):
        await backend.get("blob")
    with pytest.raises(NotFound):
        await backend.get("missing")


async def test_an_answer_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    blobs = Blobs(FolderBackend(tmp_path))
    await blobs.put_answer("owner", "c1", "key", b"x")
    (stored,) = tmp_path.glob("owners/*/answers/key")
    stored.unlink()
    stored.symlink_to(stored.name)
    with pytest.raises(BlobsUnavailable):
        await blobs.get_answer("owner", "c1", "key")


async def test_a_store_that_does_not_list_or_delete_is_a_passing_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise GenericError("403")

    monkeypatch.setattr(obstore, "list", refuse)
    backend = ObjectBackend(MemoryStore())
    for asked in (backend.keys("x"), backend.delete_prefix("x")):
        with pytest.raises(BlobsUnavailable, match="GenericError"):
            await asked


def test_a_write_that_was_cut_leaves_no_blob_and_the_next_to_open_the_store_clears_up(tmp_path: Path) -> None:
    (tmp_path / "courses" / "c1" / "37").mkdir(parents=True)
    FolderBackend(tmp_path)
    dead = subprocess.run([sys.executable, "-c", _DIES_WHILE_WRITING, str(tmp_path)], cwd=ROOT, check=False)
    assert dead.returncode == -9
    assert files(tmp_path / "courses") == []
    FolderBackend(tmp_path)
    assert files(tmp_path) == []


def test_what_another_process_is_writing_is_left_alone(tmp_path: Path) -> None:
    Blobs(FolderBackend(tmp_path))
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path / ".unfinished" / "mine")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    FolderBackend(tmp_path)
    assert [path.name for path in files(tmp_path)] == ["mine"]
    holder.kill()
    holder.communicate()
    FolderBackend(tmp_path)
    assert files(tmp_path) == []


async def test_a_course_goes_whole_and_no_other_with_it(blobs: Blobs) -> None:
    ref = await blobs.put("c1", b"one", "text/plain")
    await blobs.put("c1", b"two", "text/plain")
    other = await blobs.put("c11", b"one", "text/plain")
    assert await blobs.ids() == ["c1", "c11"]
    assert await blobs.delete_all("c1") == 2
    assert await blobs.ids() == ["c11"]
    assert await blobs.get(other) == b"one"
    assert await blobs.delete_all("c1") == 0
    assert ref.key != other.key


async def test_an_answer_goes_with_the_last_course_that_uses_it(blobs: Blobs) -> None:
    await blobs.put_answer("ann", "c1", "shared", b"S")
    await blobs.put_answer("ann", "c1", "own", b"O")
    await blobs.put_answer("bob", "c3", "shared", b"bob's")
    assert await blobs.get_answer("ann", "c2", "shared") == b"S"
    await blobs.delete_all("c1")
    assert await blobs.get_answer("ann", "c2", "shared") == b"S"
    assert await blobs.get_answer("ann", "c2", "own") is None
    await blobs.delete_all("c2")
    assert await blobs.get_answer("ann", "c4", "shared") is None
    assert await blobs.get_answer("bob", "c3", "shared") == b"bob's"


async def test_a_folder_keeps_nothing_of_a_course_not_even_empty_folders(tmp_path: Path) -> None:
    blobs = Blobs(open_backend(f"file://{tmp_path}"))
    await blobs.put("c1", b"one", "text/plain")
    await blobs.put_answer("ann", "c1", "k", b"answer")
    await blobs.delete_all("c1")
    assert files(tmp_path) == []
    assert list((tmp_path / "courses").iterdir()) == []
