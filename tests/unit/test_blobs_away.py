"""A blob store that does not take or give bytes is a passing error, with what is wrong; a missing blob is none."""

import errno
import os
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import GenericError
from obstore.store import MemoryStore

from shared.kernel.blob_stores import BlobsUnavailable, FolderBackend, ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.errors import NotFound


async def test_a_full_disk_refuses_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BlobsUnavailable, match="its disk is full") as refused:
        await FolderBackend(tmp_path / "blobs").put("blob", b"x")
    assert refused.value.transient
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []


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
