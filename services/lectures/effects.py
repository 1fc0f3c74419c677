"""Stage 6's effects: a worker process reads captions, and the text is stored as a source of one document."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from services.lectures.core import Action, Ended, EndRun, Outcome, TranscribeLectures
from services.lectures.transcription import Transcriber
from services.lectures.whisper import NoEars
from shared.docs.captions.facts import CAPTION_TYPES, READER, LectureText
from shared.docs.listing import FileEntry, FolderEntry, FolderListing, LineTimes, Listing
from shared.events import BlobRef
from shared.events.gateway import LectureAsked
from shared.events.lectures import LectureRefused, LectureTranscribed
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError
from shared.kernel.ids import content_id
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.work import as_ready
from shared.stage.port import Run
from shared.workers.away import away
from shared.workers.limits import LimitPassed
from shared.workers.port import MOST_PIECES
from shared.workers.process import WorkerLost

if TYPE_CHECKING:
    from shared.docs.captions import reader
else:
    reader = away("shared.docs.captions.reader")

MARKDOWN = "text/markdown"
_HEARD = "a program heard the words of the recording: some are wrong"


@dataclass(frozen=True)
class LecturesEffects:
    """Performs stage 6's actions. `parallelism` bounds lectures at work at a time."""

    blobs: Blobs
    parallelism: int
    transcriber: Transcriber

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        """See Effects.perform."""
        match action:
            case TranscribeLectures(lectures):
                async with aclosing(as_ready(lectures, partial(self._transcribe, run), self.parallelism)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case EndRun():
                yield Ended()

    async def _transcribe(self, run: Run, asked: LectureAsked) -> Outcome:
        await run.progress(f"Transcribing {asked.title}", 0)
        try:
            captions = asked.captions or await self._heard(run, asked)
        except LimitPassed as error:
            return _refused(asked, run, "recording_too_complex", f"To be heard the recording {error.reason}")
        except PermanentError as error:
            return _refused(asked, run, error.code, error.message)
        raw = await self.blobs.get(captions)
        chapters = await self.blobs.get(asked.chapters) if asked.chapters is not None else None
        work = partial(reader.read_lecture, raw, chapters, asked.title)
        try:
            found = await run.workers.run(
                work, LectureText, about="The lecture", key=asked.lecture_id, pieces=MOST_PIECES
            )
        except LimitPassed as error:
            return _refused(asked, run, "captions_too_complex", f"To read the captions {error.reason}")
        except PermanentError as error:
            return _refused(asked, run, error.code, error.message)
        except WorkerLost:
            message = "The captions make the program that reads them crash"
            return _refused(asked, run, "captions_too_complex", message)
        if asked.captions is None:
            found = replace(found, problems=(_HEARD, *found.problems))
        return await self._stored(asked, captions, found, run)

    async def _heard(self, run: Run, asked: LectureAsked) -> BlobRef:
        """Captions of a recording that came without."""
        if asked.recording is None:
            raise PermanentError("The lecture has neither captions nor a recording", code="captions_missing")
        try:
            heard = await self.transcriber.captions(run, asked.recording, asked.title, asked.lecture_id)
        except NoEars as error:
            way_out = "The lecture has no captions: add it with captions (WebVTT or SRT) beside its recording"
            raise PermanentError(f"{way_out}, or, {error.message}", code=error.code) from error
        return await self.blobs.put(run.course_id, heard, CAPTION_TYPES["vtt"])

    async def _stored(self, asked: LectureAsked, captions: BlobRef, found: LectureText, run: Run) -> LectureTranscribed:
        course_id = run.course_id
        text = await self.blobs.put(course_id, found.text.encode(), MARKDOWN)
        reached(KillPoint.effect_half_done, "lectures")
        source_id = content_id("s", captions.sha256, asked.path)
        entry = FileEntry(
            path=asked.path, size=text.size, git_blob="", kind="documentation", is_documentation=True,
            doc_format="markdown", blob=text,
        )  # fmt: skip
        listing = Listing(source_id=source_id, commit="", files=(entry,))
        return LectureTranscribed(
            course_id=course_id, run_id=run.run_id, lecture_id=asked.lecture_id, source_id=source_id, path=asked.path,
            captions=captions, text=text, times=await self.blobs.put_model(course_id, LineTimes(root=found.times)),
            seconds=found.seconds, files=await self.blobs.put_model(course_id, listing),
            folders=await self.blobs.put_model(course_id, FolderListing((FolderEntry(path="", documents=1),))),
            reader=READER, problems=list(found.problems),
        )  # fmt: skip


def _refused(asked: LectureAsked, run: Run, code: str, message: str) -> LectureRefused:
    about = {"course_id": run.course_id, "run_id": run.run_id, "lecture_id": asked.lecture_id}
    return LectureRefused(**about, error=code, message=message)
