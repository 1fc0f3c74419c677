"""Uploads by multipart/form-data: their fields, and their files in temporary files."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from services.gateway.course.shapes import one_line
from shared.kernel.refusals import Refusal, Refused, invalid

FORM_BYTES = 64 * 1024
"""Room for the parts of a form beside its files."""

_MOST_FIELDS = 8
_PIECE_BYTES = 1024 * 1024
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Form:
    """What was sent."""

    data: FormData

    def file(self, name: str) -> UploadFile | None:
        """The file that is this part."""
        part = self.data.get(name)
        return part if isinstance(part, UploadFile) else None

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
async def sent_form(request: Request, files: int) -> AsyncIterator[Form]:
    """The form of a request; its temporary files are gone afterwards."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "Send this as multipart/form-data")
    async with request.form(max_files=files, max_fields=_MOST_FIELDS, max_part_size=FORM_BYTES) as data:
        yield Form(data)


def plain_name(file: UploadFile, pointer: str) -> str:
    """The name of a file without folders. Raises Refused."""
    name = re.split(r"[/\\]", file.filename or "")[-1].strip()
    try:
        return one_line(name[-255:])
    except ValueError as error:
        raise Refused(Refusal(400, "invalid_file_name", str(error), pointer)) from error


async def hash_file(file: UploadFile, limit_bytes: int, look: Callable[[bytes], None]) -> tuple[str, int]:
    """The hash and the size of a file. `look` refuses by its first bytes. Raises Refused, HTTPException."""
    return await asyncio.to_thread(_hash, file, limit_bytes, look)


def _hash(file: UploadFile, limit_bytes: int, look: Callable[[bytes], None]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.file.seek(0)
    while piece := file.file.read(_PIECE_BYTES):
        if not size:
            look(piece)
        digest.update(piece)
        size += len(piece)
    if not size:
        look(b"")
    if size > limit_bytes:
        raise HTTPException(413, f"The file is larger than {limit_bytes:,} bytes")
    return digest.hexdigest(), size
