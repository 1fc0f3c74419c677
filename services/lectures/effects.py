"""How stage 6 gives a lecture a text: a worker process reads captions."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.added.kinds import LECTURES
from shared.docs.captions.facts import READER, LectureText, UnreadableCaptions
from shared.docs.listing import LineTimes
from shared.events.gateway import LectureAsked
from shared.kernel.blobs import Blobs
from shared.kernel.ids import content_id
from shared.stage.port import Run
from shared.workers.away import away

if TYPE_CHECKING:
    from shared.docs.captions import reader
else:
    reader = away("shared.docs.captions.reader")


class CaptionReader:
    """See shared.added.effects.FileReader."""

    kind = LECTURES
    about = "The lecture"
    code = "captions"
    found = LectureText

    def step(self, asked: LectureAsked) -> str:
        return f"Transcribing {asked.title}"

    def source_id(self, asked: LectureAsked) -> str:
        assert asked.captions is not None
        return content_id("s", asked.captions.sha256, asked.path)

    async def work(self, blobs: Blobs, asked: LectureAsked, run: Run) -> Callable[[], LectureText]:
        if asked.captions is None:
            message = "The lecture has no captions: add it with captions (WebVTT or SRT) beside its recording"
            raise UnreadableCaptions(message, code="captions_missing")
        chapters = await blobs.get(asked.chapters) if asked.chapters is not None else None
        return partial(reader.read_lecture, await blobs.get(asked.captions), chapters, asked.title)

    async def facts(self, blobs: Blobs, asked: LectureAsked, found: LectureText, run: Run) -> Mapping[str, Any]:
        return {
            "captions": asked.captions,
            "times": await blobs.put_model(run.course_id, LineTimes(root=found.times)),
            "seconds": found.seconds,
            "reader": READER,
        }
