"""How stage 6 gives a lecture a text: a worker process reads captions, those that a program heard where none came."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from services.lectures.settings import Settings
from services.lectures.transcription import Transcriber
from shared.added.kinds import LECTURES
from shared.docs.captions.facts import CAPTION_TYPES, READER, LectureText, UnreadableCaptions
from shared.docs.listing import LineTimes
from shared.events import BlobRef
from shared.events.gateway import LectureAsked
from shared.hearing.installed import NoEars
from shared.kernel.blobs import Blobs
from shared.kernel.ids import content_id
from shared.stage.port import Run
from shared.workers.away import away, later

if TYPE_CHECKING:
    from services.lectures.remote import remote_of
    from shared.docs.captions import reader
else:
    remote_of = later("services.lectures.remote:remote_of")
    reader = away("shared.docs.captions.reader")


_HEARD = "a program heard the words of the recording: some are wrong"


class HeardLecture(LectureAsked):
    """A lecture whose captions are what a program heard."""


@dataclass(frozen=True)
class CaptionReader:
    """See shared.added.effects.FileReader."""

    transcriber: Transcriber
    kind = LECTURES
    about = "The lecture"
    code = "captions"
    found = LectureText

    def step(self, asked: LectureAsked) -> str:
        return f"Transcribing {asked.title}"

    async def whole(self, blobs: Blobs, asked: LectureAsked, run: Run) -> LectureAsked:
        if asked.captions is not None or asked.recording is None:
            return asked
        try:
            heard = await self.transcriber.captions(run, asked.recording, asked.title, asked.lecture_id)
        except NoEars as error:
            way_out = "The lecture has no captions: add it with captions (WebVTT or SRT) beside its recording"
            raise UnreadableCaptions(f"{way_out}, or, {error.message}", code=error.code) from error
        captions = await blobs.put(run.course_id, heard, CAPTION_TYPES["vtt"])
        return HeardLecture(**asked.model_dump() | {"captions": captions})

    def source_id(self, asked: LectureAsked) -> str:
        assert asked.captions is not None
        return content_id("s", asked.captions.sha256, asked.path)

    async def work(self, blobs: Blobs, asked: LectureAsked, run: Run) -> Callable[[], LectureText]:
        assert asked.captions is not None
        chapters = await blobs.get(asked.chapters) if asked.chapters is not None else None
        return partial(reader.read_lecture, await blobs.get(asked.captions), chapters, asked.title)

    async def facts(self, blobs: Blobs, asked: LectureAsked, found: LectureText, run: Run) -> Mapping[str, Any]:
        return {
            "captions": asked.captions,
            "times": await blobs.put_model(run.course_id, LineTimes(root=found.times)),
            "seconds": found.seconds,
            "reader": READER,
            "problems": [*([_HEARD] if isinstance(asked, HeardLecture) else []), *found.problems],
        }


@dataclass(frozen=True)
class Elsewhere:
    """Lectures that lie at an address. What fetches them is imported for the first."""

    blobs: Blobs
    settings: Settings

    async def fetch(self, asked: LectureAsked, run: Run) -> Mapping[str, BlobRef]:
        """See shared.added.effects.Fetch."""
        is_here = not asked.stream_url or asked.recording or asked.captions
        return {} if is_here else await remote_of(self.blobs, self.settings).fetch(asked, run)

    async def tidy(self, run: Run) -> None:
        """See shared.added.effects.Tidy: what was heard of lectures that were removed meanwhile."""
        await self.blobs.delete_answers(run.course_id, run.course_id)
