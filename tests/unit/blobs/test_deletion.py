"""Deleting a course's blobs: whole folders, unfinished writes, and answers nobody else uses."""

from pathlib import Path

import pytest

from shared.kernel.blobs import Blobs, open_backend


@pytest.fixture(params=["memory", "folder"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    return Blobs(open_backend("memory:" if request.param == "memory" else f"file://{tmp_path / 'blobs'}"))


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
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert list((tmp_path / "courses").iterdir()) == []
