import io
import stat
import zipfile
from pathlib import Path

import pytest

from shared.course.export.archive import build_zip, unpack
from shared.kernel.errors import PermanentError


def _zip(*entries: tuple[str, bytes], mode: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def test_the_order_in_which_files_were_made_does_not_show() -> None:
    assert build_zip({"b": b"2", "a": b"1"}) == build_zip({"a": b"1", "b": b"2"})


def test_entries_are_sorted_and_have_no_time() -> None:
    with zipfile.ZipFile(io.BytesIO(build_zip({"b/x": b"2", "a": b"1"}))) as archive:
        assert [entry.filename for entry in archive.infolist()] == ["a", "b/x"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_was_packed_is_unpacked(tmp_path: Path) -> None:
    unpack(build_zip({"a.txt": b"1", "deep/er/b.txt": b"2"}), tmp_path / "new")
    assert (tmp_path / "new/a.txt").read_bytes() == b"1"
    assert (tmp_path / "new/deep/er/b.txt").read_bytes() == b"2"


@pytest.mark.parametrize("name", ["../out", "a/../../out", "/etc/out", "C:\\out", "a\\..\\out", ".."])
def test_an_entry_that_leaves_the_folder_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(PermanentError, match="unsafe"):
        unpack(_zip(("fine.txt", b"1"), (name, b"2")), tmp_path / "new")
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="unsafe"):
        unpack(_zip(("link", b"/etc"), mode=stat.S_IFLNK | 0o777), tmp_path)


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "assets").symlink_to(outside)
    with pytest.raises(PermanentError, match="unsafe"):
        unpack(build_zip({"assets/a.txt": b"1"}), inside)
    assert list(outside.iterdir()) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="twice"):
        unpack(_zip(("a", b"1"), ("a", b"2")), tmp_path)


def test_what_is_no_archive_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="zip"):
        unpack(b"<html>", tmp_path)
