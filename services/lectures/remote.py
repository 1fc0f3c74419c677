"""What a remote lecture is once it is downloaded: judged by its bytes, whatever its address and its server call it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from services.lectures.downloading import Download, Downloader, NotDownloaded
from services.lectures.playlist import MARK, MAX_PLAYLIST_BYTES, PlaylistRefused, read_playlist
from services.lectures.settings import Settings
from shared.docs.captions.facts import CAPTION_TYPES, MAX_CAPTION_BYTES, RECORDING_TYPES
from shared.docs.captions.first_bytes import ending_for
from shared.events import BlobRef
from shared.events.gateway import LectureAsked
from shared.events.recording import FOLDER
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError, TransientError
from shared.sources.recordings import FETCHED, LINK, Held, LinkAsked
from shared.stage.port import Run

_NAMED = {"lecture_id", "stream_url", "captions_url"}


@dataclass(frozen=True)
class Remote:
    """Fetches lectures. What lies at an address is fetched once, whoever names it: the gateway knows what is here, and
    the bytes are those of a recording, not of a course. `limit`: of bytes.
    """

    downloader: Downloader
    limit: int

    async def fetch(self, asked: LectureAsked, run: Run) -> Mapping[str, BlobRef]:
        """See shared.added.effects.Fetch."""
        await run.progress(f"Downloading {asked.title}", 0)
        link = LinkAsked(course_id=run.course_id, **asked.model_dump(include=_NAMED))
        held = linked = await _ask(run, LINK, link)
        if not (linked.recording or linked.captions):
            try:
                fetched = await self._fetch(linked.recording_id, asked)
            except PermanentError as error:
                if error.code != NotDownloaded.code:  # what is refused is not asked for again; the rest goes on later
                    await self.downloader.blobs.delete_answers(linked.recording_id)
                raise
            held = await _ask(run, FETCHED, Held(recording_id=linked.recording_id, **fetched))
            if not held.recording_id:
                await self.downloader.blobs.delete_all(linked.recording_id)
                raise NotDownloaded("The lecture was removed while it was downloaded")
            await self.downloader.blobs.delete_answers(held.recording_id)
        return {name: ref for name in ("recording", "captions") if (ref := getattr(held, name)) is not None}

    async def _fetch(self, recording_id: str, asked: LectureAsked) -> dict[str, BlobRef]:
        found = await self._stream(recording_id, asked.stream_url)
        if asked.captions_url and "captions" not in found:
            found["captions"] = await self._captions(recording_id, asked.captions_url)
        return found

    async def _stream(self, recording_id: str, url: str) -> dict[str, BlobRef]:
        async with self.downloader.downloaded(recording_id, url, self.limit, _look) as download:
            if not download.head.startswith(MARK):
                return await self._stored(recording_id, download)
            download.file.seek(0)
            playlist = read_playlist(download.file.read(MAX_PLAYLIST_BYTES), url)
        if isinstance(playlist, str):
            url = playlist
            playlist = read_playlist(await self.downloader.passing(url, MAX_PLAYLIST_BYTES, "playlist"), url)
        if isinstance(playlist, str):
            raise PlaylistRefused("The playlist names a playlist of playlists")
        async with self.downloader.streamed(recording_id, playlist, self.limit, _look_at_pieces) as download:
            return await self._stored(recording_id, download)

    async def _stored(self, recording_id: str, download: Download) -> dict[str, BlobRef]:
        ending = ending_for(download.head)
        if ending in CAPTION_TYPES:
            return {"captions": await self._stored_captions(recording_id, download)}
        return {"recording": await self.downloader.store(recording_id, download, RECORDING_TYPES[ending])}

    async def _captions(self, recording_id: str, url: str) -> BlobRef:
        async with self.downloader.downloaded(recording_id, url, MAX_CAPTION_BYTES, _look_at_captions) as download:
            return await self._stored_captions(recording_id, download)

    async def _stored_captions(self, recording_id: str, download: Download) -> BlobRef:
        if download.size > MAX_CAPTION_BYTES:
            raise NotDownloaded(f"The captions are larger than {MAX_CAPTION_BYTES:,} bytes", code="too_large")
        return await self.downloader.store(recording_id, download, CAPTION_TYPES[ending_for(download.head)])


def remote_of(blobs: Blobs, settings: Settings) -> Remote:
    """With the settings of this process, and where `blobs` lie."""
    inward = frozenset(settings.inward_lecture_hosts)
    downloader = Downloader(Blobs(blobs.backend, FOLDER), inward, settings.lecture_download_seconds)
    return Remote(downloader, settings.lecture_download_bytes)


async def _ask(run: Run, subject: str, question: BaseModel) -> Held:
    """Raises TransientError when the gateway gives no answer."""
    try:
        return Held.model_validate_json(await run.ask(subject, question.model_dump_json().encode()))
    except ValidationError as error:
        raise TransientError("The gateway gave no readable answer", code="no_answer") from error


def _look(head: bytes) -> None:
    if not (ending_for(head) or head.startswith(MARK)):
        raise NotDownloaded("What lies at the address is not a recording and not captions", code="not_lecture")


def _look_at_pieces(head: bytes) -> None:
    if ending_for(head) not in RECORDING_TYPES:
        raise NotDownloaded("The pieces of the stream are not a recording", code="not_lecture")


def _look_at_captions(head: bytes) -> None:
    if ending_for(head) not in CAPTION_TYPES:
        raise NotDownloaded("What lies at the address of the captions is not WebVTT or SRT", code="not_lecture")
