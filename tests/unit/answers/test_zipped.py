"""Archives that learners hand in: what is read of them, and what is refused."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.answers import zipped
from shared.answers.model import UnreadableAnswer
from shared.answers.zipped import read_zip


def packed(*files: tuple[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda _: None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            change(info)
            archive.writestr(info, data)
    return out.getvalue()


def test_texts_are_read_and_the_rest_is_listed_with_the_reason() -> None:
    found = read_zip(packed(
        ("task/main.py", "print('é')\n".encode()), ("task/notes.md", b"\xef\xbb\xbf# Notes"), ("task/", b""),
        ("task/picture.png", b"\x89PNG\x00"), ("task/inner.zip", packed(("a.py", b"1"))), ("task/latin.txt", b"\xe9"),
        ("task/node_modules/x/index.js", b"1"), ("task/long.csv", b"1,2\n" * 100_000),
    ))  # fmt: skip
    assert {one.path: one.text for one in found.parts if one.text is not None} == {
        "task/main.py": "print('é')\n", "task/notes.md": "# Notes",
    }  # fmt: skip
    assert {one.path: one.left_out for one in found.parts if one.text is None} == {
        "task/picture.png": "it is no text in UTF-8", "task/inner.zip": "an archive in an archive is not opened",
        "task/latin.txt": "it is no text in UTF-8",
        "task/node_modules/x/index.js": "node_modules is not written by hand",
        "task/long.csv": "it has more than 256 KiB",
    }  # fmt: skip
    assert found.text == "task/main.py (1 lines):\nprint('é')\n\ntask/notes.md (1 lines):\n# Notes"


def test_texts_are_read_up_to_a_limit_together() -> None:
    found = read_zip(packed(*((f"{one}.txt", b"x" * 200_000) for one in range(9))))
    assert [one.text is not None for one in found.parts] == [True] * 5 + [False] * 4
    assert found.parts[-1].left_out == "the texts before it are as many as are read"


def linked(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFLNK | 0o777) << 16


def a_device(info: zipfile.ZipInfo) -> None:
    info.external_attr = (stat.S_IFCHR | 0o666) << 16


def locked(data: bytes) -> bytes:
    """With the flag of encryption in both headers."""
    found = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found[found.index(mark) + at] |= 1
    return bytes(found)


def lying(data: bytes, size: int) -> bytes:
    """With another unpacked size in both headers."""
    found = bytearray(data)
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", found, found.index(mark) + at, size)
    return bytes(found)


def changed(data: bytes) -> bytes:
    """With another byte in the middle of what is packed."""
    return data[:45] + bytes([data[45] ^ 0xFF]) + data[46:]


def overlapping() -> bytes:
    """Two entries of the list that have one place in the archive."""
    data = packed(("a.txt", b"x" * 5000), ("b.txt", b"y"))
    found = bytearray(data)
    first = found.index(b"PK\x01\x02")
    struct.pack_into("<I", found, found.index(b"PK\x01\x02", first + 1) + 42, 0)
    return bytes(found)


HOSTILE = {
    "out of the folder": (packed(("../a.py", b"1")), "outside of its folder"),
    "out of the folder in the middle": (packed(("a/../../b.py", b"1")), "outside of its folder"),
    "absolute": (packed(("/etc/cron.d/x", b"1")), "outside of its folder"),
    "a drive": (packed(("C:/x.py", b"1")), "outside of its folder"),
    "a backslash": (packed(("a\\..\\b.py", b"1")), "outside of its folder"),
    "turned letters": (packed(("a\u202eyp.exe", b"1")), "unprintable"),
    "a line end in a name": (packed(("a.py\nb.py (1 lines):", b"1")), "unprintable"),
    "a link": (packed(("a", b"/etc/passwd"), change=linked), "a link or a device"),
    "a device": (packed(("a", b""), change=a_device), "a link or a device"),
    "encrypted": (locked(packed(("a.py", b"1"))), "encrypted"),
    "packed too tightly": (packed(("a.txt", b"0" * 3_000_000)), "too tightly"),
    "larger than it says": (lying(packed(("a.txt", b"0" * 900_000)), 100), "damaged"),
    "too large together": (packed(*((f"{one}", b"0" * 999_999) for one in range(70))), "64 MiB"),
    "too many": (packed(*((f"{one}.py", b"") for one in range(1001))), "1,000 files"),
    "too deep": (packed(("a/" * 13 + "b", b"1")), "12 folders"),
    "a long name": (packed(("a" * 241, b"1")), "240 letters"),
    "empty": (packed(), "holds no files"),
    "folders alone": (packed(("a/", b"")), "holds no files"),
    "overlapping": (overlapping(), "overlap"),
    "no archive": (b"PK\x03\x04 and nothing", "no ZIP archive"),
    "cut off": (packed(("a.py", b"1" * 100))[:-10], "no ZIP archive"),
    "changed bytes": (changed(packed(("a.txt", bytes(range(65, 90)) * 20))), "cannot be read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused_with_the_reason(name: str) -> None:
    data, reason = HOSTILE[name]
    with pytest.raises(UnreadableAnswer, match=reason):
        read_zip(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused() -> None:
    with pytest.raises(UnreadableAnswer, match="one name"):
        read_zip(packed(("a.py", b"1"), ("a.py", b"2")))


def test_a_file_packed_in_another_way_is_left_out() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.py", "1")
    assert read_zip(out.getvalue()).parts[0].left_out == "it is packed in a way that is not read"


WHOLE = packed(("a.py", b"print(1)\n" * 30), ("b/c.txt", b"words"))


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255), st.integers(0, len(WHOLE)))
def test_whatever_is_damaged_is_read_or_refused(at: int, flip: int, cut: int) -> None:
    data = bytearray(WHOLE)
    data[at] ^= flip
    for sent in (bytes(data), bytes(data[:cut])):
        try:
            found = read_zip(sent)
        except UnreadableAnswer:
            continue
        assert len(found.parts) <= 2
        assert sum(len(one.text or "") for one in found.parts) <= zipped.MOST_TEXT_BYTES
