"""An archive that a learner hands in is read, within limits, for a worker process. Nothing is written to a disk."""

import contextlib
import resource
import stat
import sys
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from shared.answers.model import Part, ReadAnswer, UnreadableAnswer
from shared.workers.seal import seal

MOST_FILES = 1000
MOST_DEPTH = 12
MOST_NAME = 240
MOST_UNPACKED_BYTES = 64 * 1024 * 1024
MOST_RATIO = 200  # of what is more than _SMALL_BYTES: a text that repeats itself packs well
MOST_FILE_BYTES = 256 * 1024
MOST_TEXT_BYTES = 1024 * 1024
_SMALL_BYTES = 1024 * 1024
_MEMORY_BYTES = 400 * 1024 * 1024
_HEADER_BYTES = 30
_LOCKED = 0x1
_NOT_OF_THE_LEARNER = {"__MACOSX", ".git", ".svn", ".hg", "node_modules", "__pycache__", ".venv", "venv", ".idea"}
_ARCHIVES = {".zip", ".jar", ".war", ".whl", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst"}


def read_sealed(data: bytes) -> ReadAnswer:
    """See read_zip. The process that does it can do nothing else from then on, where the machine has the walls."""
    if sys.platform == "linux":
        with contextlib.suppress(SystemExit):
            seal(_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_NPROC)[1])
    return read_zip(data)


def read_zip(data: bytes) -> ReadAnswer:
    """The texts of an archive. What is no text is listed, and is left out. Raises UnreadableAnswer for an archive that
    is damaged, would lead out of its folder, or unpacks to more than an answer needs.
    """
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise _refused("is damaged, or is no ZIP archive: pack it again") from error
    with archive:
        files = _checked(archive.infolist())
        return ReadAnswer(tuple(_parts(archive, files)))


def _checked(entries: Sequence[ZipInfo]) -> list[ZipInfo]:
    """The files of an archive, each of which may be looked at."""
    if len(entries) > MOST_FILES:
        raise _refused(f"holds more than {MOST_FILES:,} files: leave out what is installed, such as node_modules")
    for one in entries:
        _check(one)
    files = [one for one in entries if not one.is_dir()]
    if not files:
        raise _refused("holds no files")
    if len({one.filename for one in files}) < len(files):
        raise _refused("has two files of one name")
    if sum(one.file_size for one in files) > MOST_UNPACKED_BYTES:
        raise _refused(f"unpacks to more than {MOST_UNPACKED_BYTES // 1024**2} MiB")
    end = 0
    for one in sorted(entries, key=lambda info: info.header_offset):
        if one.header_offset < end:
            raise _refused("is damaged: files in it overlap")
        end = one.header_offset + _HEADER_BYTES + len(one.orig_filename.encode()) + one.compress_size
    return files


def _check(entry: ZipInfo) -> None:
    name, mode = entry.filename, entry.external_attr >> 16
    path = PurePosixPath(name)
    leads_out = path.is_absolute() or ".." in path.parts or "\\" in name or name[1:2] == ":"
    if leads_out or not path.parts or not name.isprintable():
        raise _refused("names a file outside of its folder, or one with unprintable letters")
    if len(name) > MOST_NAME or len(path.parts) > MOST_DEPTH:
        raise _refused(f"has a path of more than {MOST_NAME} letters or {MOST_DEPTH} folders")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _refused(f"holds a link or a device: {name}")
    if entry.flag_bits & _LOCKED:
        raise _refused("is encrypted: pack it without a password")
    if entry.file_size > _SMALL_BYTES and entry.file_size > MOST_RATIO * entry.compress_size:
        raise _refused(f"packs {name} too tightly: it would unpack to {entry.file_size:,} bytes")


def _parts(archive: ZipFile, files: Sequence[ZipInfo]) -> Iterator[Part]:
    left = MOST_TEXT_BYTES
    for info in sorted(files, key=lambda one: one.filename):
        reason, text = _reason(info), None
        if not reason and info.file_size > left:
            reason = "the texts before it are as many as are read"
        if not reason:
            text = _text(_bytes(archive, info))
            reason = "" if text is not None else "it is no text in UTF-8"
        left -= 0 if text is None else info.file_size
        yield Part(info.filename, info.file_size, text, reason)


def _reason(info: ZipInfo) -> str:
    """Why a file is left out unread; empty for one that is read."""
    path = PurePosixPath(info.filename)
    if foreign := _NOT_OF_THE_LEARNER.intersection(path.parts):
        return f"{min(foreign)} is not written by hand"
    if path.suffix.lower() in _ARCHIVES:
        return "an archive in an archive is not opened"
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        return "it is packed in a way that is not read"
    return f"it has more than {MOST_FILE_BYTES // 1024} KiB" if info.file_size > MOST_FILE_BYTES else ""


def _bytes(archive: ZipFile, info: ZipInfo) -> bytes:
    """No more bytes than the list of the archive says that the file has, also while it is unpacked."""
    try:
        with archive.open(info) as file:
            return file.read(info.file_size + 1)
    except (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, zlib.error) as error:
        raise _refused(f"is damaged: {info.filename} cannot be read") from error


def _text(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def _refused(reason: str) -> UnreadableAnswer:
    return UnreadableAnswer(f"The archive {reason}")
