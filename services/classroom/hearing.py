"""Recordings that learners hand in are heard, one at a time, and the words are kept beside the recording."""

import asyncio
from dataclasses import dataclass, field
from io import BytesIO

import structlog
from pydantic import TypeAdapter

from services.classroom.files import Files, KeptFile
from services.classroom.settings import ClassroomSettings
from shared.answers.model import Part, UnreadableAnswer
from shared.answers.reading import read_answer
from shared.hearing.installed import NoEars
from shared.kernel.logging import error_facts
from shared.workers.pool import WorkerPool

log = structlog.get_logger(__name__)

_KEPT = TypeAdapter(Part)
_LATER = "it is being heard: ask again in a minute"
_MOST_WAITING = 20


@dataclass(frozen=True)
class Hearing:
    """What is heard in this process. `heard_now`: the work for each file."""

    settings: ClassroomSettings
    workers: WorkerPool
    heard_now: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def part(self, files: Files, file: KeptFile) -> Part:
        """The words of a recording; without them while it is heard, and where nothing can hear it."""
        kept = await files.kept_words(file)
        if kept is not None:
            return _KEPT.validate_json(kept)
        size = await files.look(file)
        try:
            self.settings.ears()
        except NoEars as error:
            return Part("recording", size, None, error.message)
        if file.file_id not in self.heard_now and len(self.heard_now) < _MOST_WAITING:
            work = asyncio.create_task(self._hear(files, file, size))
            self.heard_now[file.file_id] = work
            work.add_done_callback(lambda _: self.heard_now.pop(file.file_id, None))
        return Part("recording", size, None, _LATER)

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
                return
            await files.keep_words(file, BytesIO(_KEPT.dump_json(part)))

    async def close(self) -> None:
        """Leave what is not heard yet."""
        works = list(self.heard_now.values())
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)
