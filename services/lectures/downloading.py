"""A file that lies at an address is downloaded: guarded like a clone, and in parts, so that a crash costs one part.

A part is stored before the next is asked for, as an answer that the recording alone uses. What the server says of the
file's version decides whether a download goes on (`If-Range`) or begins anew. Without such a version nothing is kept.
"""

import asyncio
import hashlib
import io
import re
import ssl
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import IO

import httpx

from services.lectures.playlist import Playlist
from shared.events import BlobRef
from shared.kernel.blobs import Blobs
from shared.kernel.errors import CoursewrightError, PermanentError
from shared.kernel.kill_points import KillPoint, reached
from shared.sources.targets import is_inward, pinned_request

PART_BYTES = 4 * 1024 * 1024
HEAD_BYTES = 512

_TOGETHER = 16
_PIECE_BYTES = 8 * 1024 * 1024
"""Pieces of a stream that are a part of its download, and the most of one."""
_END = -1
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_MOST_HOSTS = 8
_SILENT_SECONDS = 30.0
_PAUSES_SECONDS = (0.5, 2.0, 8.0)
"""Before each further try. A try that brought a part does not count."""
_RANGE = re.compile(r"bytes (\d{1,19})-\d{1,19}/(?:\d{1,19}|\*)")
_REFUSED = {401: "wants a sign-in", 403: "refuses access to it", 404: "does not have it", 410: "has it no more"}


class NotDownloaded(PermanentError):
    """The file cannot be had; the message says why."""

    code = "download_failed"


class _BrokenOff(Exception):
    """The connection ended early, or the server is busy: another try may go on."""


@dataclass
class Download:
    """A file as far as it has come. `version`: what the server calls this version of the file, if anything; `look`
    raises PermanentError for a file that is not wanted, by its first bytes. Of a passing one no part is stored.
    Messages call it a `noun`.
    """

    file: IO[bytes]
    url: str
    look: Callable[[bytes], None]
    version: str = ""
    size: int = 0
    parts: int = 0
    head: bytes = b""
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    is_passing: bool = False
    noun: str = "file"
    is_whole: bool = False

    def take(self, data: bytes) -> None:
        """More bytes of it."""
        self.file.write(data)
        self.digest.update(data)
        self.size += len(data)
        self.head += data[: HEAD_BYTES - len(self.head)]

    def begin_anew(self, version: str) -> None:
        """Nothing has come of this version."""
        self.file.seek(0)
        self.file.truncate()
        self.version, self.size, self.parts, self.head, self.digest = version, 0, 0, b"", hashlib.sha256()


class _Connections(AsyncExitStack):
    """Connections of one download, which are used again. Each host has its own: two hosts may have one address, and a
    connection is good for the name that its certificate was checked for.
    """

    def __init__(self) -> None:
        super().__init__()
        self._trusted = ssl.create_default_context()
        self._clients: dict[str, httpx.AsyncClient] = {}

    async def to(self, url: str) -> httpx.AsyncClient:
        """The client for the host of an address."""
        host = httpx.URL(url).netloc.decode()
        if host not in self._clients:
            if len(self._clients) == _MOST_HOSTS:
                await self._clients.pop(next(iter(self._clients))).aclose()
            client = httpx.AsyncClient(
                timeout=_SILENT_SECONDS, follow_redirects=False, trust_env=False, verify=self._trusted
            )
            self._clients[host] = await self.enter_async_context(client)
        return self._clients[host]


@dataclass(frozen=True)
class Downloader:
    """Downloads files of recordings, whose contents are `blobs`. `inward`: hosts inside this network that may be asked;
    `seconds` bounds one download.
    """

    blobs: Blobs
    inward: frozenset[str] = frozenset()
    seconds: float = 3600.0
    pauses: tuple[float, ...] = _PAUSES_SECONDS

    @asynccontextmanager
    async def downloaded(
        self, recording_id: str, url: str, limit: int, look: Callable[[bytes], None]
    ) -> AsyncIterator[Download]:
        """The whole file. Raises PermanentError."""
        with tempfile.TemporaryFile() as file:
            download = Download(file, url, look)
            async with self._in_time():
                await self._take_parts(recording_id, download)
                if not download.is_whole:
                    async with _Connections() as connections:
                        await self._download(connections, recording_id, download, limit)
            yield download

    @asynccontextmanager
    async def streamed(
        self, recording_id: str, playlist: Playlist, limit: int, look: Callable[[bytes], None]
    ) -> AsyncIterator[Download]:
        """The pieces of a playlist in one file; a part is a number of them. Raises PermanentError."""
        with tempfile.TemporaryFile() as file:
            download = Download(file, playlist.digest, look, version="pieces")
            async with self._in_time(), _Connections() as connections:
                await self._take_parts(recording_id, download)
                for at in range(download.parts * _TOGETHER, len(playlist.pieces), _TOGETHER):
                    pieces = playlist.pieces[at : at + _TOGETHER]
                    part = b"".join([await self._passing(connections, url, _PIECE_BYTES, "piece") for url in pieces])
                    if download.size + len(part) > limit:
                        raise _too_large("stream", limit)
                    if not download.size:
                        look(part[:HEAD_BYTES])
                    await self._keep(recording_id, download, part)
            yield download

    async def passing(self, url: str, limit: int, noun: str) -> bytes:
        """A file that fits into memory, and of which nothing is stored. Raises PermanentError."""
        async with _Connections() as connections:
            return await self._passing(connections, url, limit, noun)

    async def _passing(self, connections: "_Connections", url: str, limit: int, noun: str) -> bytes:
        with io.BytesIO() as file:
            download = Download(file, url, lambda _: None, is_passing=True, noun=noun)
            await self._download(connections, "", download, limit)
            return file.getvalue()

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.seconds):
                yield
        except TimeoutError as error:
            raise NotDownloaded(f"The server sent it for longer than {self.seconds:.0f} seconds") from error

    async def _download(self, connections: "_Connections", recording_id: str, download: Download, limit: int) -> None:
        tries = 0
        while True:
            before = download.parts
            try:
                return await self._go_on(connections, recording_id, download, limit)
            except (_BrokenOff, httpx.TransportError, CoursewrightError) as error:
                if isinstance(error, CoursewrightError) and not error.transient:
                    raise
                tries = 0 if download.parts > before else tries + 1
                if tries > len(self.pauses):
                    why = getattr(error, "message", "") or str(error) or type(error).__name__
                    raise NotDownloaded(f"The download broke off {tries} times: {why}") from error
                await asyncio.sleep(self.pauses[tries - 1] if tries else 0)

    async def _go_on(self, connections: "_Connections", recording_id: str, download: Download, limit: int) -> None:
        """Ask for what is left, and take it."""
        async with aclosing(self._answers(connections, download)) as answers:
            answer = await anext(answers)
            if answer.status_code == 416 or (answer.status_code == 206 and not _goes_on(answer, download)):
                download.begin_anew("")
                raise _BrokenOff("the server does not give the bytes that it was asked for")
            if answer.status_code != 206:
                download.begin_anew("" if download.is_passing else _version(answer.headers))
                await self._note(recording_id, download)
            if download.size + int(answer.headers.get("content-length", "0")) > limit:
                raise _too_large(download.noun, limit)
            waiting = bytearray()
            async for data in answer.aiter_raw():
                waiting += data
                if download.size + len(waiting) > limit:
                    raise _too_large(download.noun, limit)
                if not download.size and len(waiting) >= HEAD_BYTES:
                    download.look(bytes(waiting[:HEAD_BYTES]))
                while len(waiting) >= PART_BYTES:
                    await self._keep(recording_id, download, bytes(waiting[:PART_BYTES]))
                    del waiting[:PART_BYTES]
            await self._keep(recording_id, download, bytes(waiting))
            download.look(download.head)
            if download.version:
                await self._put(recording_id, _key(download.url, download.version, _END), b"")

    async def _answers(self, connections: "_Connections", download: Download) -> AsyncGenerator[httpx.Response, None]:
        """The one answer with bytes, at the end of redirects; each address is checked like the first."""
        headers = {"Accept-Encoding": "identity", "User-Agent": "coursewright"}
        if download.size and download.version:
            headers |= {"Range": f"bytes={download.size}-", "If-Range": download.version}
        url = download.url
        for _ in range(_MOST_REDIRECTS + 1):
            client = await connections.to(url)
            request = await pinned_request(
                client, "GET", url, allow_private=is_inward(url, self.inward), headers=headers
            )  # fmt: skip
            answer = await client.send(request, stream=True)
            try:
                if answer.status_code not in _REDIRECTS:
                    _check(answer)
                    yield answer
                    return
                url = str(httpx.URL(url).join(answer.headers.get("location", "")))
            finally:
                await answer.aclose()
        raise NotDownloaded(f"The address sends on more than {_MOST_REDIRECTS} times")

    async def _take_parts(self, recording_id: str, download: Download) -> None:
        """What an earlier attempt stored."""
        if not download.version:
            note = await self._stored(recording_id, _key(download.url, "", 0))
            download.version = "" if note is None else note.decode()
        while download.version and (part := await self._stored(recording_id, _next_key(download))) is not None:
            await asyncio.to_thread(download.take, part)
            download.parts += 1
        end = _key(download.url, download.version, _END)
        download.is_whole = bool(download.version) and await self._stored(recording_id, end) is not None

    async def _note(self, recording_id: str, download: Download) -> None:
        if download.is_passing:
            return
        key = _key(download.url, "", 0)
        await self.blobs.forget_answer(recording_id, recording_id, key)  # an answer is not replaced
        if download.version:
            await self._put(recording_id, key, download.version.encode())

    async def _keep(self, recording_id: str, download: Download, data: bytes) -> None:
        if not data:
            return
        await asyncio.to_thread(download.take, data)
        if download.version:
            await self._put(recording_id, _next_key(download), data)
            reached(KillPoint.answer_stored, "lectures")
        download.parts += 1

    async def _stored(self, recording_id: str, key: str) -> bytes | None:
        return await self.blobs.get_answer(recording_id, recording_id, key)

    async def _put(self, recording_id: str, key: str, data: bytes) -> None:
        await self.blobs.put_answer(recording_id, recording_id, key, data)

    async def store(self, recording_id: str, download: Download, media_type: str) -> BlobRef:
        """The file as a blob of the recording."""
        digest = download.digest.hexdigest()
        ref = await self.blobs.put_file(recording_id, download.file, digest, download.size, media_type)  # type: ignore[arg-type]
        reached(KillPoint.effect_half_done, "lectures")
        return ref


def _check(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in (200, 206, 416):
        if answer.headers.get("content-encoding", "identity") != "identity":
            raise NotDownloaded("The server sends it compressed, which was not asked for")
        return
    if status in _REFUSED:
        raise NotDownloaded(f"The server {_REFUSED[status]} (status {status})")
    if status == 429 or status >= 500:
        raise _BrokenOff(f"the server answers with status {status}")
    raise NotDownloaded(f"The server answers with status {status}")


def _goes_on(answer: httpx.Response, download: Download) -> bool:
    """Whether an answer has the bytes of the same version after those that came."""
    begins = _RANGE.fullmatch(answer.headers.get("content-range", ""))
    return begins is not None and int(begins[1]) == download.size and _version(answer.headers) in ("", download.version)


def _version(headers: Mapping[str, str]) -> str:
    """What If-Range can be asked with: a strong ETag, or else a date."""
    tag = headers.get("etag", "")
    return tag if tag.startswith('"') else headers.get("last-modified", "") if not tag else ""


def _too_large(noun: str, limit: int) -> NotDownloaded:
    return NotDownloaded(f"The {noun} is larger than {limit:,} bytes", code="too_large")


def _next_key(download: Download) -> str:
    return _key(download.url, download.version, download.parts + 1)


def _key(url: str, version: str, part: int) -> str:
    return hashlib.sha256("\x1f".join(("download", url, version, f"{part}")).encode()).hexdigest()
