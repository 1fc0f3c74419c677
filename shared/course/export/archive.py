"""Zip archives that depend on their content alone, and unpacking that cannot leave its folder."""

import io
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from shared.kernel.errors import PermanentError

# The oldest moment a zip entry can name; any real time would make two builds of one course differ.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_LEVEL = 9
_MAX_ENTRIES = 20_000
_MAX_BYTES = 2 * 1024**3


def build_zip(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip, sorted by name, deflated at one level, without times: equal files, equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name], compresslevel=_LEVEL)
    return buffer.getvalue()


def unpack(export_zip: bytes, folder: Path) -> None:
    """Writes the files of an export below `folder`, which is made if it is not there.

    An archive whose names would leave the folder, that holds links, or that is larger than any course could be
    is refused as a whole, before anything is written: PermanentError `bad_archive`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(export_zip)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries)
            for entry in entries:
                target = _target(folder, entry.filename)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(entry))
    except zipfile.BadZipFile as error:
        raise PermanentError("This file is not a readable zip archive.", code="bad_archive") from error


def _check(entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if len(names) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_BYTES:
        raise PermanentError("The archive is larger than an export can be.", code="bad_archive")
    if len(set(names)) != len(names):
        raise PermanentError("The archive names a file twice.", code="bad_archive")
    for entry in entries:
        if not _is_plain(entry):
            raise PermanentError(f"The archive has an unsafe entry: {entry.filename!r}.", code="bad_archive")


def _is_plain(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    inside = not path.is_absolute() and ".." not in path.parts and bool(path.parts)
    return inside and not set(entry.filename) & {"\\", ":", "\0"} and kind in (0, stat.S_IFREG)


def _target(folder: Path, name: str) -> Path:
    # A folder that was a link before we came would carry the write elsewhere, whatever the name says.
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise PermanentError(f"The archive has an unsafe entry: {name!r}.", code="bad_archive")
    return target
