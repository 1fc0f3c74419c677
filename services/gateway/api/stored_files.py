"""Answers with a file of the blob store, whole or one range of it."""

import re
from collections.abc import AsyncIterator, Mapping
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from services.gateway.api.calls import Call
from shared.events import BlobRef

_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")


async def send_file(call: Call, blob: BlobRef, name: str) -> Response:
    """The bytes, or one range of them, a piece at a time."""
    headers = {
        "ETag": f'"{blob.sha256}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"{_disposition(blob)}; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    if call.has(headers["ETag"]):
        return Response(status_code=304, headers=headers)
    wanted = _range(call.request.headers, headers["ETag"], blob.size)
    if wanted is None:
        raise HTTPException(416, "The range lies outside of the file", {"Content-Range": f"bytes */{blob.size}"})
    start, end = wanted
    if (start, end) != (0, blob.size):
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{blob.size}"
    pieces = call.services.blobs.pieces(blob, start, end)
    first = await anext(pieces)  # a file that is gone is 404, and not an answer that breaks off
    headers["Content-Length"] = str(end - start)
    status = 206 if "Content-Range" in headers else 200
    return StreamingResponse(_after(first, pieces), status, headers, media_type=blob.media_type)


def _disposition(blob: BlobRef) -> str:
    """A page of strangers is a download: shown, it would run here as the user who looks at it."""
    return "attachment" if blob.media_type == "text/html" else "inline"


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


def _range(headers: Mapping[str, str], tag: str, size: int) -> tuple[int, int] | None:
    """The bytes asked for, from and to before; the whole file for a range that is not understood, None for one outside
    of the file.
    """
    asked = _RANGE.fullmatch(headers.get("range", "").strip())
    if asked is None or headers.get("if-range", tag) != tag or asked[1] + asked[2] == "":
        return 0, size
    if not asked[1]:
        return (max(0, size - int(asked[2])), size) if int(asked[2]) else None
    start, end = int(asked[1]), min(size, int(asked[2] or size) + 1)
    if asked[2] and int(asked[2]) < start:
        return 0, size
    return (start, end) if start < size else None
