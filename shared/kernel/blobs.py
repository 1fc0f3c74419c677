"""Blobs of aggregates, by their hash, and stored answers of owners: on disk before anything refers to them."""

import hashlib
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from obstore.exceptions import BaseError
from obstore.store import MemoryStore, from_url
from pydantic import BaseModel

from shared.events import BlobRef
from shared.events.courses import COURSE
from shared.kernel.blob_stores import BlobBackend, FolderBackend, ObjectBackend
from shared.kernel.errors import NotFound, PermanentError

M = TypeVar("M", bound=BaseModel)
JSON = "application/json"
_PROBE = "probe/readable"  # a blob of no course
_SWEEPS = "sweeps/"
_PIECE_BYTES = 1024 * 1024


def open_backend(url: str) -> ObjectBackend:
    """`file:///folder`, `memory:`, or any obstore URL (`s3://…`, …); raises PermanentError for others."""
    if url.startswith("file://"):
        return FolderBackend(Path(url.removeprefix("file://")))
    if url.startswith("memory:"):
        return ObjectBackend(MemoryStore())
    try:
        return ObjectBackend(from_url(url))
    except (BaseError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise PermanentError(f"BLOB_STORE_URL is no address of a blob store: {reason}") from error


class Blobs:
    """Content-addressed blobs of aggregates of one kind, which have a folder ("" if they have no contents), and
    named answers of owners, over one backend.
    """

    def __init__(self, backend: BlobBackend, folder: str = COURSE.blobs) -> None:
        self._backend = backend
        self._folder = folder

    @property
    def backend(self) -> BlobBackend:
        """Where the blobs lie, for what belongs to nobody."""
        return self._backend

    async def put(self, course_id: str, data: bytes, media_type: str) -> BlobRef:
        """Store bytes under the course by their hash. They are young from now on, whoever stored them before: no sweep
        takes them before the event that names them is there.
        """
        digest = hashlib.sha256(data).hexdigest()
        key = f"{self._folder_of(course_id)}{digest[:2]}/{digest}"
        await self._backend.renew(key, data)
        return BlobRef(key=key, sha256=digest, size=len(data), media_type=media_type)

    async def put_file(self, course_id: str, file: BinaryIO, sha256: str, size: int, media_type: str) -> BlobRef:
        """Store an open file with this hash; its bytes are never in memory together."""
        key = f"{self._folder_of(course_id)}{sha256[:2]}/{sha256}"
        file.seek(0)
        await self._backend.renew(key, file)
        return BlobRef(key=key, sha256=sha256, size=size, media_type=media_type)

    async def put_model(self, course_id: str, value: BaseModel) -> BlobRef:
        """Store a pydantic value as JSON."""
        return await self.put(course_id, value.model_dump_json().encode(), JSON)

    def is_of(self, course_id: str, key: str) -> bool:
        """Whether a key is of a blob of the course."""
        return key.startswith(self._folder_of(course_id))

    async def get(self, ref: BlobRef) -> bytes:
        """The bytes; raises NotFound when the blob is missing or is not what the reference says."""
        data = await self._backend.get(ref.key)
        if hashlib.sha256(data).hexdigest() != ref.sha256:
            raise NotFound(f"Blob {ref.key} does not match its hash")
        return data

    async def pieces(self, ref: BlobRef, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to before `end`, a piece at a time; raises NotFound when the blob is missing."""
        for at in range(start, end, _PIECE_BYTES):
            yield await self._backend.get_range(ref.key, at, min(at + _PIECE_BYTES, end))

    async def delete_key(self, key: str) -> int:
        """Remove a blob; the number removed."""
        return await self._backend.delete(key)

    async def get_model(self, ref: BlobRef, model: type[M]) -> M:
        """A pydantic value back from JSON."""
        return model.model_validate_json(await self.get(ref))

    async def require_readable(self) -> None:
        """Read a blob that belongs to nobody; raises BlobsUnavailable when the store gives none."""
        try:
            await self._backend.get(_PROBE)
        except NotFound:
            await self._backend.put(_PROBE, b"The store gives what it has.\n")
            await self._backend.get(_PROBE)

    async def put_answer(self, owner: str, course_id: str, key: str, data: bytes) -> None:
        """Store a model's answer; the first one wins. That the course uses it is written down before."""
        use = _Use(_owner_name(owner), key)
        await self._note_use(course_id, use)
        await self._backend.put(use.answer, data)

    async def get_answer(self, owner: str, course_id: str, key: str) -> bytes | None:
        """A stored answer, or None. A course that is given one uses it from then on."""
        use = _Use(_owner_name(owner), key)
        try:
            data = await self._backend.get(use.answer)
        except NotFound:
            return None
        await self._note_use(course_id, use)
        return data

    async def forget_answer(self, owner: str, course_id: str, key: str) -> None:
        """The course no longer uses a stored answer; without another course that does, it goes. The note of the course
        goes last: a crash in between leaves nothing that the course's deletion would not find.
        """
        use = _Use(_owner_name(owner), key)
        await self._drop(use, course_id)
        await self._backend.delete(f"{self._uses_of(course_id)}{use.owner}/{use.key}")

    async def _drop(self, use: "_Use", course_id: str) -> int:
        removed = await self._backend.delete(use.by(course_id))
        return removed if await self._backend.keys(use.users) else removed + await self._backend.delete(use.answer)

    async def _note_use(self, course_id: str, use: "_Use") -> None:
        """From the course first: a crash in between leaves nothing that its deletion would not find."""
        await self._backend.put(f"{self._uses_of(course_id)}{use.owner}/{use.key}", b"")
        await self._backend.put(use.by(course_id), b"")

    async def delete_all(self, course_id: str) -> int:
        """Remove every blob of a course, and the answers that no other course uses; the number removed."""
        if not self._folder:
            return 0
        return await self.delete_answers(course_id) + await self._backend.delete_prefix(self._folder_of(course_id))

    async def delete_answers(self, course_id: str, owner: str | None = None) -> int:
        """Remove the answers that no other course uses, all of them or those of one owner; the number removed."""
        removed, of = 0, "" if owner is None else f"{_owner_name(owner)}/"
        for name in await self._backend.keys(f"{self._uses_of(course_id)}{of}"):
            use = _Use(*name.removeprefix(self._uses_of(course_id)).split("/"))
            removed += await self._drop(use, course_id)
            await self._backend.delete(name)
        return removed

    async def old_contents(self, course_id: str, since: datetime) -> list[str]:
        """Keys of a course's blobs that nobody has stored since."""
        found = [key async for key, stored in self._backend.listing(self._folder_of(course_id)) if stored < since]
        return sorted(key for key in found if not key.startswith(self._uses_of(course_id)))

    async def delete_old(self, key: str, since: datetime) -> int:
        """Remove a blob unless somebody has stored it since; the number removed."""
        return await self._backend.delete_old(key, since)

    async def references_of(self, key: str) -> dict[str, bool]:
        """Keys of the blobs that a stored JSON text names, and whether each is such a text."""
        return dict(references_in(await self._backend.get(key)))

    async def last_sweep(self) -> datetime | None:
        """When `note_sweep` was last called by anybody, by the store's clock."""
        times = [at async for key, at in self._backend.listing(_SWEEPS) if key == f"{_SWEEPS}{self._folder}"]
        return times[0] if times else None

    async def note_sweep(self) -> None:
        """A sweep has come to its end."""
        await self._backend.renew(f"{_SWEEPS}{self._folder}", b"")

    async def ids(self) -> list[str]:
        """Every course, or aggregate of another kind, that has blobs."""
        return [name.split("/")[1] for name in await self._backend.folders(f"{self._folder}/")] if self._folder else []

    def _folder_of(self, course_id: str) -> str:
        return f"{self._folder}/{course_id}/"

    def _uses_of(self, course_id: str) -> str:
        return f"{self._folder_of(course_id)}answers/"


def references_in(body: bytes) -> Iterator[tuple[str, bool]]:
    """The key of each reference in a JSON text, however deep it lies and whatever the text is, and whether the blob may
    itself be such a text; nothing for what is no JSON.
    """
    try:
        waiting = [json.loads(body)]
    except ValueError:
        return
    while waiting:
        match waiting.pop():
            case {"key": str() as key, "sha256": str(), "size": int(), **others}:
                yield key, others.get("media_type", JSON) == JSON
            case dict() as members:
                waiting += members.values()
            case list() as items:
                waiting += items


@dataclass(frozen=True)
class _Use:
    """Where an answer lies, and who uses it. `owner` as it stands in keys, `key` of the question."""

    owner: str
    key: str

    @property
    def answer(self) -> str:
        return f"owners/{self.owner}/answers/{self.key}"

    @property
    def users(self) -> str:
        return f"owners/{self.owner}/uses/{self.key}/"

    def by(self, course_id: str) -> str:
        return f"{self.users}{course_id}"


def _owner_name(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()[:32]
