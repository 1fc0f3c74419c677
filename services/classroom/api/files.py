"""Files of people: sent to the blob store by a signed address, or through this API."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from services.classroom.api.calls import Parts, Services, SignedIn
from services.classroom.api.shapes import Body, Id, SignedFileView, SignedUploadView, StoredFileView
from services.classroom.asked import new_id
from services.classroom.decisions import people
from services.classroom.files import Files, KeptFile, media_type_of
from services.classroom.learner_queries import is_handed_in
from services.classroom.queries import find_file, find_places
from services.classroom.rights import Caller, seen_places
from shared.classroom.people import PERSON_SIDE
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/file", tags=["files"], route_class=StrictBodies)
UPLOAD = "/file/upload-local"
FORM_BYTES = 64 * 1024
_PIECE_BYTES = 1024 * 1024
_Uuid = Annotated[Id, Query()]
_Extension = Annotated[str, Query(pattern=r"^[a-z0-9]{1,8}$")]


class UploadBody(Body):
    """A file that is going to be sent."""

    content_type: str


@router.put("/presigned-url/create")
async def sign_upload(body: UploadBody, caller: SignedIn, services: Parts) -> SignedUploadView:
    """An address to which the caller may send a file, and the file's id."""
    files, media_type = _files(services), media_type_of(body.content_type)
    file = KeptFile(caller.person_id, new_id(), media_type)
    address = files.upload_address(file)
    if address is None:
        raise Refused(Refusal(409, "no_addresses", f"This store gives no addresses: send the file to {UPLOAD}"))
    await _name(services, file)
    return SignedUploadView(presigned_url=address, file_key=f"{file.key}.{file.extension}", file_uuid=file.file_id)


@router.get("/presigned-url/get")
async def sign_download(
    uuid: _Uuid, file_extension: _Extension, caller: SignedIn, services: Parts
) -> SignedFileView:  # fmt: skip
    """An address from which a file may be fetched."""
    file = await _seen(services, caller, uuid, file_extension)
    await _files(services).look(file)
    address = _files(services).download_address(file)
    if address is None:
        raise Refused(Refusal(409, "no_addresses", "This store gives no addresses: fetch /file/download-local/"))
    return SignedFileView(url=address)


@router.post("/upload-local", openapi_extra={"requestBody": {"content": {"multipart/form-data": {"schema": {
    "type": "object", "required": ["file", "content_type"],
    "properties": {"file": {"type": "string", "format": "binary"}, "content_type": {"type": "string"}},
}}}}})  # fmt: skip
async def upload(request: Request, caller: SignedIn, services: Parts) -> StoredFileView:
    """Send a file as multipart/form-data."""
    files = _files(services)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "Send this as multipart/form-data")
    async with request.form(max_files=1, max_fields=1, max_part_size=FORM_BYTES) as form:
        sent, content_type = form.get("file"), form.get("content_type")
        if not isinstance(sent, UploadFile) or not isinstance(content_type, str):
            raise Refused(invalid("/file", "Send the parts `file` and `content_type`"))
        file = KeptFile(caller.person_id, new_id(), media_type_of(content_type))
        files.require_fit(file, sent.file, sent.size or 0)
        await _name(services, file)
        await files.keep(file, sent.file)
    key, mounted = f"{file.key}.{file.extension}", request.scope.get("root_path", "")
    path = f"{mounted}/file/download-local/?uuid={file.file_id}&file_extension={file.extension}"
    return StoredFileView(file_key=key, file_path=key, file_uuid=file.file_id, static_url=path)


@router.get("/download-local/", response_class=StreamingResponse)
async def download(
    uuid: _Uuid, file_extension: _Extension, caller: SignedIn, services: Parts
) -> StreamingResponse:  # fmt: skip
    """The bytes of a file."""
    file = await _seen(services, caller, uuid, file_extension)
    files = _files(services)
    size = await files.look(file)

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, size, _PIECE_BYTES):
            yield await files.read(file, at, min(at + _PIECE_BYTES, size))

    headers = {"Content-Length": str(size), "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(pieces(), headers=headers, media_type=file.media_type)


def _files(services: Services) -> Files:
    if services.files is None:
        raise Refused(Refusal(409, "no_store", "This classroom keeps no files: BLOB_STORE_URL is not set"))
    return services.files


async def _name(services: Services, file: KeptFile) -> None:
    named = partial(people.name_file, file_id=file.file_id, media_type=file.media_type)
    await services.commands.carry_out(PERSON_SIDE, file.person_id, named)


async def _seen(services: Services, caller: Caller, file_id: str, extension: str) -> KeptFile:
    """A file that the caller may read. Raises NotFound."""
    async with services.reading() as connection:
        found = await find_file(connection, file_id)
        file = None if found is None else KeptFile(found["person_id"], file_id, found["media_type"])
        if file is None or file.extension != extension:
            raise NotFound("File not found")
        await _require_seen(connection, caller, file)
    return file


async def _require_seen(connection: AsyncConnection, caller: Caller, file: KeptFile) -> None:
    """A person sees its files, and all who are in a school see the files of those who run it. What a learner sent is
    seen where it was handed in, by those who see the learner there. Raises NotFound.
    """
    places = await find_places(connection, file.person_id)
    seen_at = {*caller.runs, *(org_id for org_id, _ in caller.is_in.values())}
    if caller.person_id == file.person_id or seen_at & {*places.runs}:
        return
    seen = seen_places(caller, file.person_id, places)
    if not await is_handed_in(connection, file.person_id, file.file_id, {*seen.is_in.values()}):
        raise NotFound("File not found")
