"""The contents of a backup: written last, so a folder without it is not a backup; checked before a restore."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from shared.kernel.errors import PermanentError

FORMAT = "coursewright.backup/1"
_FILE = "manifest.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class FilePart(_Part):
    """A file of the backup, by its path inside it; `size` in bytes."""

    path: str
    size: int
    sha256: str


class StreamPart(_Part):
    """A stream as it was copied. `digest`: over sequence, subject, time, headers and body of each message."""

    file: FilePart
    config: dict[str, Any]
    messages: int
    first_seq: int
    last_seq: int
    digest: str


class TablePart(_Part):
    """A table of schema `app` in PostgreSQL's text format of COPY."""

    file: FilePart
    columns: list[str]
    rows: int


class BlobsPart(_Part):
    """The blobs; `listing` names each with its hash, as `sha256sum -c` reads it. `missing`: named by an event of a
    course that was not deleted, and not in the store; `damaged`: not what their key says.
    """

    listing: FilePart
    count: int
    bytes: int
    missing: list[str]
    damaged: list[str]


class Manifest(_Part):
    """`versions`: of Coursewright, nats-server, PostgreSQL; `revision`: of the tables; `own`: of a local stack."""

    format: str
    made_at: str
    versions: dict[str, str]
    revision: str
    streams: dict[str, StreamPart]
    tables: dict[str, TablePart]
    blobs: BlobsPart
    own: list[FilePart]
    courses: int

    def files(self) -> list[FilePart]:
        """Every file but the blobs."""
        streams = [part.file for part in self.streams.values()]
        tables = [part.file for part in self.tables.values()]
        return [*streams, *tables, self.blobs.listing, *self.own]

    def write(self, folder: Path) -> None:
        """In one step."""
        scratch = folder / f".{_FILE}"
        scratch.write_text(self.model_dump_json(indent=2) + "\n", encoding="utf-8")
        scratch.replace(folder / _FILE)


def read_manifest(folder: Path) -> Manifest:
    """Raises PermanentError for a folder that is no backup, or one of a format this version does not know."""
    try:
        found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if found.get("format") != FORMAT:
            raise PermanentError(f"{folder} is a backup of format {found.get('format')}; this version reads {FORMAT}")
        return Manifest.model_validate(found)
    except FileNotFoundError as error:
        raise PermanentError(f"{folder} holds no whole backup: there is no {_FILE}") from error
    except (ValueError, ValidationError, AttributeError) as error:
        raise PermanentError(f"The manifest of {folder} cannot be read") from error


def file_part(folder: Path, path: str) -> FilePart:
    """A file as it is now."""
    with (folder / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return FilePart(path=path, size=file.tell(), sha256=digest.hexdigest())


def blob_hashes(folder: Path, manifest: Manifest) -> dict[str, str]:
    """Key to hash, from the listing."""
    lines = (folder / manifest.blobs.listing.path).read_text(encoding="utf-8").splitlines()
    return {name.removeprefix("blobs/"): sha256 for sha256, name in (line.split("  ", 1) for line in lines)}


def problems(folder: Path, manifest: Manifest) -> list[str]:
    """The differences from the manifest, each file and blob read to its end; empty for a whole backup."""
    found = []
    for part in manifest.files():
        found += _compare(folder, part.path, part.sha256)
    if found:
        return found
    listed = blob_hashes(folder, manifest)
    if len(listed) != manifest.blobs.count:
        found.append(f"{manifest.blobs.listing.path} names {len(listed)} blobs instead of {manifest.blobs.count}")
    for key, sha256 in listed.items():
        found += _compare(folder, f"blobs/{key}", sha256)
    return found


def _compare(folder: Path, path: str, sha256: str) -> list[str]:
    try:
        part = file_part(folder, path)
    except OSError:
        return [f"{path} is missing"]
    return [] if part.sha256 == sha256 else [f"{path} has another content"]
