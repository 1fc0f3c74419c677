"""The parts of a document that is an archive, within limits and never on a disk."""

import zlib
from collections.abc import Sequence
from io import BytesIO
from xml.etree import ElementTree as ET
from zipfile import BadZipFile, ZipFile, ZipInfo

from shared.docs.html.facts import MAX_ENTRIES, MAX_UNPACKED_BYTES, UnreadableMarkup

_LOCKED = 0x1


class Archive:
    """An archive by its parts. `about` names it in messages. Raises UnreadableMarkup for what is not one.

    No part gives more bytes than the list of the archive says that it has, and all parts that are read have a bound
    together.
    """

    def __init__(self, data: bytes, about: str) -> None:
        self.about = about
        try:
            self._zip = ZipFile(BytesIO(data))
        except (BadZipFile, NotImplementedError, ValueError) as error:
            raise self.refused("is damaged: it is not a whole archive") from error
        self._parts = {info.filename: info for info in self._zip.infolist()}
        if len(self._zip.infolist()) > MAX_ENTRIES:
            raise self.refused(f"holds more than {MAX_ENTRIES} files", "document_too_large")
        self._left = MAX_UNPACKED_BYTES

    def names(self) -> Sequence[str]:
        """The names of all parts."""
        return tuple(self._parts)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises UnreadableMarkup."""
        info = self._parts.get(name)
        if info is None:
            raise self.refused(f"is damaged: it has no {name}")
        self._take(info)
        try:
            return self._zip.read(info)
        except (BadZipFile, NotImplementedError, RuntimeError, ValueError, EOFError, OSError, zlib.error) as error:
            raise self.refused(f"is damaged: {name} cannot be read") from error

    def xml(self, name: str) -> ET.Element:
        """A part that is XML."""
        return self.parsed(name, self.read(name))

    def parsed(self, name: str, data: bytes) -> ET.Element:
        """The bytes of a part as XML, without definitions of entities: these can name files, or grow without end."""
        if b"<!DOCTYPE" in data.replace(b"\0", b""):
            raise self.refused(f"is damaged: {name} defines entities")
        try:
            return ET.fromstring(data)  # noqa: S314 - without entities, and expat loads no other files
        except (ET.ParseError, ValueError, LookupError) as error:
            raise self.refused(f"is damaged: {name} is not XML") from error

    def _take(self, info: ZipInfo) -> None:
        if info.flag_bits & _LOCKED:
            raise self.refused("is encrypted: it opens with a password only", "document_encrypted")
        self._left -= info.file_size
        if self._left < 0:
            limit = f"{MAX_UNPACKED_BYTES // 1024**2} MiB"
            raise self.refused(f"unpacks to more than {limit} of text", "document_too_large")

    def refused(self, reason: str, code: str = "document_damaged") -> UnreadableMarkup:
        """The error that says why this archive is refused."""
        return UnreadableMarkup(f"{self.about} {reason}.", code=code)
