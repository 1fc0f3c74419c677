"""What a remote lecture is once it is downloaded: judged by its bytes, whatever its address and its server call it."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.lectures.downloading import Download, Downloader, NotDownloaded
from shared.docs.captions.facts import CAPTION_TYPES, MAX_CAPTION_BYTES, RECORDING_TYPES, ending_for
from shared.events import BlobRef
from shared.events.gateway import LectureAsked
from shared.stage.port import Run


@dataclass(frozen=True)
class Remote:
    """Fetches lectures. `limit`: bytes of a recording."""

    downloader: Downloader
    limit: int

    async def fetch(self, asked: LectureAsked, run: Run) -> Mapping[str, BlobRef]:
        """See shared.added.effects.Fetch."""
        if not asked.stream_url or asked.recording or asked.captions:
            return {}
        await run.progress(f"Downloading {asked.title}", 0)
        found = await self._stream(run, asked.stream_url)
        if asked.captions_url and "captions" not in found:
            found["captions"] = await self._captions(run, asked.captions_url)
        return found

    async def tidy(self, run: Run) -> None:
        """See shared.added.effects.Tidy."""
        await self.downloader.blobs.delete_answers(run.course_id, run.course_id)

    async def _stream(self, run: Run, url: str) -> dict[str, BlobRef]:
        async with self.downloader.downloaded(run.course_id, url, self.limit, _look) as download:
            ending = ending_for(download.head)
            if ending in CAPTION_TYPES:
                return {"captions": await self._stored_captions(run, download)}
            return {"recording": await self.downloader.store(run.course_id, download, RECORDING_TYPES[ending])}

    async def _captions(self, run: Run, url: str) -> BlobRef:
        async with self.downloader.downloaded(run.course_id, url, MAX_CAPTION_BYTES, _look_at_captions) as download:
            return await self._stored_captions(run, download)

    async def _stored_captions(self, run: Run, download: Download) -> BlobRef:
        if download.size > MAX_CAPTION_BYTES:
            raise NotDownloaded(f"The captions are larger than {MAX_CAPTION_BYTES:,} bytes", code="too_large")
        return await self.downloader.store(run.course_id, download, CAPTION_TYPES[ending_for(download.head)])


def _look(head: bytes) -> None:
    if not ending_for(head):
        raise NotDownloaded("What lies at the address is not a recording and not captions", code="not_lecture")


def _look_at_captions(head: bytes) -> None:
    if ending_for(head) not in CAPTION_TYPES:
        raise NotDownloaded("What lies at the address of the captions is not WebVTT or SRT", code="not_lecture")
