"""Uploads by multipart/form-data: their fields, and their files, which are hashed and looked at as they come."""

import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from services.gateway.course.shapes import one_line
from shared.events import BlobRef
from shared.kernel.blobs import Blobs
from shared.kernel.refusals import Refusal, Refused, invalid

FORM_BYTES = 64 * 1024
"""Room for the parts of a form beside its files."""

_MOST_FIELDS = 8
_HEAD_BYTES = 4096
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Rule:
    """What a file of a form has to be; `look` raises Refused by its first bytes, of which there may be none."""

    name: str
    media_type: str
    limit_bytes: int
    look: Callable[[bytes], None]


RuleOf = Callable[[str, UploadFile], Rule]
"""The rule for a part of a form. Raises Refused for a file that is refused by its name."""


class SentFile(UploadFile):
    """A file of a form. Of one that is refused nothing more is kept, but all of it is read: a caller who is still
    sending would not hear the answer.
    """

    def __init__(self, part: str, sent: UploadFile, rule_of: RuleOf) -> None:
        super().__init__(sent.file, size=0, filename=sent.filename, headers=sent.headers)
        self.bytes = 0
        self._digest, self._head, self._is_looked_at = hashlib.sha256(), b"", False
        self._refusal: Exception | None = None
        try:
            self._rule = rule_of(part, self)
        except Refused as error:
            self._refusal = error

    async def write(self, data: bytes) -> None:
        if self._refusal is None:
            try:
                self._take(data)
            except (Refused, HTTPException) as error:
                self._refusal = error
            else:
                await super().write(data)

    def _take(self, data: bytes) -> None:
        self.bytes += len(data)
        if self.bytes > self._rule.limit_bytes:
            raise HTTPException(413, f"The file is larger than {self._rule.limit_bytes:,} bytes")
        self._digest.update(data)
        if not self._is_looked_at:
            self._head += data
            if len(self._head) >= _HEAD_BYTES:
                self._look()

    def _look(self) -> None:
        self._is_looked_at = True
        self._rule.look(self._head)

    def require_good(self) -> None:
        """Raise Refused or HTTPException for a file that is refused; after the whole of it has come."""
        if self._refusal is not None:
            raise self._refusal
        if not self._is_looked_at:
            self._look()

    @property
    def name(self) -> str:
        """Its name without folders."""
        return self._rule.name

    @property
    def sha256(self) -> str:
        """The hash of the bytes."""
        return self._digest.hexdigest()

    async def store(self, blobs: Blobs, course_id: str) -> BlobRef:
        """Store it as a blob of a course."""
        return await blobs.put_file(course_id, self.file, self.sha256, self.bytes, self._rule.media_type)


class _Parser(MultiPartParser):
    """Makes a SentFile of each file."""

    def __init__(self, request: Request, rule_of: RuleOf, **limits: Any) -> None:
        super().__init__(request.headers, request.stream(), **limits)
        self._rule_of = rule_of

    def on_headers_finished(self) -> None:
        super().on_headers_finished()
        part = self._current_part
        if part.file is not None:
            part.file = SentFile(part.field_name, part.file, self._rule_of)


@dataclass(frozen=True)
class Form:
    """What was sent."""

    data: FormData

    def files(self, *names: str) -> dict[str, SentFile]:
        """The files that are these parts. Raises Refused, HTTPException."""
        found = {name: file for name in names if isinstance(file := self.data.get(name), SentFile)}
        for file in found.values():
            file.require_good()
        return found

    def fields(self, model: type[M]) -> M:
        """The parts that are no files. Raises Refused."""
        fields = {name: value for name, value in self.data.multi_items() if isinstance(value, str)}
        unknown = sorted(fields.keys() - model.model_fields.keys())
        if unknown:
            raise Refused(invalid(f"/{unknown[0][:64]}", "There is no such field"))
        try:
            return model.model_validate(fields)
        except ValidationError as error:
            first = error.errors()[0]
            raise Refused(invalid(f"/{first['loc'][0]}", str(first["msg"]))) from error


@asynccontextmanager
async def sent_form(request: Request, files: int, rule_of: RuleOf) -> AsyncIterator[Form]:
    """The form of a request; its temporary files are gone afterwards."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "Send this as multipart/form-data")
    parser = _Parser(request, rule_of, max_files=files, max_fields=_MOST_FIELDS, max_part_size=FORM_BYTES)
    try:
        data = await parser.parse()
    except MultiPartException as error:
        raise HTTPException(400, error.message) from error
    try:
        yield Form(data)
    finally:
        await data.close()


def plain_name(file: UploadFile, pointer: str) -> str:
    """The name of a file without folders. Raises Refused."""
    name = re.split(r"[/\\]", file.filename or "")[-1].strip()
    try:
        return one_line(name[-255:])
    except ValueError as error:
        raise Refused(Refusal(400, "invalid_file_name", str(error), pointer)) from error
