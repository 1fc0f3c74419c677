"""Files that learners hand in are read, a few at a time. Recordings are heard one at a time, and the words are kept
beside the recording.
"""

import asyncio
from dataclasses import dataclass, field
from io import BytesIO

import structlog
from pydantic import TypeAdapter

from services.classroom.files import Files, KeptFile
from services.classroom.settings import ClassroomSettings
from shared.answers.model import Part, ReadAnswer, UnreadableAnswer
from shared.answers.reading import read_answer
from shared.hearing.installed import NoEars
from shared.kernel.logging import error_facts
from shared.kernel.refusals import Refusal, Refused
from shared.workers.pool import WorkerPool

log = structlog.get_logger(__name__)

_KEPT = TypeAdapter(Part)
_LATER = "it is being heard: ask again in a minute"
_FULL = "others are heard first: ask again in some minutes"
_FAILED = "it could not be heard, which may be no fault of the recording. It is heard again: ask again in a minute"
_MOST_WAITING = 20
_MOST_OF_A_PERSON = 3
_MOST_FAILED = 1000
_ARCHIVES_AT_ONCE = 2
ARCHIVE_WAIT_SECONDS = 0.5
_AGAIN_SECONDS = 5


@dataclass(frozen=True)
class Hearing:
    """What is read and heard in this process. `heard_now`: the work for each file; `failed`: what was not heard last
    time.
    """

    settings: ClassroomSettings
    workers: WorkerPool
    heard_now: dict[KeptFile, asyncio.Task[None]] = field(default_factory=dict)
    failed: set[KeptFile] = field(default_factory=set)
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    archive_turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_ARCHIVES_AT_ONCE))

    async def read(self, files: Files, file: KeptFile) -> ReadAnswer:
        """What a file holds; a recording has no words before it was heard. Raises Refused where too many archives are
        read, and what read_answer raises.
        """
        if file.media_type.startswith("audio/"):
            return ReadAnswer((await self._part(files, file),))
        try:
            async with asyncio.timeout(ARCHIVE_WAIT_SECONDS):
                await self.archive_turn.acquire()
        except TimeoutError as error:
            detail = "Too many files are read now; try again soon"
            raise Refused(Refusal(503, "reading_full", detail, retry_after_seconds=_AGAIN_SECONDS)) from error
        try:
            return await read_answer(self.workers, await files.whole(file), file.media_type, self.settings.ears)
        finally:
            self.archive_turn.release()

    async def _part(self, files: Files, file: KeptFile) -> Part:
        """The words of a recording; without them while it is heard, and where nothing can hear it."""
        kept = await files.kept_words(file)
        if kept is not None:
            return _KEPT.validate_json(kept)
        size = await files.look(file)
        try:
            self.settings.ears()
        except NoEars as error:
            return Part("recording", size, None, error.message)
        if file not in self.heard_now:
            own = sum(one.person_id == file.person_id for one in self.heard_now)
            if len(self.heard_now) >= _MOST_WAITING or own >= _MOST_OF_A_PERSON:
                return Part("recording", size, None, _FULL)
            work = asyncio.create_task(self._hear(files, file, size))
            self.heard_now[file] = work
            work.add_done_callback(lambda _: self.heard_now.pop(file, None))
        return Part("recording", size, None, _FAILED if file in self.failed else _LATER)

    async def _hear(self, files: Files, file: KeptFile, size: int) -> None:
        async with self.turn:
            try:
                (part,) = (
                    await read_answer(self.workers, await files.whole(file), file.media_type, self.settings.ears)
                ).parts
            except UnreadableAnswer as error:
                part = Part("recording", size, None, error.message)
            except Exception as error:  # noqa: BLE001 - whoever asks next has it heard again
                log.warning("recording_not_heard", file_id=file.file_id, **error_facts(error))
                if len(self.failed) >= _MOST_FAILED:
                    self.failed.clear()
                self.failed.add(file)
                return
            self.failed.discard(file)
            await files.keep_words(file, BytesIO(_KEPT.dump_json(part)))

    async def close(self) -> None:
        """Leave what is not heard yet."""
        works = list(self.heard_now.values())
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
