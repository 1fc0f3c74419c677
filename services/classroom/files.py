"""Files of people in the blob store: audio, pictures, papers. A file is what its first bytes say, whatever a client
called it.

An address that is signed for an upload leads to a place of its own. The first look moves the bytes from there to where
no address leads, and judges them there at each look; so nobody changes a file that was judged.
"""

import re
from dataclasses import dataclass
from typing import BinaryIO

from shared.classroom.people import file_key
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused

SIGNED_SECONDS = 600
_HEAD_BYTES = 64
# By media type: the extension, and how the bytes begin. Nothing that a browser would run is among them.
_KINDS = {
    "image/png": ("png", rb"\x89PNG\r\n\x1a\n"),
    "image/jpeg": ("jpg", rb"\xff\xd8\xff"),
    "image/gif": ("gif", rb"GIF8[79]a"),
    "image/webp": ("webp", rb"RIFF.{4}WEBP"),
    "audio/wav": ("wav", rb"RIFF.{4}WAVE"),
    "audio/webm": ("webm", rb"\x1a\x45\xdf\xa3"),
    "audio/ogg": ("ogg", rb"OggS"),
    "audio/mpeg": ("mp3", rb"ID3|\xff[\xe2-\xff]"),
    "audio/mp4": ("m4a", rb".{4}ftyp"),
    "application/pdf": ("pdf", rb"%PDF-"),
    "application/zip": ("zip", rb"PK\x03\x04"),
}


@dataclass(frozen=True)
class KeptFile:
    """A file of a person."""

    person_id: str
    file_id: str
    media_type: str

    @property
    def extension(self) -> str:
        """Without a dot."""
        return _KINDS[self.media_type][0]

    @property
    def key(self) -> str:
        """Where it lies. It goes with the folder of its person."""
        return file_key(self.person_id, self.file_id)

    @property
    def heard(self) -> str:
        """Where the words of a recording lie. They go with the folder of its person, too."""
        return file_key(self.person_id, f"heard-{self.file_id}")

    @property
    def sent_to(self) -> str:
        """Where an upload by a signed address arrives. No event names this place, so the daily sweep takes what nobody
        looked at for a day.
        """
        return file_key(self.person_id, f"new/{self.file_id}")


def media_type_of(content_type: str) -> str:
    """The type of a file without its parameters. Raises Refused for one that is not kept."""
    found = content_type.partition(";")[0].strip().lower()
    found = {"audio/x-wav": "audio/wav", "audio/mp3": "audio/mpeg", "image/jpg": "image/jpeg"}.get(found, found)
    if found not in _KINDS:
        raise Refused(Refusal(415, "type_not_kept", f"Files are of these types: {', '.join(_KINDS)}"))
    return found


class Files:
    """The files of people in one store."""

    def __init__(self, backend: ObjectBackend, limit_bytes: int) -> None:
        self._backend, self._limit_bytes = backend, limit_bytes

    def upload_address(self, file: KeptFile) -> str | None:
        """Where its bytes may be sent for a while; None where the store gives no addresses."""
        return self._backend.signed("PUT", file.sent_to, SIGNED_SECONDS)

    def download_address(self, file: KeptFile) -> str | None:
        """Where its bytes are for a while; None where the store gives no addresses."""
        return self._backend.signed("GET", file.key, SIGNED_SECONDS)

    def require_fit(self, file: KeptFile, data: BinaryIO, size: int) -> None:
        """Raise Refused for bytes that are too many or of another type."""
        data.seek(0)
        self._judge(file, size, data.read(_HEAD_BYTES))

    async def keep(self, file: KeptFile, data: BinaryIO) -> None:
        """Store the bytes."""
        data.seek(0)
        await self._backend.renew(file.key, data)

    async def look(self, file: KeptFile) -> int:
        """The size of a file that may be read. Raises NotFound, and Refused for one that is not what it should be,
        which is gone then.
        """
        try:
            size = await self._backend.size(file.key)
        except NotFound:
            if await self._backend.size(file.sent_to) > self._limit_bytes:  # it may be too large to be moved, too
                await self._backend.delete(file.sent_to)
                raise self._too_large() from None
            await self._backend.move(file.sent_to, file.key)
            size = await self._backend.size(file.key)
        try:
            self._judge(file, size, await self._backend.get_range(file.key, 0, min(size, _HEAD_BYTES)) if size else b"")
        except Refused:
            await self._backend.delete(file.key)
            raise
        return size

    async def kept_words(self, file: KeptFile) -> bytes | None:
        """What keep_words kept."""
        try:
            size = await self._backend.size(file.heard)
        except NotFound:
            return None
        return await self._backend.get_range(file.heard, 0, size)

    async def keep_words(self, file: KeptFile, data: BinaryIO) -> None:
        """Keep what was heard in a recording beside it."""
        await self._backend.renew(file.heard, data)

    async def whole(self, file: KeptFile) -> bytes:
        """All of a file; see look."""
        return await self.read(file, 0, await self.look(file))

    async def read(self, file: KeptFile, start: int, end: int) -> bytes:
        """A piece of a file."""
        return await self._backend.get_range(file.key, start, end)

    def _judge(self, file: KeptFile, size: int, head: bytes) -> None:
        if size > self._limit_bytes:
            raise self._too_large()
        if re.match(_KINDS[file.media_type][1], head, re.DOTALL) is None:
            raise Refused(Refusal(415, "other_type", f"The file is not of type {file.media_type}"))

    def _too_large(self) -> Refused:
        return Refused(Refusal(413, "file_too_large", f"A file has at most {self._limit_bytes:,} bytes"))
